"""Carrying builds out on threads of their own, one after the other or at once, with all events in the one outbox."""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tui.engine.api import Build, Engine
from tui.engine.events import BuildCancelled, BuildEnd, BuildFailed, FailureKind, StepOutput
from tui.engine.request import BuildRequest
from tui.session.ledger import Ledger
from tui.session.logs import LogFile
from tui.session.outbox import Outbox, Told
from tui.session.work_events import WorkEvent

UNFORESEEN = "Jettison itself failed in the middle of the build."


@dataclass(frozen=True, slots=True)
class Job:
    """One build that was asked for."""

    id: int
    variant: str
    request: BuildRequest
    command: str
    """The docker command that it equals."""


class BuildQueue:
    """Builds what it is given. Threads are daemons: a lost engine never keeps the program from ending."""

    def __init__(self, engine: Engine, ledger: Ledger, outbox: Outbox[WorkEvent]) -> None:
        self._engine = engine
        self._ledger = ledger
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Build] = {}
        self._outbox = outbox
        self.log_files: dict[int, Path] = {}
        """The whole log of each job; missing where it could not be written."""
        self.warnings: deque[str] = deque()
        """Sentences for the learner on what went wrong beside the builds."""

    @property
    def is_busy(self) -> bool:
        """Whether a build runs or waits."""
        with self._lock:
            return bool(self._waiting or self._running)

    def add(self, wanted: Sequence[tuple[str, BuildRequest, str]], *, at_once: bool = False) -> list[Job]:
        """Begin with these (variant, request, command), after those that wait already unless `at_once`."""
        jobs = [Job(next(self._numbers), *want) for want in wanted]
        if at_once:
            for job in jobs:
                self._start(job)
            return jobs
        with self._lock:
            idle = not (self._waiting or self._running)
            self._waiting.extend(jobs)
        if idle:
            self._start_next()
        return jobs

    def cancel(self) -> None:
        """End the running builds and take back the waiting ones; each ends with BuildCancelled."""
        with self._lock:
            taken_back, self._waiting = self._waiting, deque()
            running = list(self._running.values())
        for job in taken_back:
            self._outbox.put(Told(job.id, BuildCancelled(0.0)))
        for build in running:
            build.cancel()

    def _start_next(self) -> None:
        with self._lock:
            job = self._waiting.popleft() if self._waiting else None
        if job is not None:
            self._start(job)

    def _start(self, job: Job) -> None:
        build = self._engine.build(job.request)
        with self._lock:
            self._running[job.id] = build
        threading.Thread(target=self._run, args=(job, build), name=f"job {job.id}", daemon=True).start()

    def _run(self, job: Job, build: Build) -> None:
        # An unforeseen error goes on to the thread's hook; whoever waits for the end must not wait for ever.
        end: BuildEnd = BuildFailed(0.0, FailureKind.OTHER, UNFORESEEN, "Build again, and tell us if it stays so.")
        try:
            end = self._follow(job, build) or end
        finally:
            # Told last, when the log is closed, and at one with the queue's getting free: who hears of it may go on at
            # once, and who finds the queue free has been told.
            with self._lock:
                del self._running[job.id]
                idle = not self._running
                self._outbox.put(Told(job.id, end))
            if idle:
                self._start_next()

    def _follow(self, job: Job, build: Build) -> BuildEnd | None:
        """Write down and tell all that happens but its end, which is returned."""
        info = self._engine.info
        self._write_down(lambda: self._ledger.begin(info, job.request))
        end: BuildEnd | None = None
        with contextlib.closing(_Log(self, job)) as file:
            for event in build.events():
                if isinstance(event, StepOutput):
                    file.write(event.text)
                self._write_down(functools.partial(self._ledger.note, info, job.request, event))
                if isinstance(event, BuildEnd):
                    end = event
                else:
                    self._outbox.put(Told(job.id, event))
        return end

    def _write_down(self, write: Callable[[], None]) -> None:
        """The ledger's disk may be full: that is said, and costs no build."""
        try:
            write()
        except OSError as error:
            self.warnings.append(f"What is built cannot be written down for clean-up: {error.strerror}.")


class _Log:
    """A job's log file; a disk that is full costs the file, not the build."""

    def __init__(self, queue: BuildQueue, job: Job) -> None:
        self._queue = queue
        self._file: LogFile | None = None
        try:
            self._file = LogFile(job.request.subject, datetime.now())
        except OSError as error:
            queue.warnings.append(f"The log of {job.request.subject} is not kept in a file: {error.strerror}.")
            return
        queue.log_files[job.id] = self._file.path

    def write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text)
        except OSError as error:
            self._queue.warnings.append(f"The log file is not complete: {error.strerror}.")
            self._file = None

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
