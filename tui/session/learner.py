"""One learner at work: where they are in the course, what they are building, and on what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.course.outline import Head, Outline, outline_of
from tui.engine.command import docker_build_command
from tui.session.beginning import Beginning
from tui.session.findings import Findings
from tui.session.options import StartOptions
from tui.session.settings import Settings
from tui.session.variants import CURRENT, EDITIONS, HISTORIC, Project, Variant, edition

if TYPE_CHECKING:
    from tui.course.model import Course, Step
    from tui.engine.api import Engine
    from tui.session.base_images import BaseImage
    from tui.session.build_queue import Job
    from tui.session.build_record import BuildRecord
    from tui.session.comparison import Comparison
    from tui.session.course_images import Target
    from tui.session.coursework import Coursework
    from tui.session.errand import Errand
    from tui.session.evidence import Evidence
    from tui.session.history import LastBuild
    from tui.session.inside_record import InsideRecord
    from tui.session.run_bench import RunBench
    from tui.session.workbench import News, Workbench

NO_ENGINE_TAG = "IMAGE"
"""What stands in a command for the tag while there is no engine to name it."""
BUILD_UNDER_WAY = "A build is under way. x cancels it."
LOOK_UNDER_WAY = "The images are being looked into. x cancels it."


class Learner:
    """What the screens show and change. For the UI's thread alone."""

    def __init__(self, options: StartOptions, beginning: Beginning, settings: Settings) -> None:
        self.options = options
        self.outline: Outline = beginning.outline
        self.work: Coursework | None = None
        """What is done in the course; None until the whole of it was read."""
        self.project: Project = options.project()
        self.no_cache = options.no_cache
        self.at_once = options.at_once or settings.at_once
        self.step_index = beginning.index
        self._prose = beginning.prose
        self.bench: Workbench | None = None
        self.focused_variant: Variant = self.project.variants[-1]
        """The variant whose command is shown: the one that was dealt with last."""
        self._side: tuple[Target, ...] = ()
        """What a lesson had built, shown in place of the project's variants."""
        self.found = Findings()
        """What building again and starting images told about them."""
        self.on_news: Callable[[], object] | None = None
        """Called, on another thread, when there is something to `drain` again."""
        self.errand: Errand | None = None
        """What is being found out for a lesson, or was last."""

    @property
    def head(self) -> Head:
        """The step of the walk-through that is open, without its page."""
        return self.outline.heads[self.step_index]

    @property
    def course(self) -> Course:
        """The whole course, once it was read."""
        assert self.work is not None
        return self.work.course

    @property
    def step(self) -> Step:
        """The step that is open, once the course was read."""
        return self.course.steps[self.step_index]

    def page(self) -> str:
        """What the open step says, as Markdown."""
        if self.work is None:
            return self._prose
        from tui.session.lesson_text import page_of

        return page_of(self.step, self.work, self.evidence())

    def evidence(self) -> Evidence:
        """What is known of the images that the course names."""
        from tui.session.evidence import Evidence

        assert self.work is not None
        return Evidence(self.work.opened, self.bench, self.found)

    @property
    def has_errand(self) -> bool:
        """Whether something is being found out for a lesson."""
        return self.errand is not None and not self.errand.is_over

    def mark(self, step: str) -> str:
        """How a step stands: `opened`, `skipped`, `done`, or nothing."""
        return (self.work.mark(step) if self.work is not None else None) or ""

    def take_course(self, work: Coursework) -> None:
        """The whole course is here: go on where the learner stopped."""
        self.work = work
        self.outline = outline_of(work.course)
        self.step_index = work.first_index

    def go_to(self, index: int) -> bool:
        """Open another step; False beyond the ends."""
        if not 0 <= index < len(self.outline.heads):
            return False
        self.step_index = index
        self._side = ()
        wanted = self.head.edition or CURRENT
        if self.project.edition is not None and self.project.edition != wanted:
            self.set_edition(wanted)
        return True

    def set_edition(self, name: str) -> None:
        """Use this edition's Dockerfiles."""
        self.project = edition(name)
        self.focused_variant = self.project.variants[-1]

    def other_edition(self) -> str | None:
        """The edition that a switch leads to; None where the project is the learner's own."""
        if self.project.edition is None:
            return None
        return HISTORIC if self.project.edition == CURRENT else EDITIONS[0]

    def adopt(self, engine: Engine) -> None:
        """Work on this engine from now on; what was built before is still shown."""
        from tui.session.workbench import Workbench

        before = self.bench
        self.bench = Workbench(engine, self.options.builder, options=self.options.build, on_news=self.on_news)
        if before is not None:
            self.bench.anatomies.update(before.anatomies)
            self.bench.records.update(before.records)
            self.bench.insides.update(before.insides)

    @property
    def is_busy(self) -> bool:
        """Whether anything is being built."""
        return self.bench is not None and self.bench.queue.is_busy

    @property
    def run_bench(self) -> RunBench | None:
        """Where variants are run; None while there is no engine."""
        return self.bench.runs if self.bench is not None else None

    @property
    def is_running(self) -> bool:
        """Whether a container of this session runs or is about to."""
        return self.bench is not None and self.bench.has_runs and self.bench.runs.runner.is_busy

    @property
    def is_looking(self) -> bool:
        """Whether an image is being looked into."""
        return self.bench is not None and self.bench.inspector.is_busy

    @property
    def under_way(self) -> str:
        """What the engine has to do for us, and the key that ends it; empty where it is nothing."""
        if self.is_busy:
            return BUILD_UNDER_WAY
        if self.is_looking:
            return LOOK_UNDER_WAY
        return "A container is being asked. x stops it." if self.has_errand else ""

    def variants_for(self, action: str) -> tuple[Variant, ...]:
        """What a building action builds; empty where the project has nothing of that sort."""
        variants = self.project.variants
        match action:
            case "build-both":
                return variants
            case "build-first":
                return variants[:1]
            case "build-second":
                return variants[1:2]
            case "build-stage":
                return self.project.stages[:1]
        return ()

    def build(self, variants: Sequence[Variant]) -> list[Job]:
        """Begin to build these. There must be an engine."""
        assert self.bench is not None
        self._side = ()
        self.focused_variant = variants[-1]
        return self.bench.build(self.project, variants, no_cache=self.no_cache, at_once=self.at_once)

    def build_targets(self, targets: Sequence[Target], *, no_cache: bool | None = None) -> None:
        """Begin to build what a lesson asks for, one after the other. There must be an engine."""
        assert self.bench is not None
        self._side = tuple(targets)
        for target in targets:
            anew = self.no_cache if no_cache is None else no_cache
            self.bench.build(target.project, [target.variant], no_cache=anew)

    def shown_builds(self) -> list[tuple[Project, Variant]]:
        """The builds to be shown beside each other: one of a lesson's stands beside the single-stage one."""
        project = self.project
        if self._side:
            alone = len(self._side) == 1 and self._side[0].project.edition is None
            beside = [(project, project.variants[0])] if alone else []
            return [*beside, *((target.project, target.variant) for target in self._side[:2])]
        shown = project.stages if self.focused_variant in project.stages else project.variants
        return [(project, variant) for variant in shown]

    def look_into(self, target: Target) -> bool:
        """Begin to look into the image of a target; False where it was not built."""
        record = self.bench.records.get(target.subject) if self.bench is not None else None
        if self.bench is None or record is None or record.image is None:
            return False
        alone = replace(target.project, name=target.subject)
        self.bench.look_inside(alone, [(target.variant, record.image)], measure_packed=False)
        return True

    def drain(self) -> News:
        """What has happened since the last call."""
        from tui.session.workbench import News

        if self.bench is None:
            return News()
        news = self.bench.drain()
        # What is started for a lesson is no business of the Run tab.
        return replace(news, runs=tuple((run, event) for run, event in news.runs if run.id not in self.found.runs))

    def record(self, variant: Variant, project: Project | None = None) -> BuildRecord | None:
        """The newest build of a variant."""
        return self.bench.record(project or self.project, variant) if self.bench is not None else None

    def bases(self, variant: Variant, project: Project | None = None) -> tuple[BaseImage, ...]:
        """How the images stand that a variant starts from; empty where that is not known yet, or not any more."""
        bench, project = self.bench, project or self.project
        known = {base.wanted: base for base in self.found.bases.get(project.name, ())}
        if bench is None or not known:
            return ()
        from tui.session.base_images import images_wanted

        try:
            arguments = dict(bench.request(project, variant).build_args)
            wanted = images_wanted([variant.dockerfile], bench.engine.info.builder, arguments)
        except OSError:
            return ()
        return tuple(known[image] for image in wanted if image in known)

    def previous(self, variant: Variant, project: Project | None = None) -> LastBuild | None:
        """What the build before the newest one took, in this session or an earlier one."""
        if self.bench is None or self.bench.engine.info.recorded_on is not None:
            return None
        subject = (project or self.project).subject(variant)
        return self.bench.previous.get(subject) or self.bench.history.last(subject)

    def comparison(self) -> Comparison | None:
        """The project's variants that are built, beside each other."""
        return self.bench.comparison(self.project) if self.bench is not None else None

    def look_inside(self, *, measure_packed: bool = False) -> bool:
        """Begin to look into the images that are built; False where there is none yet."""
        comparison = self.comparison()
        if self.bench is None or comparison is None or not comparison.built:
            return False
        images = [(built.variant, built.image) for built in comparison.built]
        self.bench.look_inside(self.project, images, measure_packed=measure_packed)
        return True

    def inside(self) -> InsideRecord | None:
        """What is seen, or being seen, inside the images that are built now; None where nobody looked yet."""
        comparison = self.comparison()
        record = self.bench.insides.get(self.project.name) if self.bench is not None else None
        if record is None or comparison is None:
            return None
        return record if record.image_ids == tuple(built.image.image_id for built in comparison.built) else None

    def stages(self) -> Comparison | None:
        """The stages that were built alone."""
        if self.bench is None:
            return None
        from tui.session.comparison import compare

        pairs = [(stage, self.record(stage)) for stage in self.project.stages]
        return compare(self.project, self.bench.engine.info, [(s, r) for s, r in pairs if r is not None])

    def command(self, variant: Variant | None = None) -> str:
        """The docker command that building a variant equals."""
        chosen = variant or (self._side[-1].variant if self._side else self.focused_variant)
        project = self._side[-1].project if self._side and variant is None else self.project
        if self.bench is not None:
            return self.bench.command(project, chosen, no_cache=self.no_cache)
        from tui.engine.request import BuildRequest

        request = BuildRequest(
            project.context,
            chosen.dockerfile,
            NO_ENGINE_TAG,
            target=chosen.target,
            no_cache=self.no_cache,
            builder=self.options.builder,
        )
        return docker_build_command(
            self.options.build.applied(request, is_course_image=project.is_of_course), Path.cwd()
        )

    def look_command(self, view: str) -> str | None:
        """The docker command that equals looking at the images: at their `sizes`, `layers`, or what is `inside`.

        None while nothing is built.
        """
        comparison = self.comparison()
        tags = [built.image.tags[0] for built in comparison.built if built.image.tags] if comparison is not None else []
        if not tags:
            return None
        match view:
            case "sizes":
                return f"docker image ls --filter 'reference={tags[0].partition('/')[0]}/*:{self.project.name}'"
            case "layers":
                return f"docker history --no-trunc {tags[-1]}"
        return f"docker save {' '.join(tags)} | tar -xO manifest.json"

    def run_command(self, variant: str) -> str | None:
        """The docker command of what was done last with a variant's container, or of starting one.

        None while the variant is not built.
        """
        bench, chosen = self.run_bench, self.project.variant(variant)
        built = self.record(chosen)
        if bench is None or built is None or built.image is None:
            return None
        return bench.command(self.project, chosen)

    def settings(self, current: Settings, *, theme: str, wrap: bool) -> Settings:
        """The settings as they are now, to be kept."""
        return replace(current, theme=theme, wrap=wrap, at_once=self.at_once)
