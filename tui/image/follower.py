"""Work that follows a stream on a thread of its own: digests and packing let go of the interpreter for large pieces."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import SimpleQueue
from types import TracebackType

from tui.image.byte_stream import Piece

PIECES_BEHIND = 4
"""How many pieces may wait. They are held in memory, as long as they come: some megabytes each out of an engine."""


class Follower:
    """Does `work` with each piece that it is fed, in order; as a context, it ends with the block.

    An error of `work` is raised by the next `feed` or by `finish`.
    """

    def __init__(self, work: Callable[[Piece], object]) -> None:
        self._work = work
        self._fed: SimpleQueue[Piece | None] = SimpleQueue()
        self._room = threading.Semaphore(PIECES_BEHIND)
        self._error: BaseException | None = None
        self._is_given_up = False
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def __enter__(self) -> Follower:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_given_up = True
        self._end()

    def feed(self, piece: Piece) -> None:
        """Hand on a piece; waits while too many are not done yet."""
        self._room.acquire()
        if self._error is not None:
            raise self._error
        self._fed.put(piece)

    def finish(self) -> None:
        """Wait until all is done."""
        self._end()
        if self._error is not None:
            raise self._error

    def _end(self) -> None:
        self._fed.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (piece := self._fed.get()) is not None:
            if self._error is None and not self._is_given_up:
                try:
                    self._work(piece)
                except Exception as error:  # noqa: BLE001 - carried over to the thread that reads
                    self._error = error
            self._room.release()


def followed(pieces: Iterable[Piece], followers: Sequence[Follower]) -> Iterator[Piece]:
    """The same pieces, fed to each follower as they pass."""
    for piece in pieces:
        for follower in followers:
            follower.feed(piece)
        yield piece
