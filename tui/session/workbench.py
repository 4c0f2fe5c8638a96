"""A learner's bench: the engine, the project on it, the builds of its variants, and what was seen inside their images.
The app and the command line both work through it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.course.blocks import Where
from tui.engine.api import Engine
from tui.engine.command import docker_build_command
from tui.engine.dockerfile import parse
from tui.engine.events import BuildEvent, BuildStarted
from tui.engine.model import Image
from tui.engine.request import Builder, BuildRequest
from tui.session.build_options.model import BuildOptions
from tui.session.build_queue import BuildQueue, Job
from tui.session.build_record import BuildRecord
from tui.session.comparison import Comparison, compare
from tui.session.history import BuildHistory, LastBuild
from tui.session.identity import own_identity
from tui.session.inside_record import InsideRecord
from tui.session.inside_store import own_store
from tui.session.inspection_events import InspectionEvent, LookedInside
from tui.session.inspector import Inspector, Look
from tui.session.ledger import Ledger
from tui.session.lineage import chain_of, discarded_of
from tui.session.outbox import Outbox, Told
from tui.session.variants import Project, Variant
from tui.session.whereabouts import whereabouts
from tui.session.work_events import WorkEvent, logged

if TYPE_CHECKING:
    from tui.image.anatomy import Anatomy
    from tui.session.live_run import Run
    from tui.session.run_bench import RunBench
    from tui.session.run_events import RunEvent


@dataclass(frozen=True, slots=True)
class News:
    """What has happened on the bench since somebody asked."""

    builds: tuple[tuple[Job, BuildEvent], ...] = ()
    """In order."""
    insides: tuple[InsideRecord, ...] = ()
    """The inspections that went on, each once."""
    runs: tuple[tuple[Run, RunEvent], ...] = ()
    """In order."""

    def __bool__(self) -> bool:
        return bool(self.builds or self.insides or self.runs)


class Workbench:
    """Builds variants on one engine and keeps their records, by subject. For one thread, but for the engine's own."""

    def __init__(
        self,
        engine: Engine,
        builder: Builder | None = None,
        *,
        options: BuildOptions | None = None,
        on_news: Callable[[], object] | None = None,
    ) -> None:
        """`on_news` is called, on a thread of ours, when there is something to drain again."""
        self.engine = engine
        self._builder = builder
        self._options = options or BuildOptions()
        self._identity = own_identity()
        self.ledger = Ledger()
        self.history = BuildHistory()
        self._on_news = on_news
        self.outbox = Outbox[WorkEvent](logged, on_arrival=on_news)
        self.queue = BuildQueue(engine, self.ledger, self.outbox)
        self.inspector = Inspector(engine, self.outbox, own_store)
        self.records: dict[str, BuildRecord] = {}
        """The newest build of each subject, running or over."""
        self.previous: dict[str, LastBuild] = {}
        """What the build before that one took, where there was one."""
        self.jobs: dict[int, Job] = {}
        self.insides: dict[str, InsideRecord] = {}
        """The newest inspection of each project, by its name."""
        self.anatomies: dict[str, Anatomy] = {}
        """Each image that was looked into, by its ID."""
        self._inspections: dict[int, InsideRecord] = {}
        self._newest: dict[str, int] = {}
        self._began: dict[str, float] = {}

    @property
    def whereabouts(self) -> Mapping[Where, str]:
        """Which engine, builder and store builds meet here."""
        return whereabouts(self.engine.info, self._builder)

    @property
    def refusal(self) -> str:
        """Why nothing can be built here with the options that were given, in a sentence; empty where it can."""
        return self._options.refusal(self._builder or self.engine.info.builder)

    def request(self, project: Project, variant: Variant, *, no_cache: bool = False) -> BuildRequest:
        """The build of a variant, tagged and labelled as the learner's own."""
        request = BuildRequest(
            context=project.context,
            dockerfile=variant.dockerfile,
            tag=self._identity.tag(project.name, variant.name),
            subject=project.subject(variant),
            target=variant.target,
            labels=self._identity.labels,
            no_cache=no_cache,
            builder=self._builder,
        )
        return self._options.applied(request, is_course_image=project.is_of_course)

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
            # The clock of the build before it is not this one's.
            self._began.pop(request.subject, None)
            if (last := self.history.last(request.subject)) is not None:
                self.previous[request.subject] = last
        jobs = self.queue.add(wanted, at_once=at_once)
        for job in jobs:
            self.jobs[job.id] = job
            self._newest[job.request.subject] = job.id
        return jobs

    def look_inside(self, project: Project, images: Sequence[tuple[Variant, Image]], *, measure_packed: bool) -> None:
        """Look into these images of the project's variants, and put them beside each other."""
        looks = [_look(project, variant, image) for variant, image in images]
        inspection = self.inspector.add(looks, measure_packed=measure_packed)
        record = InsideRecord(inspection.looks, before=self.insides.get(project.name))
        self.insides[project.name] = self._inspections[inspection.id] = record

    @cached_property
    def runs(self) -> RunBench:
        """Where variants are run; made when it is first asked for."""
        from tui.session.run_bench import RunBench

        return RunBench(self.engine, self.ledger, self._on_news)

    @property
    def has_runs(self) -> bool:
        """Whether anything was run yet."""
        return "runs" in self.__dict__

    def drain(self) -> News:
        """Take in all that has happened since the last call, and tell it. Clocks of running builds go on."""
        told = self._take(self.outbox.take())
        if self.has_runs:
            told = replace(told, runs=tuple(self.runs.drain()))
        self._clocks_go_on()
        return told

    def wait(self, seconds: float) -> News:
        """Like `drain`, but waits up to so many seconds for something to happen."""
        news = self._take(self.outbox.wait(seconds))
        self._clocks_go_on()
        return news

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

    def _clocks_go_on(self) -> None:
        now = time.monotonic()
        for subject, began in self._began.items():
            record = self.records[subject]
            if record.end is None and math.isfinite(self.engine.time_scale):
                record.at = max(record.at, (now - began) * self.engine.time_scale)

    def _take(self, items: Sequence[Told[WorkEvent]]) -> News:
        builds: list[tuple[Job, BuildEvent]] = []
        insides: dict[int, InsideRecord] = {}
        for item in items:
            if isinstance(item.event, InspectionEvent):
                insides[item.sender] = self._inspections[item.sender]
                insides[item.sender].apply(item.event)
                if isinstance(item.event, LookedInside):
                    self.anatomies |= {one.image_id: one.anatomy for one in item.event.insight.images}
            else:
                job = self.jobs[item.sender]
                self._build_went_on(job, item.event)
                builds.append((job, item.event))
        return News(tuple(builds), tuple(insides.values()))

    def _build_went_on(self, job: Job, event: BuildEvent) -> None:
        if self._newest[job.request.subject] != job.id:
            return
        record = self.records[job.request.subject]
        record.apply(event)
        if isinstance(event, BuildStarted):
            self._began[job.request.subject] = time.monotonic()
        self._keep_time(job, record)

    def _keep_time(self, job: Job, record: BuildRecord) -> None:
        if record.image is None or self.engine.info.recorded_on is not None:
            return
        last = LastBuild(record.seconds or 0.0, record.cached_steps)
        if self.history.last(job.request.subject) != last:
            self.history.keep(job.request.subject, last)


def _look(project: Project, variant: Variant, image: Image) -> Look:
    """The image of a variant, with the instructions that made it; where its Dockerfile is gone, only history tells."""
    subject = project.subject(variant)
    try:
        dockerfile = parse(variant.dockerfile.read_text("utf-8", "replace"))
    except OSError:
        return Look(subject, variant.title, image.image_id, image.size_bytes)
    chain, discarded = chain_of(dockerfile, variant.target), discarded_of(dockerfile, variant.target)
    return Look(subject, variant.title, image.image_id, image.size_bytes, chain, discarded)
