"""Small servers of this machine that stand in for the program in a container."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tui.engine.containers import Address


@contextmanager
def pages(answers: Mapping[str, tuple[int, str]], port: int = 0) -> Iterator[Address]:
    """Answers each path as told, and all others with 404; port 0 is any that is free."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, "not here"))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Address("127.0.0.1", server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def socket_server(spoils: str = "") -> Iterator[tuple[str, Server]]:
    """A WebSocket that echoes; messages that hold `spoils` come back in capitals. Its URL, and the server."""

    def echo(chat: ServerConnection) -> None:
        try:
            for message in chat:
                spoilt = bool(spoils) and isinstance(message, str) and spoils in message
                chat.send(message.upper() if spoilt else message)
        except ConnectionClosed:
            return

    with serve(echo, "127.0.0.1", 0, max_size=4 << 20) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws", server
        server.shutdown()
        thread.join()
