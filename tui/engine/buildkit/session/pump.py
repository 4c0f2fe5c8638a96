"""A stream that can only be read and written in blocking calls, made into a socket that a selector can wait for."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Protocol

PIECE_BYTES = 1 << 16


class BlockingStream(Protocol):
    """A named pipe of Windows, as docker's package opens it; nothing else of it is used."""

    def recv(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...

    def sendall(self, data: bytes, /) -> object:
        """Write all of it."""
        ...

    def close(self) -> object:
        """End both directions, also for a call that waits in `recv`."""
        ...


def through_socket_pair(stream: BlockingStream) -> socket.socket:
    """The near end of a socket pair, whose far end two threads connect with `stream` until either of them ends."""
    near, far = socket.socketpair()

    def inward() -> None:
        with contextlib.suppress(OSError):
            while piece := stream.recv(PIECE_BYTES):
                far.sendall(piece)
        _shut(far)

    def outward() -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(PIECE_BYTES):
                stream.sendall(piece)
        _shut(far)
        stream.close()

    for direction in (inward, outward):
        threading.Thread(target=direction, name="pipe pump", daemon=True).start()
    return near


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
