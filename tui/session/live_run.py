"""One container from its making to its end, on threads of its own, told as events.

One thread makes it and waits for its end, one reads its log, one asks whether it answers. Stopping, measuring and
probing take one more each, for as long as they last. All are daemons: a lost engine never keeps the program from
ending.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engine.death import LAST_LINES, Cause, Death, death_of
from tui.engine.errors import ContainerNotFound, EngineError, EngineLost, StartFailed
from tui.session.chat import Chat
from tui.session.elsewhere import Elsewhere, elsewhere
from tui.session.ledger import CONTAINER, Made
from tui.session.probe import probe
from tui.session.readiness import PATIENCE_SECONDS, wait_until_ready
from tui.session.run_events import (
    Died,
    Measured,
    NotReady,
    Probed,
    Ready,
    Refused,
    Removed,
    RunEnd,
    RunEvent,
    RunFailed,
    Started,
    Starting,
    Stopped,
    Stopping,
)
from tui.session.run_log import RunLog

if TYPE_CHECKING:
    from tui.engine.api import Engine, Waiting
    from tui.engine.containers import Container, ContainerRequest
    from tui.session.ledger import Ledger

STOP_PATIENCE_SECONDS = 10.0
"""As docker's own."""
LOG_END_SECONDS = 2.0
"""So long the end of a run waits for the end of its log."""
UNFORESEEN = ("Jettison itself failed in the middle of the run.", "Stop it here, or with jettison clean.")
REMOVED = Death(Cause.KILLED, "Its container was removed while it ran.", "Start it again.")


@dataclass(frozen=True, slots=True)
class Run:
    """One run that was asked for."""

    id: int
    variant: str
    request: ContainerRequest
    command: str
    """The docker command that it equals."""
    of_the_course: bool = True
    """Whether it is the tutorial's program, of which it is known what it must answer."""


class LiveRun:
    """A run under way. Its methods return at once and may be called from any thread."""

    def __init__(
        self,
        run: Run,
        engine: Engine,
        ledger: Ledger,
        put: Callable[[RunEvent, threading.Event | None], None],
    ) -> None:
        self.run = run
        self._containers = engine.containers
        self._endpoint = engine.info.endpoint
        self._ledger = ledger
        self._put = put
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._end: RunEnd | None = None
        self._stops = False
        self._left = False
        self._settled = threading.Event()
        """It runs, or never will."""
        self._ending = threading.Event()
        """Nobody needs to know any more whether it answers."""
        self._container_id: str | None = None
        """Set for as long as there is a container."""
        self._container: Container | None = None
        self._elsewhere: Elsewhere | None = None
        """Why it cannot be reached; set for as long as it cannot."""
        self._waiting: Waiting | None = None
        self._log: RunLog | None = None
        self._chat: Chat | None = None
        self._thread = threading.Thread(target=self._live, name=f"run {run.id}", daemon=True)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, by itself or not."""
        return self._end is not None

    @property
    def has_container(self) -> bool:
        """Whether there is anything of it on the engine."""
        return self._container_id is not None

    def begin(self) -> None:
        """Make and start the container."""
        self._thread.start()

    def stop(self, patience_seconds: float = STOP_PATIENCE_SECONDS) -> None:
        """Stop and remove it; of one that is over, remove what is left. Once is enough."""
        with self._lock:
            if self._stops:
                return
            self._stops = True
        self._ending.set()
        self._spawn("stop", lambda: self._stop(patience_seconds))

    def follow(self, *, timestamps: bool) -> None:
        """Tell the log anew from its beginning, with or without the time of each line."""
        if self._log is not None:
            self._log.follow(timestamps=timestamps)

    def measure(self) -> None:
        """Tell what it uses now."""
        self._spawn("measure", self._measure)

    def probe(self) -> None:
        """Go through the round of questions, and tell the answers."""
        self._spawn("probe", self._probe)

    def ask(self) -> None:
        """Tell what it uses before the round of questions, then the answers."""

        def work() -> None:
            self._measure()
            self._probe()

        self._spawn("ask", work)

    def chat(self) -> Chat | None:
        """A chat with it, whose events are told like all others; None before it has an address."""
        if self._container is None or self._container.address is None:
            return None
        if self._chat is not None:
            self._chat.close()
        self._chat = Chat(self._container.address.websocket_url, self._tell, self._now)
        return self._chat

    def leave(self) -> None:
        """Tell no more; the container is left as it is."""
        self._left = True
        self._ending.set()
        for held in (self._waiting, self._log):
            if held is not None:
                held.cancel()
        if self._chat is not None:
            self._chat.close()

    def join(self, seconds: float) -> None:
        """Wait for the thread that follows it."""
        self._thread.join(seconds)

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _tell(self, event: RunEvent) -> None:
        self._put(event, None)

    def _spawn(self, what: str, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name=f"{what} {self.run.id}", daemon=True).start()

    def _ends(self, end: RunEnd) -> bool:
        """Tell the end, unless another one was told before; whether it was."""
        with self._lock:
            if self._end is not None:
                return False
            self._end = end
        self._ending.set()
        self._settled.set()
        self._tell(end)
        return True

    def _live(self) -> None:
        try:
            self._live_through()
        finally:
            # An unforeseen error goes on to the thread's hook; whoever waits for an end must not wait for ever.
            self._settled.set()
            if not (self._stops or self._left):
                self._ends(RunFailed(self._now(), *UNFORESEEN))

    def _live_through(self) -> None:
        self._tell(Starting(0.0))
        began = time.monotonic()
        try:
            container_id = self._create()
            container = self._start(container_id)
        except StartFailed as error:
            self._ends(Died(self._now(), error.death))
            return
        except EngineError as error:
            self._ends(RunFailed(self._now(), error.what, error.advice))
            return
        self._tell(Started(self._now(), container))
        self._log = RunLog(self._containers, container_id, self.run.variant, self._put, self._now)
        self._log.follow()
        self._waiting = self._containers.wait(container_id)
        self._spawn("ready", lambda: self._await_answer(container, began))
        self._settled.set()
        if self._left:
            self.leave()
        self._await_end(container_id, self._waiting, self._log)

    def _create(self) -> str:
        request = self.run.request
        self._write_down(lambda: self._ledger.add(Made(self._endpoint, request.name, request.subject, kind=CONTAINER)))
        made = self._container_id = self._containers.create(request)
        self._write_down(lambda: self._ledger.add(Made(self._endpoint, made, request.subject, kind=CONTAINER)))
        return made

    def _start(self, container_id: str) -> Container:
        try:
            self._container = self._containers.start(container_id)
        except EngineLost:
            raise
        except EngineError:
            self._is_gone(container_id)
            raise
        return self._container

    def _await_end(self, container_id: str, waiting: Waiting, log: RunLog) -> None:
        try:
            if waiting.exit_code() is None:
                # Nobody waits any more: the engine was closed from here.
                self._left = True
            if self._left or self._stops:
                return
            self._ending.set()
            log.join(LOG_END_SECONDS)
            death = self._death(container_id)
        except ContainerNotFound:
            self._is_gone(container_id)
            death = REMOVED
        except EngineError as error:
            self._ends(RunFailed(self._now(), error.what, error.advice))
            return
        if not self._stops:
            self._ends(Died(self._now(), death))

    def _death(self, container_id: str) -> Death:
        ended = self._containers.inspect(container_id)
        pieces = self._containers.log(container_id, follow=False, last=LAST_LINES).pieces()
        lines = "".join(piece.text for piece in pieces).splitlines()[-LAST_LINES:]
        return death_of(ended.exit_code, lines, engine_words=ended.error, out_of_memory=ended.out_of_memory)

    def _await_answer(self, container: Container, began: float) -> None:
        if container.address is None:
            return
        away = self._elsewhere = elsewhere(self._endpoint, container.address)
        if away is not None:
            self._tell(NotReady(self._now(), 0.0, away.reason, away.advice))
            if not away.can_come:
                return
        # Nobody knows how long it takes somebody to bring its port here.
        ready = wait_until_ready(container.address, self._ending, math.inf if away else PATIENCE_SECONDS)
        seconds = time.monotonic() - began
        if ready is not None and ready.path is not None:
            self._elsewhere = None
            self._tell(Ready(self._now(), None if away else seconds, ready.path))
        elif ready is not None:
            self._tell(NotReady(self._now(), seconds, ready.reason))

    def _measure(self) -> None:
        if self._container_id is None:
            return
        try:
            usage = self._containers.usage(self._container_id)
            processes = self._containers.processes(self._container_id)
        except EngineError as error:
            self._tell(Refused(self._now(), error.what, error.advice))
        else:
            self._tell(Measured(self._now(), usage, processes))

    def _probe(self) -> None:
        if self._container is None or self._container.address is None:
            self._tell(Refused(self._now(), "It has no address that could be asked.", "Start it first."))
            return
        if self._elsewhere is not None:
            self._tell(Refused(self._now(), self._elsewhere.reason, self._elsewhere.advice))
            return
        self._tell(Probed(self._now(), probe(self._container.address, of_the_course=self.run.of_the_course)))

    def _stop(self, patience_seconds: float) -> None:
        self._settled.wait()
        container_id = self._container_id
        if container_id is None:
            return
        try:
            seconds = 0.0 if self.is_over else self._ask_to_end(container_id, patience_seconds)
            self._thread.join()
            code = None if self.is_over else self._containers.inspect(container_id).exit_code
            if self._log is not None:
                self._log.join(LOG_END_SECONDS)
            freed_bytes = self._containers.remove(container_id)
        except ContainerNotFound:
            self._is_gone(container_id)
            if not self._ends(Died(self._now(), REMOVED)):
                self._tell(Removed(self._now(), 0))
        except EngineError as error:
            self._stops = False
            if not self._ends(RunFailed(self._now(), error.what, error.advice)):
                self._tell(Refused(self._now(), error.what, error.advice))
        else:
            self._is_gone(container_id)
            if not self._ends(Stopped(self._now(), seconds, code)):
                self._tell(Removed(self._now(), freed_bytes))

    def _ask_to_end(self, container_id: str, patience_seconds: float) -> float:
        self._tell(Stopping(self._now(), patience_seconds))
        return self._containers.stop(container_id, patience_seconds)

    def _is_gone(self, container_id: str) -> None:
        self._container_id = None
        self._write_down(lambda: self._ledger.forget(self._endpoint, (self.run.request.name, container_id)))

    def _write_down(self, write: Callable[[], None]) -> None:
        """The ledger's disk may be full: that is said, and costs no run."""
        try:
            write()
        except OSError as error:
            what = f"What runs cannot be written down for clean-up: {error.strerror}."
            self._tell(Refused(self._now(), what, "Stop it here before you leave."))
