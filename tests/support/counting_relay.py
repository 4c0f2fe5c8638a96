"""A way to an engine that counts the bytes that go to it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

PIECE_BYTES = 1 << 18


@contextlib.contextmanager
def counting_relay(engine_socket: Path, own_socket: Path) -> Iterator[Callable[[], int]]:
    """Listen at `own_socket` and pass everything on, both ways. Yields what tells how many bytes went to the engine."""
    counted: list[int] = []

    def carry(source: socket.socket, target: socket.socket, count: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                target.sendall(piece)
                if count:
                    counted.append(len(piece))
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(str(engine_socket))
                for source, target, count in ((client, engine, True), (engine, client, False)):
                    threading.Thread(target=carry, args=(source, target, count), daemon=True).start()

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(own_socket))
        listening.listen()
        threading.Thread(target=accept, daemon=True).start()
        yield lambda: sum(counted)
        # Ends `accept`, which closing alone would not do.
        listening.shutdown(socket.SHUT_RDWR)
    own_socket.unlink()
