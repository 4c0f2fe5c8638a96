"""The one place where errors of requests, urllib3, docker and the system become our own."""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.engine.errors import EngineError, EngineLost, ImageInUse, ImageNotFound
from tui.engine.model import Problem

if TYPE_CHECKING:
    from docker.errors import APIError

LOST_ADVICE = "Check that it still runs (docker info), then press r to look for it again."

BY_ERRNO = {
    errno.ENOENT: Problem.NOT_THERE,
    errno.ENOTDIR: Problem.NOT_THERE,
    errno.EHOSTUNREACH: Problem.NOT_THERE,
    errno.ENETUNREACH: Problem.NOT_THERE,
    errno.ECONNREFUSED: Problem.NOBODY_LISTENS,
    errno.ENOTSOCK: Problem.NOBODY_LISTENS,
    errno.EACCES: Problem.NOT_ALLOWED,
    errno.EPERM: Problem.NOT_ALLOWED,
    errno.ETIMEDOUT: Problem.NO_ANSWER,
}


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it wraps, by cause, context or argument, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
        waiting.extend(part for part in inner if isinstance(part, BaseException))


def diagnose(error: BaseException) -> tuple[Problem, str]:
    """Why a connection came to nothing, and the system's own words for it."""
    import requests

    chain = list(causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return Problem.TLS, str(cause)
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return Problem.NOT_THERE, cause.strerror or str(cause)
        if isinstance(cause, TimeoutError | requests.Timeout):
            return Problem.NO_ANSWER, str(cause)
        if isinstance(cause, OSError) and cause.errno in BY_ERRNO:
            return BY_ERRNO[cause.errno], cause.strerror or str(cause)
    for cause in chain:
        if isinstance(cause, http.client.HTTPException | ConnectionResetError):
            return Problem.NOT_DOCKER, str(cause)
    return Problem.NOT_DOCKER, str(error)


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Let only our own errors out. `doing` ends the sentence `The engine stopped answering while …`."""
    import requests
    import urllib3
    from docker.errors import APIError, DockerException

    try:
        yield
    except EngineError:
        raise
    except APIError as error:
        raise refused(error, doing) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
        raise EngineLost(f"The engine stopped answering while {doing}: {diagnose(error)[1]}.", LOST_ADVICE) from error
    except (DockerException, OSError) as error:
        raise EngineLost(
            f"The engine could not be reached while {doing}: {diagnose(error)[1]}.", LOST_ADVICE
        ) from error


_missing_image = re.compile(r"no such image: (\S+)", re.IGNORECASE).findall
"""Engines name it once or twice; the last time as they looked for it, with its tag."""


def refused(error: APIError, doing: str) -> EngineError:
    """The error for an answer that says no; its words are the engine's."""
    words = str(error.explanation or error).strip().rstrip(".")
    status = error.status_code
    if status == 404:
        named = _missing_image(words)
        return ImageNotFound(
            f"There is no image {named[-1]} on this engine." if named else f"There is no such image: {words}.",
            "Build it first, or check its name with docker images.",
        )
    if status == 409:
        return ImageInUse(f"It is still in use: {words}.", "Remove the container that uses it, then try again.")
    return EngineError(f"The engine refused while {doing}: {words}.", "Its own log tells more.")
