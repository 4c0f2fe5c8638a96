"""Reading on while what has come is worked on: a socket holds a few hundred kilobytes, and then its sender waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from queue import SimpleQueue

PIECES_AHEAD = 2
"""How many pieces may wait to be taken; they are held in memory."""


def read_ahead(pieces: Generator[bytes], cut: Callable[[], None]) -> Iterator[bytes]:
    """The same pieces, read on a thread of its own; what reading raises is raised here, after what had come before.

    Whoever stops taking them early ends the reading too, by way of `cut`.
    """
    ahead = _Ahead(pieces)
    try:
        yield from ahead.taken()
    finally:
        ahead.end(cut)


class _Ahead:
    def __init__(self, pieces: Generator[bytes]) -> None:
        self._pieces = pieces
        self._come: SimpleQueue[bytes | None] = SimpleQueue()
        self._room = threading.Semaphore(PIECES_AHEAD)
        self._error: BaseException | None = None
        self._has_ended = self._is_given_up = False
        self._thread = threading.Thread(target=self._run, name="read ahead", daemon=True)
        self._thread.start()

    def taken(self) -> Iterator[bytes]:
        """Each piece, as soon as it is there."""
        while (piece := self._come.get()) is not None:
            self._room.release()
            yield piece
        self._has_ended = True
        if self._error is not None:
            raise self._error

    def end(self, cut: Callable[[], None]) -> None:
        """Return when the thread is gone, whatever it is at; where it is itself the one that ends, it goes then."""
        if not self._has_ended:
            self._is_given_up = True
            cut()
            self._room.release()
        # What nobody holds any more is ended by whichever thread tidies up.
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            with closing(self._pieces):
                for piece in self._pieces:
                    self._room.acquire()
                    if self._is_given_up:
                        return
                    self._come.put(piece)
        except Exception as error:  # noqa: BLE001 - carried over to the thread that takes the pieces
            self._error = error
        finally:
            self._come.put(None)
