"""The one queue between the threads that work and whoever shows what they do."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.engine.events import StepOutput

if TYPE_CHECKING:
    from tui.engine.events import BuildEvent
    from tui.session.inspection_events import InspectionEvent


@dataclass(frozen=True, slots=True)
class JobEvent:
    """An event and the job that it belongs to."""

    job: int
    """The number of a `Job` (above 0) or of an `Inspection` (below 0)."""
    event: BuildEvent | InspectionEvent


class Outbox:
    """Filled from any thread, emptied by one. Output of the same step is joined here, on the filling side.

    A noisy step writes 200,000 pieces a second; the side that draws takes them as a few large ones.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[JobEvent] = []
        self._texts: list[str] = []
        self._arrived = threading.Condition(self._lock)

    def put(self, item: JobEvent) -> None:
        """Add one event."""
        with self._lock:
            if self._joins_last(item):
                assert isinstance(item.event, StepOutput)
                self._texts.append(item.event.text)
                return
            self._close_last()
            self._waiting.append(item)
            if isinstance(item.event, StepOutput):
                self._texts = [item.event.text]
            self._arrived.notify()

    def take(self) -> list[JobEvent]:
        """All that has arrived since the last call; empty where nothing has."""
        with self._lock:
            self._close_last()
            taken, self._waiting = self._waiting, []
            return taken

    def wait(self, seconds: float) -> list[JobEvent]:
        """Like `take`, but waits up to so many seconds for something to arrive."""
        with self._arrived:
            if not self._waiting:
                self._arrived.wait(seconds)
        return self.take()

    def _joins_last(self, item: JobEvent) -> bool:
        if not (self._texts and isinstance(item.event, StepOutput)):
            return False
        last = self._waiting[-1]
        assert isinstance(last.event, StepOutput)
        same_step = last.event.step == item.event.step and last.event.stream is item.event.stream
        return last.job == item.job and same_step

    def _close_last(self) -> None:
        if len(self._texts) > 1:
            last = self._waiting[-1]
            assert isinstance(last.event, StepOutput)
            self._waiting[-1] = JobEvent(last.job, replace(last.event, text="".join(self._texts)))
        self._texts = []
