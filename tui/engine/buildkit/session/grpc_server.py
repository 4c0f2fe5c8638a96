"""A gRPC server on one connection that exists already, whose other side is the client: a BuildKit daemon.

One thread alone touches the socket and the HTTP/2 state, as a TLS socket is not safe between two; each call is
answered on a thread of its own, as reading files or asking a registry takes its time and health checks must not wait.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import ssl
import threading
from urllib.parse import quote

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from tui.engine.buildkit.session.call import CallGone, CallRefused, Handlers, Status
from tui.engine.buildkit.session.grpc_call import GrpcCall

log = logging.getLogger(__name__)

HEADER_LIST_BYTES = 1 << 24
"""Each pattern of a .dockerignore travels as a header; beyond the limit that we announce the daemon gives up."""
MOST_CALLS = 100
"""At the same time; each has a thread."""
READ_BYTES = 1 << 16
WRITE_BYTES = 1 << 18
NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
ANSWER_HEAD = [(":status", "200"), ("content-type", "application/grpc")]
MESSAGE_SAFE = " !$&'()*+,/:;=?@"
"""Characters of a status message that need no percent-encoding."""


class GrpcServer:
    """Serves until the connection ends or is cut. `early` is what was read from it already."""

    def __init__(self, sock: socket.socket, early: bytes, handlers: Handlers) -> None:
        self._sock = sock
        self._handlers = {method.lower(): handler for method, handler in handlers.items()}
        self._calls: dict[int, GrpcCall] = {}
        self._out = bytearray()
        self._waker, self._woken = socket.socketpair()
        self._is_awake = False
        self._http2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding=None, validate_inbound_headers=False)
        )
        self._http2.local_settings = h2.settings.Settings(
            client=False,
            initial_values={
                h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: HEADER_LIST_BYTES,
                h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: MOST_CALLS,
            },
        )
        self._http2.decoder.max_header_list_size = HEADER_LIST_BYTES
        self._http2.initiate_connection()
        self._early = early

    def serve(self) -> None:
        """Answer calls until the connection ends, on the thread that calls this."""
        self._sock.setblocking(False)
        self._waker.setblocking(False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            try:
                self._take_in(self._early)
                # Reading comes first: TLS may hold bytes that are decrypted already, of which no selector knows.
                while self._read():
                    # What is written makes room for more, and no event would tell of that.
                    while self._write() and self._fill():
                        pass
                    interest = selectors.EVENT_WRITE if self._out else 0
                    selector.modify(self._sock, selectors.EVENT_READ | interest)
                    for key, _ in selector.select():
                        if key.fileobj is self._woken:
                            self._woken.recv(READ_BYTES)
                            self._is_awake = False
            except (OSError, h2.exceptions.ProtocolError) as error:
                log.info("The session ended: %r", error)
            finally:
                self.cut()
                for call in self._calls.values():
                    call.withdraw()
                self._waker.close()
                self._woken.close()

    def cut(self) -> None:
        """End the connection and with it all calls. Any thread, any number of times."""
        # Not by the method of a TLS socket: that one forgets its TLS first, and what our thread sends next would leave
        # in plain text.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def _wake(self) -> None:
        if not self._is_awake:
            self._is_awake = True
            # A full pipe wakes as well as one byte more, and a closed one has nobody left to wake.
            with contextlib.suppress(OSError):
                self._waker.send(b"!")

    def _read(self) -> bool:
        """Take in all that has arrived; False at the end of the connection."""
        with contextlib.suppress(*NOT_NOW):
            while data := self._sock.recv(READ_BYTES):
                self._take_in(data)
            return False
        return True

    def _write(self) -> bool:
        """Send what is ready; whether all of it could be sent."""
        self._out += self._http2.data_to_send()
        with contextlib.suppress(*NOT_NOW):
            while self._out:
                with memoryview(self._out) as view:
                    sent = self._sock.send(view[:WRITE_BYTES])
                del self._out[:sent]
        return not self._out

    def _take_in(self, data: bytes) -> None:
        for event in self._http2.receive_data(data):
            match event:
                case h2.events.RequestReceived(stream_id=number):
                    self._begin(number, event.headers or [])
                case h2.events.DataReceived(stream_id=number):
                    self._http2.acknowledge_received_data(event.flow_controlled_length, number)
                    if number in self._calls:
                        self._calls[number].feed(event.data)
                case h2.events.StreamEnded(stream_id=number) if number in self._calls:
                    self._calls[number].end()
                case h2.events.StreamReset(stream_id=number) if number in self._calls:
                    self._calls.pop(number).withdraw()

    def _begin(self, number: int, headers: list[tuple[bytes, bytes]]) -> None:
        metadata: dict[str, list[str]] = {}
        for name, value in headers:
            # Names of files arrive as they are, whatever their bytes.
            metadata.setdefault(name.decode("ascii", "replace"), []).append(value.decode("utf-8", "surrogateescape"))
        call = self._calls[number] = GrpcCall(metadata, self._wake)
        threading.Thread(target=self._answer, args=(call,), name=f"session {call.method}", daemon=True).start()

    def _answer(self, call: GrpcCall) -> None:
        status, message = Status.INTERNAL, "Jettison itself failed while it answered"
        try:
            handler = self._handlers.get(call.method.lower())
            if handler is None:
                raise CallRefused(Status.UNIMPLEMENTED, f"unknown method {call.method}")
            handler(call)
            status, message = Status.OK, ""
        except CallRefused as refusal:
            status, message = refusal.status, str(refusal)
        except CallGone:
            log.debug("%s is not waited for any more", call.method)
        finally:
            # An unforeseen error goes on to the thread's hook; the daemon must not wait for ever.
            call.finish(status, message)

    def _fill(self) -> bool:
        """Turn what calls have to send into frames, as far as the daemon's windows allow; whether there was any."""
        filled = [self._fill_from(number, call) for number, call in list(self._calls.items())]
        return any(filled)

    def _fill_from(self, number: int, call: GrpcCall) -> bool:
        has_moved = False
        if call.has_output:
            if not call.has_begun:
                self._http2.send_headers(number, ANSWER_HEAD)
                call.has_begun = True
            data = call.take(self._http2.local_flow_control_window(number))
            size = self._http2.max_outbound_frame_size
            for start in range(0, len(data), size):
                self._http2.send_data(number, data[start : start + size])
            has_moved = bool(data)
        if (ended := call.status) is not None:
            words = quote(ended[1], safe=MESSAGE_SAFE, errors="replace")
            trailers = [("grpc-status", str(int(ended[0]))), ("grpc-message", words)]
            # An answer without a message is its trailers alone, with the head among them.
            self._http2.send_headers(number, trailers if call.has_begun else ANSWER_HEAD + trailers, end_stream=True)
            del self._calls[number]
            has_moved = True
        return has_moved
