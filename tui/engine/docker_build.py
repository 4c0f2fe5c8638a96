"""One build on a Docker engine, by either builder, as a stream of events that can be cut at any moment.

A thread of its own packs, sends and listens, and puts events into a queue; whoever reads `events()` gets them from
there, so that the reader learns of an upload's progress while the request is still being written.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from docker.errors import APIError, DockerException

from tui.engine.boundary import causes, diagnose
from tui.engine.buildkit.session.call import Handlers
from tui.engine.buildkit.session.hijack import SessionRefused
from tui.engine.buildkit.trace import TraceReader, trace_of
from tui.engine.classic import StreamReader
from tui.engine.context.errors import ContextUnreadable, PackingStopped
from tui.engine.context_delivery import Delivery, deliver
from tui.engine.dockerfile import Dockerfile, parse
from tui.engine.errors import EngineError
from tui.engine.events import (
    BuildCancelled,
    BuildEnd,
    BuildEvent,
    BuildFailed,
    BuildStarted,
    BuildSucceeded,
    ContextPacked,
    ContextSent,
    FailureKind,
    StageImage,
    StepOutput,
)
from tui.engine.failure import ADVICE, exit_code_in
from tui.engine.failure.diagnosis import diagnose_context, diagnose_failure
from tui.engine.failure.model import Diagnosis, FailedBuild
from tui.engine.failure.second_look import looked_up
from tui.engine.model import Image
from tui.engine.registry.logins import Logins
from tui.engine.registry.offer import Offer
from tui.engine.registry.patience import within
from tui.engine.request import Builder, BuildRequest
from tui.engine.transport import Wire

if TYPE_CHECKING:
    import requests
    from docker import APIClient

log = logging.getLogger(__name__)

HELPER_SECONDS = 5.0
NO_SESSION_ADVICE = "Check what stands between this machine and the engine, or build with --builder classic."
LOST = "The engine stopped answering in the middle of the build"
UNFORESEEN = "Jettison itself failed in the middle of the build."
OURS = Diagnosis(FailureKind.OTHER, "", "This is a bug in Jettison: please report it, with the log of this session.")
OUTPUT_END_CHARACTERS = 2000
VERSION_PARAMETER = {Builder.CLASSIC: "1", Builder.BUILDKIT: "2"}


class Connection(Protocol):
    """What a build needs of its engine."""

    def wired(self, wire: Wire) -> APIClient:
        """An HTTP client whose sockets are handed to `wire`."""
        ...

    def session(self, wire: Wire, handlers: Sequence[Handlers], shared_key: str) -> AbstractContextManager[str]:
        """As `buildkit.session.open_session`."""
        ...

    def inspect(self, reference: str) -> Image:
        """As `Engine.inspect`."""
        ...

    def look_up(self, name: str, platform: str = "") -> Offer:
        """As `Engine.look_up`."""
        ...


class _StreamEnded(Exception):
    """The stream came to its end, or to an error that the engine reports in it."""

    def __init__(self, message: str | None = None, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code


class DockerBuild:
    """The build of one request; fulfils `tui.engine.api.Build`."""

    def __init__(
        self,
        connection: Connection,
        request: BuildRequest,
        builder: Builder,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`environ` has the values of secrets that are variables, and names the user's ssh agent."""
        self._environ = environ
        self._connection = connection
        self._request = request
        self._builder = builder
        self._wire = Wire()
        self._queue: SimpleQueue[BuildEvent] = SimpleQueue()
        self._began = 0.0
        self._dockerfile = Dockerfile("", (), ())
        self._trace = TraceReader(self._dockerfile, self._now)
        self._classic = StreamReader(self._dockerfile, None, self._now)
        self._image_id: str | None = None
        self._output_ends: dict[str, str] = {}

    def cancel(self) -> None:
        """Cut the build's socket; its events end with BuildCancelled within moments."""
        self._wire.cut()

    def events(self) -> Iterator[BuildEvent]:
        """Carry the build out. Ends with exactly one BuildEnd."""
        self._began = time.monotonic()
        threading.Thread(target=self._run, name=f"build {self._request.tag}", daemon=True).start()
        while True:
            event = self._queue.get()
            yield event
            if isinstance(event, BuildEnd):
                return

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _run(self) -> None:
        self._queue.put(BuildStarted(self._now(), self._builder))
        end: BuildEnd | None = None
        try:
            end = self._ended_by(self._carry_out())
        except PackingStopped:
            end = BuildCancelled(self._now())
        except ContextUnreadable as error:
            end = self._failed(str(error), diagnose_context(str(error)))
        except EngineError as error:
            end = BuildFailed(self._now(), FailureKind.ENGINE_LOST, error.what, error.advice)
        finally:
            # An unforeseen error goes on to the thread's hook; whoever reads the events must not wait for ever.
            self._queue.put(end or self._failed(UNFORESEEN, OURS))

    def _carry_out(self) -> _StreamEnded:
        """Pack, send and listen until the stream ends, in whatever way."""
        import requests
        import urllib3

        delivering = deliver(self._connection, self._request, self._builder, self._wire, self, self._environ)
        try:
            with delivering as delivery:
                self._read_dockerfile()
                return self._listen(delivery)
        except SessionRefused as error:
            # A cancel that comes while the session begins cuts it.
            if self._wire.is_cut:
                return _StreamEnded()
            raise EngineError(f"The engine takes no build session: {error}.", NO_SESSION_ADVICE) from error
        except APIError as error:
            return _StreamEnded(str(error.explanation or error))
        except (requests.RequestException, urllib3.exceptions.HTTPError, DockerException, OSError) as error:
            for cause in causes(error):
                if isinstance(cause, ContextUnreadable):
                    raise cause from error
            return _StreamEnded() if self._wire.is_cut else self._lost(diagnose(error)[1])
        except ValueError as error:
            # A cut leaves half a line of the stream.
            return _StreamEnded() if self._wire.is_cut else self._lost(str(error))

    def _lost(self, detail: str) -> _StreamEnded:
        raise EngineError(f"{LOST}: {detail}.", ADVICE[FailureKind.ENGINE_LOST])

    def _read_dockerfile(self) -> None:
        file = self._request.context / self._request.dockerfile
        try:
            text = Path(file).read_text("utf-8", "replace")
        except OSError as error:
            raise ContextUnreadable(f"{file} cannot be read: {error.strerror}.") from error
        self._dockerfile = parse(text, dict(self._request.build_args))
        self._trace = TraceReader(self._dockerfile, self._now)
        self._classic = StreamReader(self._dockerfile, self._request.target, self._now)

    def _listen(self, delivery: Delivery) -> _StreamEnded:
        client = self._connection.wired(self._wire)
        try:
            with self._post(client, delivery) as response:
                if self._builder is Builder.CLASSIC:
                    self._put_all(self._classic.plan())
                for message in _messages(response):
                    if (ended := self._take(message)) is not None:
                        return ended
        finally:
            client.close()
        self._put_all(self._trace.finish())
        return _StreamEnded()

    def packed(self, files: int, total_bytes: int) -> None:
        """As `Progress.packed`."""
        self._queue.put(ContextPacked(self._now(), files, total_bytes))

    def sent(self, sent_bytes: int, total_bytes: int) -> None:
        """As `Progress.sent`; on threads of the session too."""
        self._queue.put(ContextSent(self._now(), sent_bytes, total_bytes))

    def _post(self, client: APIClient, delivery: Delivery) -> requests.Response:
        response = client.post(
            f"{client.base_url}/v{client.api_version}/build",
            params={**self._parameters(), **delivery.parameters},
            data=delivery.body,
            headers=dict(delivery.headers),
            stream=True,
            timeout=None,
        )
        if not response.ok:
            raise APIError(response.reason, response=response, explanation=_explanation(response))
        return response

    def _parameters(self) -> dict[str, str]:
        request = self._request
        parameters = {
            "t": request.tag,
            "version": VERSION_PARAMETER[self._builder],
            # A failed step's container is of no use to anybody.
            "rm": "1",
            "forcerm": "1",
            "labels": json.dumps(dict(request.labels)),
            "buildargs": json.dumps(dict(request.build_args)),
        }
        if request.no_cache:
            parameters["nocache"] = "1"
        if request.target:
            parameters["target"] = request.target
        if request.platform:
            parameters["platform"] = request.platform
        if request.pull:
            parameters["pull"] = "1"
        return parameters

    def _take(self, message: dict[str, Any]) -> _StreamEnded | None:
        """Put one message's events into the queue; the end where the message is an error."""
        if "errorDetail" in message or "error" in message:
            detail = message.get("errorDetail") or {}
            words = str(detail.get("message") or message.get("error") or "")
            code = detail.get("code") or exit_code_in(words)
            self._put_all(self._trace.finish())
            self._put_all(self._classic.fail(words))
            return _StreamEnded(words, code)
        if (trace := trace_of(message)) is not None:
            self._put_all(self._trace.read(trace))
        elif message.get("id") == "moby.image.id":
            self._image_id = str(message["aux"]["ID"])
        elif self._builder is Builder.CLASSIC:
            self._put_all(self._classic.read(message))
            self._image_id = self._classic.final_image
        return None

    def _put_all(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, StepOutput):
                kept = self._output_ends.get(event.step, "") + event.text
                self._output_ends[event.step] = kept[-OUTPUT_END_CHARACTERS:]
            self._queue.put(event)

    def _ended_by(self, ended: _StreamEnded) -> BuildEnd:
        """How the build ended; only a stream that ran out by itself and named an image ended well."""
        if ended.message is not None or self._wire.is_cut:
            self._keep_unfinished()
        if self._wire.is_cut:
            # Its session is cut a moment before: what the engine says of that is no failure.
            return BuildCancelled(self._now())
        if ended.message is not None:
            return self._failed(ended.message, self._diagnosed(ended.message, ended.exit_code), ended.exit_code)
        if self._image_id is None:
            self._lost("its answer broke off")
        assert self._image_id is not None
        return BuildSucceeded(self._now(), self._connection.inspect(self._image_id))

    def _keep_unfinished(self) -> None:
        """Tell of the image that a classic build leaves behind when it does not reach its end."""
        left = self._classic.unfinished_image
        if left is None or self._builder is not Builder.CLASSIC:
            return
        try:
            found = self._connection.inspect(left).image_id
        except EngineError as error:
            # How the build ended counts for more than what it left.
            log.warning("What %s left is not known: %s", self._request.tag, error)
            return
        self._queue.put(StageImage(self._now(), found, ""))

    def _diagnosed(self, message: str, exit_code: int | None) -> Diagnosis:
        reader = self._classic if self._builder is Builder.CLASSIC else self._trace
        step = reader.failed_step or ""
        diagnosis = diagnose_failure(
            FailedBuild(
                message.strip(),
                self._builder,
                self._dockerfile,
                reader.titles.get(step, ""),
                exit_code,
                self._output_ends.get(step, ""),
                self._request.context,
                self._request.dockerfile,
                self._request.platform or "",
                self._user_at,
            )
        )
        return looked_up(diagnosis, self._request.platform or "", self._connection.look_up, lambda: self._wire.is_cut)

    def _user_at(self, host: str) -> str | None:
        """Who is logged in at a registry; nobody where a credential helper does not answer in time."""
        logins = Logins(self._environ)
        login = within(HELPER_SECONDS, lambda: logins.for_host(host), lambda: self._wire.is_cut)
        return login.user if login is not None else None

    def _failed(self, message: str, diagnosis: Diagnosis, exit_code: int | None = None) -> BuildFailed:
        step = (self._classic if self._builder is Builder.CLASSIC else self._trace).failed_step
        return BuildFailed(
            self._now(),
            diagnosis.kind,
            message.strip(),
            diagnosis.advice,
            step,
            exit_code,
            diagnosis.what,
            diagnosis.cause,
            diagnosis.line,
        )


def _messages(response: requests.Response) -> Iterator[dict[str, Any]]:
    """The JSON objects of the stream, one a line. Raises ValueError where a line is none."""
    rest = b""
    for piece in response.raw.stream(65536):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.strip():
                yield json.loads(line)
    if rest.strip():
        yield json.loads(rest)


def _explanation(response: requests.Response) -> str:
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return response.text.strip()
