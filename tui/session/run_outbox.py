"""The queue between the threads that run containers and whoever shows it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from tui.session.run_events import LogText, RunEvent

MOST_WAITING = 4_000_000
"""So many characters of logs wait at most; then their readers wait, and the engine keeps the rest."""
LOOK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class RunNews:
    """An event and the run that it belongs to."""

    run: int
    event: RunEvent


class RunOutbox:
    """Filled from any thread, emptied by one. Text of the same output is joined here, on the filling side.

    A container that floods its log is slowed down to the pace at which the texts are taken.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[RunNews] = []
        self._texts: list[str] = []
        self._characters = 0
        self._arrived = threading.Condition(self._lock)
        self._taken = threading.Condition(self._lock)

    def put(self, item: RunNews, give_up: threading.Event | None = None) -> None:
        """Add one event. A text waits for room until `give_up` is set."""
        event = item.event
        with self._lock:
            if isinstance(event, LogText):
                while self._characters > MOST_WAITING and not (give_up and give_up.is_set()):
                    self._taken.wait(LOOK_AGAIN_SECONDS)
                self._characters += len(event.text)
                if self._joins_last(item.run, event):
                    self._texts.append(event.text)
                    return
            self._close_last()
            self._waiting.append(item)
            if isinstance(event, LogText):
                self._texts = [event.text]
            self._arrived.notify()

    def take(self) -> list[RunNews]:
        """All that has arrived since the last call; empty where nothing has."""
        with self._lock:
            self._close_last()
            taken, self._waiting = self._waiting, []
            self._characters = 0
            self._taken.notify_all()
            return taken

    def wait(self, seconds: float) -> list[RunNews]:
        """Like `take`, but waits up to so many seconds for something to arrive."""
        with self._arrived:
            if not self._waiting:
                self._arrived.wait(seconds)
        return self.take()

    def _joins_last(self, run: int, event: LogText) -> bool:
        if not self._texts:
            return False
        last = self._waiting[-1]
        assert isinstance(last.event, LogText)
        return last.run == run and last.event.stream is event.stream

    def _close_last(self) -> None:
        if len(self._texts) > 1:
            last = self._waiting[-1]
            assert isinstance(last.event, LogText)
            self._waiting[-1] = RunNews(last.run, replace(last.event, text="".join(self._texts)))
        self._texts = []
