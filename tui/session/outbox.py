"""The one kind of queue between threads that work and whoever shows what they do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

LOOK_AGAIN_SECONDS = 0.2


E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Told(Generic[E]):
    """An event and who it is about."""

    sender: int
    """The number of a job, an inspection or a run."""
    event: E


class Outbox(Generic[E]):
    """Filled from any thread, emptied by one. Pieces of the same output are joined here, on the filling side.

    A noisy step writes 200,000 pieces a second; the side that draws takes them as a few large ones. `output_of` tells
    of which output an event has a piece in its field `text`, and the piece; None where it has none. With
    `most_waiting`, no more than so many characters wait to be taken: then whoever brings more waits, and its source is
    slowed down to the pace of the taking. `on_arrival` is called, on the thread that brings it, when something arrives
    where nothing waited.
    """

    def __init__(
        self,
        output_of: Callable[[E], tuple[Hashable, str] | None],
        *,
        most_waiting: int | None = None,
        on_arrival: Callable[[], object] | None = None,
    ) -> None:
        self._output_of = output_of
        self._most_waiting = most_waiting
        self._lock = threading.Lock()
        self._waiting: list[Told[E]] = []
        self._output: Hashable | None = None
        self._texts: list[str] = []
        """Pieces that will be put into the last event that waits; the first one is in it already."""
        self._characters = 0
        self._arrived = threading.Condition(self._lock)
        self._taken = threading.Condition(self._lock)
        self._on_arrival = on_arrival

    def put(self, item: Told[E], give_up: threading.Event | None = None) -> None:
        """Add one event. A text waits for room until `give_up` is set."""
        is_first = self._put(item, give_up)
        if is_first and self._on_arrival is not None:
            self._on_arrival()

    def _put(self, item: Told[E], give_up: threading.Event | None) -> bool:
        """Whether nothing waited before."""
        piece = self._output_of(item.event)
        with self._lock:
            if piece is not None:
                output, text = (item.sender, piece[0]), piece[1]
                if self._most_waiting is not None:
                    self._wait_for_room(self._most_waiting, give_up)
                self._characters += len(text)
                if self._texts and output == self._output:
                    self._texts.append(text)
                    return False
            self._close_last()
            self._waiting.append(item)
            if piece is not None:
                self._output, self._texts = output, [text]
            self._arrived.notify()
            return len(self._waiting) == 1

    def take(self) -> list[Told[E]]:
        """All that has arrived since the last call; empty where nothing has."""
        with self._lock:
            self._close_last()
            taken, self._waiting = self._waiting, []
            self._characters = 0
            self._taken.notify_all()
            return taken

    def wait(self, seconds: float) -> list[Told[E]]:
        """Like `take`, but waits up to so many seconds for something to arrive."""
        with self._arrived:
            if not self._waiting:
                self._arrived.wait(seconds)
        return self.take()

    def _wait_for_room(self, most: int, give_up: threading.Event | None) -> None:
        while self._characters > most and not (give_up and give_up.is_set()):
            self._taken.wait(LOOK_AGAIN_SECONDS)

    def _close_last(self) -> None:
        if len(self._texts) > 1:
            last = self._waiting[-1]
            whole = replace(last.event, text="".join(self._texts))  # type: ignore[type-var]
            self._waiting[-1] = Told(last.sender, whole)
        self._texts = []
