"""Connecting in slices: a host that does not answer holds nobody up who has been told to give up."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

SLICE_SECONDS = 0.1
"""So late a connecting thread may learn that nobody wants the connection any more."""
UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK)


def dial_tcp(host: str, port: int, seconds: float, is_given_up: Callable[[], bool]) -> socket.socket:
    """A connection to the first of the host's addresses that takes one, in blocking mode.

    `seconds` is the time for each address. Looking the name up is the resolver's alone: it ends in the resolver's own
    time. Raises TimeoutError, ConnectionAbortedError soon after it is given up, and OSError as connecting does.
    """
    trouble: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
        try:
            return _dial(socket.socket(family, kind, protocol), address, seconds, is_given_up)
        except OSError as error:
            if is_given_up():
                raise
            trouble = error
    raise trouble or OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))


def dial_unix(path: str, seconds: float, is_given_up: Callable[[], bool]) -> socket.socket:
    """As `dial_tcp`, to a socket of this machine: one whose engine accepts nobody waits as a far host does."""
    return _dial(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), path, seconds, is_given_up)


def _dial(sock: socket.socket, address: Any, seconds: float, is_given_up: Callable[[], bool]) -> socket.socket:
    try:
        sock.setblocking(False)
        _connect(sock, address, seconds, is_given_up)
        sock.setblocking(True)
    except BaseException:
        sock.close()
        raise
    return sock


def _connect(sock: socket.socket, address: Any, seconds: float, is_given_up: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds

    def check() -> None:
        if is_given_up():
            raise ConnectionAbortedError("nobody wants the connection any more")
        if time.monotonic() > deadline:
            raise TimeoutError(f"no connection within {seconds:.0f} seconds")

    check()
    code = sock.connect_ex(address)
    while code == errno.EAGAIN and sock.family.name == "AF_UNIX":
        # The queue of those who wait is full, and no event tells when there is room.
        time.sleep(SLICE_SECONDS)
        check()
        code = sock.connect_ex(address)
    while code in UNDER_WAY:
        check()
        if _is_writable(sock):
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _is_writable(sock: socket.socket) -> bool:
    """Whether a connection has come, or has come to nothing, within a slice."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        return bool(selector.select(SLICE_SECONDS))
