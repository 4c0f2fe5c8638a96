"""Whether a container's program answers: asked over HTTP, since an engine accepts TCP connections before it does."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.engine.containers import Address

PATHS = ("/healthz", "/")
PATIENCE_SECONDS = 30.0
ANSWER_SECONDS = 2.0
FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.25
NOT_FOUND = 404
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Readiness:
    """What came of waiting."""

    path: str | None
    """What was answered; None where nothing was."""
    reason: str
    """What came of the last try."""


def wait_until_ready(
    address: Address, ended: threading.Event, patience_seconds: float = PATIENCE_SECONDS
) -> Readiness | None:
    """Ask until something answers or the patience is over; None where the container ended in between.

    A program that has no `/healthz` is ready when its home page answers. Errors of the server (5xx) are no readiness.
    """
    deadline = time.monotonic() + patience_seconds
    pause = FIRST_PAUSE_SECONDS
    reason = ""
    while not ended.is_set():
        for path in PATHS:
            status, reason = _status(address, path)
            if status is not None and status < SERVER_ERROR and status != NOT_FOUND:
                return Readiness(path, reason)
            if status is None:
                break
        if time.monotonic() > deadline:
            return Readiness(None, reason)
        ended.wait(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
    return None


def _status(address: Address, path: str) -> tuple[int | None, str]:
    """The status of one answer, and what happened in words."""
    connection = http.client.HTTPConnection(address.host, address.port, timeout=ANSWER_SECONDS)
    with contextlib.closing(connection):
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
        except TimeoutError:
            return None, f"GET {path} got no answer within {ANSWER_SECONDS:.0f} s"
        except (OSError, http.client.HTTPException) as error:
            return None, f"GET {path}: {error or type(error).__name__}"
    return status, f"GET {path} was answered with {status}"
