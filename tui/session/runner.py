"""Running containers, each on threads of its own, with all their events in one outbox."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.engine.container_command import docker_run_command
from tui.session.live_run import STOP_PATIENCE_SECONDS, LiveRun, Run
from tui.session.outbox import Outbox, Told
from tui.session.run_events import LogText, RunEvent

if TYPE_CHECKING:
    import threading

    from tui.engine.api import Engine
    from tui.engine.containers import ContainerRequest
    from tui.engine.events import Stream
    from tui.session.chat import Chat
    from tui.session.ledger import Ledger

MOST_WAITING = 4_000_000
"""So many characters of logs wait at most; then their readers wait, and the engine keeps the rest."""


class Runner:
    """Starts what it is given and looks after it. Its methods return at once, but for `close`."""

    def __init__(self, engine: Engine, ledger: Ledger, on_news: Callable[[], object] | None = None) -> None:
        """`on_news` is called, on a thread of ours, when there is something to take out of `outbox` again."""
        self._engine = engine
        self._ledger = ledger
        self._numbers = itertools.count(1)
        self._runs: dict[int, LiveRun] = {}
        self.outbox = Outbox[RunEvent](printed, most_waiting=MOST_WAITING, on_arrival=on_news)

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or is about to."""
        return any(not live.is_over for live in self._runs.values())

    @property
    def leftovers(self) -> tuple[Run, ...]:
        """The runs of which there is a container, running or not, or soon will be."""
        return tuple(live.run for live in self._runs.values() if live.has_container or not live.is_over)

    def start(self, variant: str, request: ContainerRequest, *, of_the_course: bool = True) -> Run:
        """Begin to run this."""
        run = Run(next(self._numbers), variant, request, docker_run_command(request), of_the_course)
        live = self._runs[run.id] = LiveRun(run, self._engine, self._ledger, partial(self._put, run.id))
        live.begin()
        return run

    def stop(self, run: Run, patience_seconds: float = STOP_PATIENCE_SECONDS) -> None:
        """Stop and remove it: Stopped follows. Of one that is over, what is left is removed: Removed follows.

        Of one that was forgotten nothing is left.
        """
        live = self._runs.get(run.id)
        if live is not None:
            live.stop(patience_seconds)

    def forget(self, run: Run) -> None:
        """Keep no more of one that is over and gone; of all that can be asked for it, only `stop` may be."""
        self._runs.pop(run.id, None)

    def follow(self, run: Run, *, timestamps: bool) -> None:
        """Have its log told anew, with or without the time of each line: LogRestarted follows, and all of the log."""
        self._runs[run.id].follow(timestamps=timestamps)

    def measure(self, run: Run) -> None:
        """Measured follows."""
        self._runs[run.id].measure()

    def probe(self, run: Run) -> None:
        """Probed follows."""
        self._runs[run.id].probe()

    def ask(self, run: Run) -> None:
        """Measure it, then probe it: what is measured is the program at rest. Measured and Probed follow."""
        self._runs[run.id].ask()

    def chat(self, run: Run) -> Chat | None:
        """A chat with it, in place of the one before: ChatOpened or ChatClosed follows. None before it has started."""
        return self._runs[run.id].chat()

    def stop_all(self, runs: Sequence[Run] | None = None) -> None:
        """Stop and remove these, or all `leftovers`."""
        for run in self.leftovers if runs is None else runs:
            self.stop(run)

    def close(self, seconds: float = 1.0) -> None:
        """Let go of all of them, and leave their containers as they are."""
        for live in self._runs.values():
            live.leave()
        deadline = time.monotonic() + seconds
        for live in self._runs.values():
            live.join(max(0.0, deadline - time.monotonic()))

    def _put(self, run_id: int, event: RunEvent, give_up: threading.Event | None) -> None:
        self.outbox.put(Told(run_id, event), give_up)


def printed(event: RunEvent) -> tuple[Stream, str] | None:
    """Which of its outputs a container printed on, and what."""
    return (event.stream, event.text) if isinstance(event, LogText) else None
