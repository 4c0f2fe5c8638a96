"""An engine of a few fixed answers over HTTP, for what a real one does only now and then."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION = {"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"}
COMMON: Mapping[str, tuple[int, Any]] = {
    "GET /_ping": (200, "OK"),
    "GET /version": (200, VERSION),
    "GET /info": (200, {"ServerVersion": "28.5.2", "Driver": "overlay2"}),
}


@contextmanager
def http_engine(answers: Mapping[str, tuple[int, Any]]) -> Iterator[str]:
    """Its URL. Answers are by method and path, without the version: `GET /system/df`; all others are 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = re.sub(r"^/v[\d.]+", "", self.path.partition("?")[0])
            status, body = {**COMMON, **answers}.get(f"{self.command} {path}", (404, {"message": "page not found"}))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_DELETE = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
