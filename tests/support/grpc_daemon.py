"""The other side of a BuildKit session: an HTTP/2 client that calls gRPC methods, as the daemon does."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

import h2.config
import h2.connection
import h2.events
import h2.settings

from tui.engine.buildkit.session.call import Handlers
from tui.engine.buildkit.session.grpc_server import GrpcServer

GUARD_SECONDS = 20.0
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to."""

    messages: tuple[bytes, ...]
    status: int
    words: str


class Daemon:
    """Calls methods, one after the other or several at a time. One thread may use it."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(GUARD_SECONDS)
        self._sock = sock
        self._http2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding=None))
        self._http2.initiate_connection()
        self._bodies: dict[int, bytearray] = {}
        self._trailers: dict[int, dict[str, str]] = {}
        self._held: set[int] = set()
        self.has_ended = False
        """Whether the other side has closed the connection."""
        self._flush()

    def call(self, method: str, message: bytes = b"", headers: Headers = ()) -> Answer:
        """A call with one message, and its answer."""
        number = self.begin(method, headers)
        self.send(number, message, is_last=True)
        return self.answer(number)

    def begin(self, method: str, headers: Headers = ()) -> int:
        """Begin a call; its number."""
        number = self._http2.get_next_available_stream_id()
        head = [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", method),
            (":authority", "localhost"),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
        ]
        self._bodies[number] = bytearray()
        self._http2.send_headers(number, [*head, *headers])
        self._flush()
        return number

    def send(self, number: int, message: bytes, *, is_last: bool = False, is_compressed: bool = False) -> None:
        """Send a message of a call, in frames of three bytes first, so that none is whole."""
        data = struct.pack(">?I", is_compressed, len(message)) + message
        self._http2.send_data(number, data[:3])
        self._flush()
        self._http2.send_data(number, data[3:], end_stream=is_last)
        self._flush()

    def announce(self, number: int, size: int) -> None:
        """Begin a message of so many bytes, and send none of them."""
        self._http2.send_data(number, struct.pack(">?I", False, size))
        self._flush()

    def hold(self, number: int) -> None:
        """Let no more of an answer come than its window has room for."""
        self._held.add(number)

    def withdraw(self, number: int) -> None:
        """Give a call up."""
        self._http2.reset_stream(number)
        self._flush()

    def answer(self, number: int) -> Answer:
        """Wait for a call's end."""
        while number not in self._trailers:
            assert not self.has_ended, "the session ended without an answer"
            self._receive()
        trailers = self._trailers[number]
        return Answer(
            tuple(_messages(self._bodies[number])),
            int(trailers["grpc-status"]),
            unquote(trailers.get("grpc-message", "")),
        )

    def read_until_end(self) -> None:
        """Wait until the other side closes the connection."""
        while not self.has_ended:
            self._receive()

    def _receive(self) -> None:
        try:
            data = self._sock.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            self.has_ended = True
            return
        for event in self._http2.receive_data(data):
            match event:
                case h2.events.ResponseReceived(stream_id=number, headers=headers):
                    self._note(number, headers or [])
                case h2.events.TrailersReceived(stream_id=number, headers=headers):
                    self._note(number, headers or [])
                case h2.events.DataReceived(stream_id=number, data=data):
                    self._bodies[number] += data
                    self._acknowledge(number, event.flow_controlled_length)
        self._flush()

    def _acknowledge(self, number: int, size: int) -> None:
        """Make room for more; of a stream that is held, on the connection alone."""
        if number in self._held:
            self._http2.increment_flow_control_window(size)
        else:
            self._http2.acknowledge_received_data(size, number)

    def _note(self, number: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        by_name = {name.decode(): value.decode() for name, value in headers}
        if "grpc-status" in by_name:
            self._trailers[number] = by_name

    def _flush(self) -> None:
        try:
            self._sock.sendall(self._http2.data_to_send())
        except (BrokenPipeError, ConnectionResetError):
            self.has_ended = True


def _messages(body: bytearray) -> Iterator[bytes]:
    while body:
        _, size = struct.unpack_from(">?I", body)
        yield bytes(body[5 : 5 + size])
        del body[: 5 + size]


@contextmanager
def serving(handlers: Handlers, sock: socket.socket, early: bytes = b"") -> Iterator[GrpcServer]:
    """A server of ours on a connection, for as long as the context lasts."""
    server = GrpcServer(sock, early, handlers)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.cut()
        thread.join(GUARD_SECONDS)
        sock.close()
        assert not thread.is_alive()


@contextmanager
def daemon_of(handlers: Handlers) -> Iterator[Daemon]:
    """A daemon whose client's session answers by these handlers."""
    ours, theirs = socket.socketpair()
    with serving(handlers, ours), theirs:
        yield Daemon(theirs)
