"""A token server of this machine, as registries name one in `WWW-Authenticate`."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD, IDENTITY_TOKEN = "ann", "p:ä", "an-identity-token"


@dataclass
class TokenServer:
    """What it does, and what it was asked."""

    knows_post: bool = True
    answer: bytes | None = None
    """Given in place of a token."""
    status: int = 200
    """Given with `answer`."""
    location: str = ""
    """Where a POST is redirected to."""
    url: str = ""
    asked: list[tuple[str, dict[str, list[str]], str]] = field(default_factory=list)
    """Method, query or form, and the kind of login: `basic`, `password`, `refresh_token`, or nothing."""


@contextmanager
def token_server(server: TokenServer) -> Iterator[TokenServer]:
    """Serve until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            header = self.headers.get("Authorization", "")
            is_right = not header or base64.b64decode(header.removeprefix("Basic ")).decode() == f"{USER}:{PASSWORD}"
            self._answer("GET", parse_qs(urlsplit(self.path).query), "basic" if header else "", is_right)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            [kind] = form["grant_type"]
            given = form.get("username", [""]) + form.get("password", []) + form.get("refresh_token", [])
            is_right = given in ([USER, PASSWORD], ["", IDENTITY_TOKEN])
            self._answer("POST", form, kind, is_right)

        def _answer(self, method: str, form: dict[str, list[str]], kind: str, is_right: bool) -> None:
            server.asked.append((method, form, kind))
            status, body = 200, json.dumps({"token": f"for {kind or 'anybody'}", "expires_in": 300}).encode()
            if method == "POST" and server.location:
                status, body = 307, b""
            elif server.answer is not None:
                status, body = server.status, server.answer
            elif method == "POST" and not server.knows_post:
                status, body = 405, b""
            elif not is_right:
                status, body = 401, json.dumps({"details": "incorrect username or password"}).encode()
            self.send_response(status)
            if status == 307:
                self.send_header("Location", server.location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}/token"
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
