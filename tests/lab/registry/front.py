"""What engines talk to: TLS and tokens before Debian's docker-registry, and the faults that tests ask for by name.

Which fault, is told by the first part of a repository's name:

- `private/`    wants a login (tests/lab/registry/tokens.py)
- `limited/`    answers 429 with the words and headers of Docker Hub's rate limit
- `cut/`        ends every blob's connection in its middle, and gives nothing of its second half ever
- `slow/`       sends SLOW_RATE bytes a second and connection
- `elsewhere/`  has images for another platform only, and `both/` for two: nothing is done here, they are stored so

Ports with faults of their own stand in tests/lab/places.py. Each request is written to a log, one JSON object a line.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.lab.places import STORE_PORT
from tests.lab.registry.tokens import Answer, TokenServer

LIMITED, CUT, SLOW = "limited/", "cut/", "slow/"
RETRY_AFTER_SECONDS = 1800
SLOW_RATE = 500_000
CHUNK = 1 << 18
PASSED_ON = ("Accept", "Authorization", "Range", "User-Agent", "If-None-Match")
PASSED_BACK = (
    *("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges", "Docker-Content-Digest", "Etag"),
    *("Docker-Distribution-Api-Version", "Www-Authenticate", "Location"),
)
_TOO_MANY = {
    "code": "TOOMANYREQUESTS",
    "message": "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
}
_LIMIT_HEADERS = {
    "Retry-After": str(RETRY_AFTER_SECONDS),
    "RateLimit-Limit": "100;w=21600",
    "RateLimit-Remaining": "0;w=21600",
    "Docker-RateLimit-Source": "192.0.2.1",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request that reached the registry or its token server."""

    method: str
    path: str
    """With the query, as it was sent."""
    authorization: str
    """`none`, `basic`, `bearer`; of a POST for a token `password` or `refresh_token`. Never the secret itself."""
    user_agent: str
    host: str


class Front(ThreadingHTTPServer):
    """One listening port of the registry."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], certificate: Path, tokens: TokenServer, log: Path) -> None:
        self.tokens = tokens
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)
        self._log = log
        self._log_lock = threading.Lock()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection; hands are shaken later, in its own thread, so that a slow client keeps nobody waiting."""
        plain, client = super().get_request()
        return self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), client

    def note(self, request: Request) -> None:
        """Write it to the log."""
        with self._log_lock, self._log.open("a") as log:
            log.write(json.dumps(asdict(request)) + "\n")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def do_GET(self) -> None:
        scheme = (self.headers.get("Authorization") or "none").split()[0].lower()
        self._note(scheme)
        where = urlsplit(self.path)
        if where.path == "/token":
            self._say(self.server.tokens.get(parse_qs(where.query), self.headers.get("Authorization")))
        elif repository_of(where.path).startswith(LIMITED):
            self._say(Answer(HTTPStatus.TOO_MANY_REQUESTS, {"errors": [_TOO_MANY]}), _LIMIT_HEADERS)
        else:
            self._pass_on()

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
        self._note(form.get("grant_type", ["none"])[0])
        if urlsplit(self.path).path == "/token":
            self._say(self.server.tokens.post(form))
        else:
            self._say(Answer(HTTPStatus.METHOD_NOT_ALLOWED, {"errors": []}))

    def log_message(self, format: str, *args: object) -> None:
        """Our own log says it."""

    def _note(self, authorization: str) -> None:
        agent, host = self.headers.get("User-Agent") or "", self.headers.get("Host") or ""
        self.server.note(Request(self.command, self.path, authorization, agent, host))

    def _say(self, answer: Answer, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _pass_on(self) -> None:
        """Ask docker-registry, and send its answer as fast, and as far, as the repository's name says."""
        repository = repository_of(self.path)
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", STORE_PORT)) as store:
            # Engines send a line for each type that they accept.
            asked = {name: ", ".join(self.headers.get_all(name) or ()) for name in PASSED_ON if name in self.headers}
            store.request(self.command, self.path, headers={**asked, "Host": self.headers["Host"]})
            answer = store.getresponse()
            self.send_response(answer.status)
            for name in PASSED_BACK:
                for value in answer.headers.get_all(name) or ():
                    self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            is_blob = "/blobs/" in self.path and answer.status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)
            left = _allowed(answer) if is_blob and repository.startswith(CUT) else None
            for chunk in _chunks(answer, SLOW_RATE if is_blob and repository.startswith(SLOW) else None):
                self.wfile.write(chunk if left is None else chunk[:left])
                left = None if left is None else max(0, left - len(chunk))
            if left is not None:
                self.close_connection = True


def repository_of(path: str) -> str:
    """The repository of `/v2/NAME/manifests/…` or `/v2/NAME/blobs/…`, or nothing."""
    parts = urlsplit(path).path.removeprefix("/v2/").split("/")
    ends = [number for number, part in enumerate(parts) if part in ("manifests", "blobs", "tags")]
    return "/".join(parts[: ends[-1]]) if ends else ""


def _allowed(answer: http.client.HTTPResponse) -> int:
    """How many of an answer's bytes lie in the first half of its blob."""
    length = int(answer.headers["Content-Length"])
    if (span := answer.headers.get("Content-Range")) is None:
        return length // 2
    begin = int(span.removeprefix("bytes ").split("-")[0])
    return max(0, int(span.rpartition("/")[2]) // 2 - begin)


def _chunks(answer: http.client.HTTPResponse, rate: int | None) -> Iterator[bytes]:
    """The body, at `rate` bytes a second where one is given."""
    began, sent = time.monotonic(), 0
    while chunk := answer.read(CHUNK if rate is None else rate // 20):
        yield chunk
        sent += len(chunk)
        if rate is not None:
            threading.Event().wait(max(0.0, began + sent / rate - time.monotonic()))
