"""A learner's bench: the engine, the project on it, and the builds of its variants. The app and the command line
both work through it."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path

from tui.engine.api import Engine
from tui.engine.command import docker_build_command
from tui.engine.events import BuildEvent, BuildStarted
from tui.engine.model import Builder, BuildRequest
from tui.session.build_queue import BuildQueue, Job
from tui.session.build_record import BuildRecord
from tui.session.comparison import Comparison, compare
from tui.session.history import BuildHistory, LastBuild
from tui.session.identity import own_identity
from tui.session.ledger import Ledger
from tui.session.outbox import JobEvent
from tui.session.variants import Project, Variant


class Workbench:
    """Builds variants on one engine and keeps their records, by subject. For one thread, but for the engine's own."""

    def __init__(self, engine: Engine, builder: Builder | None = None) -> None:
        self.engine = engine
        self._builder = builder
        self._identity = own_identity()
        self.ledger = Ledger()
        self.history = BuildHistory()
        self.queue = BuildQueue(engine, self.ledger)
        self.records: dict[str, BuildRecord] = {}
        """The newest build of each subject, running or over."""
        self.previous: dict[str, LastBuild] = {}
        """What the build before that one took, where there was one."""
        self.jobs: dict[int, Job] = {}
        self._newest: dict[str, int] = {}
        self._began: dict[str, float] = {}

    def request(self, project: Project, variant: Variant, *, no_cache: bool = False) -> BuildRequest:
        """The build of a variant, tagged and labelled as the learner's own."""
        return BuildRequest(
            context=project.context,
            dockerfile=variant.dockerfile,
            tag=self._identity.tag(project.name, variant.name),
            subject=project.subject(variant),
            target=variant.target,
            labels=self._identity.labels,
            no_cache=no_cache,
            builder=self._builder,
        )

    def command(self, project: Project, variant: Variant, *, no_cache: bool = False) -> str:
        """The docker command that builds a variant the same way, as typed in the current folder."""
        return docker_build_command(self.request(project, variant, no_cache=no_cache), Path.cwd())

    def build(
        self, project: Project, variants: Sequence[Variant], *, no_cache: bool = False, at_once: bool = False
    ) -> list[Job]:
        """Begin to build these, one after the other or at once."""
        wanted = []
        for variant in variants:
            request = self.request(project, variant, no_cache=no_cache)
            wanted.append((variant.name, request, docker_build_command(request, Path.cwd())))
            self.records[request.subject] = BuildRecord()
            if (last := self.history.last(request.subject)) is not None:
                self.previous[request.subject] = last
        jobs = self.queue.add(wanted, at_once=at_once)
        for job in jobs:
            self.jobs[job.id] = job
            self._newest[job.request.subject] = job.id
        return jobs

    def drain(self) -> list[tuple[Job, BuildEvent]]:
        """Take in all that has happened since the last call, and tell it. Clocks of running builds go on."""
        told = self._take(self.queue.outbox.take())
        now = time.monotonic()
        for subject, began in self._began.items():
            record = self.records[subject]
            if record.end is None and math.isfinite(self.engine.time_scale):
                record.at = max(record.at, (now - began) * self.engine.time_scale)
        return told

    def wait(self, seconds: float) -> list[tuple[Job, BuildEvent]]:
        """Like `drain`, but waits up to so many seconds for something to happen."""
        return self._take(self.queue.outbox.wait(seconds))

    def record(self, project: Project, variant: Variant) -> BuildRecord | None:
        """The newest build of a variant, if there was one in this session."""
        return self.records.get(project.subject(variant))

    def log_file(self, subject: str) -> Path | None:
        """Where the whole log of a subject's newest build lies."""
        return self.queue.log_files.get(self._newest.get(subject, -1))

    def comparison(self, project: Project, variants: Sequence[Variant] | None = None) -> Comparison:
        """The project's variants (or these of them) that are built, beside each other."""
        chosen = project.variants if variants is None else variants
        pairs = [(variant, self.records.get(project.subject(variant))) for variant in chosen]
        return compare(project, self.engine.info, [(v, record) for v, record in pairs if record is not None])

    def _take(self, items: Sequence[JobEvent]) -> list[tuple[Job, BuildEvent]]:
        told: list[tuple[Job, BuildEvent]] = []
        for item in items:
            job = self.jobs[item.job]
            record = self.records[job.request.subject]
            if self._newest[job.request.subject] == job.id:
                record.apply(item.event)
                if isinstance(item.event, BuildStarted):
                    self._began[job.request.subject] = time.monotonic()
                self._keep_time(job, record)
            told.append((job, item.event))
        return told

    def _keep_time(self, job: Job, record: BuildRecord) -> None:
        if record.image is None or self.engine.info.recorded_on is not None:
            return
        last = LastBuild(record.seconds or 0.0, record.cached_steps)
        if self.history.last(job.request.subject) != last:
            self.history.keep(job.request.subject, last)
