"""A round of questions to a running container, always the same, so that the answers of two can be compared."""

from __future__ import annotations

import contextlib
import http.client
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.session.websocket_probe import WebSocketResult, probe_websocket

if TYPE_CHECKING:
    from tui.engine.containers import Address

PATHS = ("/", "/healthz")
ANSWER_SECONDS = 10.0
BODY_BYTES = 1 << 20
BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came of one GET."""

    path: str
    status: int | None
    """None where there was no answer."""
    body: str
    """Its first MiB."""
    seconds: float
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was answered, and well."""
        return self.status is not None and self.status < BAD_REQUEST


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """All answers of one round."""

    http: tuple[HttpAnswer, ...]
    websocket: WebSocketResult | None
    """None where none is expected of the program, and it offers none."""

    @property
    def ok(self) -> bool:
        """Whether every answer is as it should be."""
        return all(answer.ok for answer in self.http) and (self.websocket is None or self.websocket.ok)

    @property
    def behaviour(self) -> tuple[object, ...]:
        """What two programs that do the same job have in common: all but the times."""
        pages = tuple((answer.path, answer.status, answer.body) for answer in self.http)
        return (pages, self.websocket.behaviour if self.websocket else None)


def probe(address: Address, *, of_the_course: bool = True) -> ProbeResult:
    """Ask everything. A program of the learner's own need have neither a `/healthz` nor a WebSocket."""
    answers = [get(address, path) for path in PATHS]
    socket: WebSocketResult | None = probe_websocket(address.websocket_url)
    if not of_the_course:
        answers = [answer for answer in answers if answer.path == "/" or answer.ok]
        socket = socket if socket and socket.opened else None
    return ProbeResult(tuple(answers), socket)


def get(address: Address, path: str) -> HttpAnswer:
    """Ask for one page. Whatever goes wrong is in the answer."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(address.host, address.port, timeout=ANSWER_SECONDS)
    with contextlib.closing(connection):
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read(BODY_BYTES).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            return HttpAnswer(path, None, "", time.monotonic() - began, str(error) or type(error).__name__)
    return HttpAnswer(path, response.status, body, time.monotonic() - began)
