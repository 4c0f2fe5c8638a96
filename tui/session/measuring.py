"""What a lesson asks to be measured, answered from the builds, insides and containers that a session has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tui.course.checks import SAME_SHARE
from tui.course.facts import Facts, HttpAnswer, ProgramFact, RebuiltStep, Unknown
from tui.course.measures import Measure
from tui.course.measures import Purpose as Asked
from tui.course.path_patterns import matching
from tui.engine.events import FailureKind
from tui.image.anatomy import Anatomy
from tui.image.purposes import Purpose
from tui.session.build_record import BuildRecord, StepState
from tui.session.container_trial import Questions, Trial
from tui.session.image_facts import base_bytes, facts_of

PURPOSE_OF = {
    Asked.BASE: Purpose.BASE_SYSTEM,
    Asked.TOOLCHAIN: Purpose.TOOLCHAIN,
    Asked.BUILD_CACHE: Purpose.BUILD_CACHE,
    Asked.MODULE_CACHE: Purpose.MODULE_CACHE,
    Asked.SOURCES: Purpose.SOURCES,
    Asked.PROGRAM: Purpose.YOUR_PROGRAM,
}
ROOT = ("", "0", "root")


class Remedy(StrEnum):
    """What would make something known."""

    BUILD = "build"
    LOOK = "look"
    """Look inside the image."""
    REBUILD = "rebuild"
    """Build it again, after an edit of one line of a file, or without one."""
    START = "start"
    """Start a container, and ask it."""
    WEIGH = "weigh"
    """Ask the engine what the images weigh that the build left behind."""
    NOTHING = "nothing"
    """It cannot be had here: a recording builds nothing anew and runs nothing, and some images have no such thing."""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Something that is not known yet."""

    image: str
    """The image that it takes; empty where nothing helps."""
    remedy: Remedy
    file: str = ""
    """The file to edit before a rebuild; empty for none."""
    until: frozenset[str] = frozenset()
    """Parts of the instructions that a rebuild is about: it may end when these are over. Empty for all of it."""
    questions: Questions = field(default_factory=Questions)
    """What the container is asked."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A build of an image that came after another one."""

    seconds: float
    steps: tuple[RebuiltStep, ...]
    """Without FROM, which is looked up anew each time and says nothing of the cache."""
    is_whole: bool = True
    """Whether it went on to its end, once it had told what was asked."""

    @property
    def cached(self) -> int:
        """How many steps came from the cache."""
        return sum(step.is_cached for step in self.steps)


@dataclass(frozen=True, slots=True)
class Known:
    """What a session has of one image."""

    record: BuildRecord | None = None
    """Its newest build."""
    anatomy: Anatomy | None = None
    """Of the image that this build made."""
    rebuilds: Mapping[str, Rebuild] = field(default_factory=dict)
    """By the file that was edited before; empty for none."""
    trials: Sequence[Trial] = ()
    """The containers that were started of it, oldest first."""
    left_bytes: int | None = None
    """What its build left on the engine; None where nobody asked."""
    source: str = ""
    """A source of its program, to be edited where a rebuild is timed."""
    is_recorded: bool = False
    """Whether nothing can be built anew or run."""

    @property
    def is_not_recorded(self) -> bool:
        """Whether its build was asked for, and is in no recording."""
        failure = self.record.failure if self.record is not None else None
        return failure is not None and failure.kind is FailureKind.NOT_RECORDED


def measure_value(measure: Measure, known: Mapping[str, Known], options: Sequence[str] = ()) -> float | Unmeasured:
    """The number that a measure has, in its unit; for one of several the number of the option, counted from 1."""
    pairs = [(image, known.get(image, Known())) for image in measure.images]
    for image, have in pairs:
        if have.record is None or have.record.image is None:
            return NOT_TO_BE_HAD if have.is_not_recorded else Unmeasured(image, Remedy.BUILD)
    image, have = pairs[0]
    kind = measure.kind.name
    if kind in INSIDE and have.anatomy is None:
        return Unmeasured(image, Remedy.LOOK)
    if kind in REBUILT or kind in RUN or kind == "leftover":
        return _done_anew(measure, pairs)
    if kind in INSIDE and have.anatomy is not None:
        value = _inside(measure, have, have.anatomy, options)
    else:
        value = _outside(measure, [have for _, have in pairs], options)
    return value if value is not None else NOT_TO_BE_HAD


NOT_TO_BE_HAD = Unmeasured("", Remedy.NOTHING)
REBUILT = frozenset(("cached-steps", "cached-after-edit", "speed-up"))
"""Measures that take another build."""
RUN = frozenset(("exit-code", "http-status", "starts", "one-image", "stop-seconds"))
"""Measures that take a container."""
INSIDE = frozenset(
    (
        "base-size", "program-size", "largest-layer", "bytes-for", "base-share", "layers", "files", "contains",
        "buried", "static", "largest-purpose",
    )
)  # fmt: skip
"""Measures that nobody knows before an image was looked into."""


def _done_anew(measure: Measure, pairs: Sequence[tuple[str, Known]]) -> float | Unmeasured:
    """What takes another build, a container, or a question to the engine."""
    image, have = pairs[0]
    missing: Unmeasured | None
    if measure.kind.name == "leftover":
        value, missing = _left(have), Unmeasured(image, Remedy.WEIGH)
    elif measure.kind.name in RUN:
        value, questions = _run(measure, have)
        missing = Unmeasured(image, Remedy.START, questions=questions)
    else:
        value, missing = _rebuilt(measure, pairs)
    if value is not None:
        return value
    return missing if missing is not None and not have.is_recorded else NOT_TO_BE_HAD


def _left(have: Known) -> float | None:
    assert have.record is not None
    assert have.record.image is not None
    others = set(have.record.stage_images) - {have.record.image.image_id}
    return have.left_bytes if others else 0.0


def _rebuilt(measure: Measure, pairs: Sequence[tuple[str, Known]]) -> tuple[float | None, Unmeasured | None]:
    """The number, or what is missing for it."""
    times: list[float] = []
    for image, have in pairs:
        files = {"cached-steps": "", "cached-after-edit": measure.arguments[-1], "speed-up": have.source}
        file = files[measure.kind.name]
        rebuild = have.rebuilds.get(file)
        if rebuild is None or not rebuild.is_whole:
            return None, Unmeasured(image, Remedy.REBUILD, file)
        if measure.kind.name != "speed-up":
            return float(rebuild.cached), None
        times.append(rebuild.seconds)
    return times[0] / max(times[1], SHORTEST_SECONDS), None


SHORTEST_SECONDS = 0.001


def _run(measure: Measure, have: Known) -> tuple[float | None, Questions]:
    """The newest number, and what a container is to be asked where there is none."""
    trials = list(reversed(have.trials))
    match measure.kind.name:
        case "starts":
            return next((float(trial.began) for trial in trials), None), Questions()
        case "exit-code":
            return next((float(t.exit_code) for t in trials if t.exit_code is not None), None), Questions()
        case "stop-seconds":
            return next((t.stop_seconds for t in trials if t.stop_seconds is not None), None), Questions(
                times_stop=True
            )
        case "http-status":
            path = measure.arguments[1]
            answers = [t.http[path] for t in trials if path in t.http]
            # A container that does not answer has no status: 0.
            status = next((float(a.status) if isinstance(a, HttpAnswer) else 0.0 for a in answers), None)
            return status, Questions(frozenset((path,)))
    named = [trial.image_id for trial in trials if trial.image_id]
    return float(named[0] == named[1]) if len(named) > 1 else None, Questions()


def _outside(measure: Measure, images: Sequence[Known], options: Sequence[str]) -> float | None:
    """What the build and the engine's own words tell."""
    records = [have.record for have in images if have.record is not None]
    built = [record.image for record in records if record.image is not None]
    sizes = [image.size_bytes for image in built]
    match measure.kind.name:
        case "size":
            return float(sizes[0])
        case "difference":
            return float(sizes[0] - sizes[1])
        case "ratio":
            return sizes[0] / sizes[1] if sizes[1] else None
        case "smaller":
            second = sizes[1] < sizes[0] * (1 - SAME_SHARE)
            return _option(measure.arguments[1 if second else 0], options)
        case "seconds":
            return records[0].seconds
        case "steps":
            return float(len(records[0].instructions))
        case "root":
            return float(built[0].user.split(":")[0] in ROOT)
        case "stage-ran":
            ran = (StepState.DONE, StepState.CACHED)
            return float(any(s.stage == measure.arguments[1] and s.state in ran for s in records[0].steps))
    return None


def _inside(measure: Measure, have: Known, anatomy: Anatomy, options: Sequence[str]) -> float | None:
    """What the layers and files tell."""
    match measure.kind.name:
        case "base-size":
            return float(base_bytes(anatomy))
        case "program-size":
            return float(anatomy.program_bytes)
        case "largest-layer":
            return float(max((layer.size_bytes for layer in anatomy.layers), default=0))
        case "bytes-for":
            return float(anatomy.by_purpose[PURPOSE_OF[Asked(measure.arguments[1])]].size_bytes)
        case "base-share":
            return 100 * base_bytes(anatomy) / max(1, anatomy.unpacked_bytes)
        case "layers":
            return float(anatomy.facts.layer_count)
        case "largest-purpose":
            sizes = {name: anatomy.by_purpose[PURPOSE_OF[Asked(name)]].size_bytes for name in options}
            return _option(max(sizes, key=lambda name: sizes[name]), options)
    return _in_files(measure, _facts(have, anatomy))


def _in_files(measure: Measure, facts: Facts) -> float | None:
    match measure.kind.name:
        case "files" if not isinstance(facts.files, Unknown):
            return float(len(matching(measure.arguments[1], facts.files)))
        case "contains" if not isinstance(facts.files, Unknown):
            return float(bool(matching(measure.arguments[1], facts.files)))
        case "buried" if not isinstance(facts.buried, Unknown):
            return float(bool(matching(measure.arguments[1], facts.buried)))
        case "static" if isinstance(facts.program, ProgramFact):
            return float(facts.program.is_static)
    return None


def _facts(have: Known, anatomy: Anatomy) -> Facts:
    assert have.record is not None
    assert have.record.image is not None
    return facts_of(have.record.image, anatomy)


def _option(name: str, options: Sequence[str]) -> float | None:
    return float(options.index(name) + 1) if name in options else None
