"""Carrying builds out on threads of their own, one after the other or at once, with all events in one outbox."""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tui.engine.api import Build, Engine
from tui.engine.events import BuildCancelled, BuildEnd, BuildEvent, BuildSucceeded, StageImage, StepOutput
from tui.engine.model import BuildRequest
from tui.session.ledger import Ledger, Made
from tui.session.logs import LogFile
from tui.session.outbox import JobEvent, Outbox

log = logging.getLogger(__name__)


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

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        self._engine = engine
        self._ledger = ledger
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Build] = {}
        self.outbox = Outbox()
        self.log_files: dict[int, Path] = {}
        """The whole log of each job; missing where it could not be written."""

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
            self.outbox.put(JobEvent(job.id, BuildCancelled(0.0)))
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
        self._write_down(Made(self._engine.info.endpoint, job.request.tag, job.request.subject))
        end: BuildEvent | None = None
        with contextlib.closing(_Log(self, job)) as file:
            for event in build.events():
                if isinstance(event, StepOutput):
                    file.write(event.text)
                self._note(job, event)
                if isinstance(event, BuildEnd):
                    end = event
                else:
                    self.outbox.put(JobEvent(job.id, event))
        with self._lock:
            del self._running[job.id]
            idle = not self._running
        # Told last, when the log is closed and the queue is free: who hears of it may go on at once.
        if end is not None:
            self.outbox.put(JobEvent(job.id, end))
        if idle:
            self._start_next()

    def _note(self, job: Job, event: BuildEvent) -> None:
        """Keep track of the images that a build made."""
        endpoint, subject = self._engine.info.endpoint, job.request.subject
        if isinstance(event, StageImage):
            self._write_down(Made(endpoint, event.image_id, subject, event.stage))
        elif isinstance(event, BuildSucceeded):
            self._write_down(Made(endpoint, event.image.image_id, subject))

    def _write_down(self, made: Made) -> None:
        if self._engine.info.recorded_on is not None:
            return
        try:
            self._ledger.add(made)
        except OSError as error:
            log.warning("The ledger cannot be written: %s", error)


class _Log:
    """A job's log file; a disk that is full costs the file, not the build."""

    def __init__(self, queue: BuildQueue, job: Job) -> None:
        self._file: LogFile | None = None
        try:
            self._file = LogFile(job.request.subject, datetime.now())
        except OSError as error:
            log.warning("The log of %s is not kept: %s", job.request.subject, error)
            return
        queue.log_files[job.id] = self._file.path

    def write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text)
        except OSError as error:
            log.warning("The log is not complete: %s", error)
            self._file = None

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
