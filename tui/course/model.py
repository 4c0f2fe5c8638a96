"""A course as data: steps of blocks, exercises, images of its own, tracks through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from tui.course.blocks import Block, BuildImages, DoAction, DoExercise, Predict, StartContainer
from tui.course.checks import Check
from tui.course.plain import plain_markdown

PROGRAM_CONTEXT = "goapp"
"""The context that every course can name without having it: the program that comes with the app."""


class Kind(StrEnum):
    """What a step mostly asks of the learner."""

    PREDICT = "predict"
    RUN = "run"
    INVESTIGATE = "investigate"
    MODIFY = "modify"
    MAKE = "make"


class Needs(StrEnum):
    """What a step cannot do without."""

    NONE = "none"
    ENGINE = "engine"
    BUILDKIT = "buildkit"


class Expect(StrEnum):
    """How what the step runs is meant to end."""

    PASS = "pass"
    FAILURE = "failure"
    """On purpose: red, and nothing is wrong with the app."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a course."""

    id: str
    """The file's name without number and ending: `single-stage`. Progress is kept under it, so that steps can move."""
    title: str
    minutes: int
    """How long it takes."""
    blocks: tuple[Block, ...]
    kind: Kind = Kind.INVESTIGATE
    tracks: tuple[str, ...] = ()
    """The shorter ways through the course that it is part of."""
    needs: Needs = Needs.NONE
    expect: Expect = Expect.PASS
    subgoals: tuple[str, ...] = ()
    """Labels that stand in the prose, in the Dockerfile's margin and in the log: `Compile`, `Hand over`, `Run`."""
    tab: str | None = None
    """The tab that goes with it: `dockerfiles`, `build`, `sizes`, `inside` or `run`."""
    action: str | None = None
    """The action that it asks for: `build-first`."""
    edition: str | None = None
    """The edition whose Dockerfiles it talks about."""
    rows: tuple[str, ...] = ()
    """The rows of the tutorial that it teaches: `T2`."""
    file: str = ""
    """The file's name: `03-single-stage.md`."""

    @property
    def markdown(self) -> str:
        """The whole step as Markdown without directives: for plain pages and hand-outs."""
        return plain_markdown(self.blocks)

    @property
    def runs(self) -> tuple[DoAction | BuildImages | StartContainer, ...]:
        """All that the step may run."""
        return tuple(block for block in self.blocks if isinstance(block, DoAction | BuildImages | StartContainer))

    @property
    def exercises(self) -> tuple[str, ...]:
        """Names of its exercises."""
        return tuple(block.name for block in self.blocks if isinstance(block, DoExercise))

    def guesses_before(self, run: DoAction | BuildImages | StartContainer) -> tuple[Predict, ...]:
        """The guesses that unlock a run: those between it and the run before it."""
        before: list[Predict] = []
        for block in self.blocks:
            if block is run:
                break
            if isinstance(block, Predict):
                before.append(block)
            elif isinstance(block, DoAction | BuildImages | StartContainer):
                before.clear()
        return tuple(before)


class Form(StrEnum):
    """How much of an exercise's Dockerfile is there at the start."""

    BLANKS = "blanks"
    """A Dockerfile with `___` to fill in."""
    CHANGE = "change"
    """A whole one that is to be changed."""
    EMPTY = "empty"
    """Nothing but, perhaps, a comment."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A Dockerfile that the learner writes, and what is asked of its image."""

    name: str
    """Its folder: `exercises/NAME`. Progress is kept under it."""
    title: str
    context: str
    """`goapp`, or a folder of the course: `contexts/secret`."""
    starter: str
    """The text that the learner begins with."""
    solution: str
    checks: tuple[Check, ...]
    hints: tuple[str, str, str]
    """From a nudge to nearly the answer."""
    form: Form
    is_golf: bool = False
    """The smallest image that passes is kept as the learner's best."""


@dataclass(frozen=True, slots=True)
class CourseImage:
    """An image of the course's own, for steps that need another one than the tutorial's pair."""

    name: str
    """Unique, fit for a tag; measures, runs and checks name it."""
    title: str
    dockerfile: str
    """Relative to the course's folder."""
    context: str
    """As of an exercise."""
    target: str | None = None
    """The stage to stop at."""


@dataclass(frozen=True, slots=True)
class Track:
    """A shorter way through the course."""

    name: str
    title: str
    minutes: int
    """What its steps take together, at most."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course."""

    title: str
    steps: tuple[Step, ...]
    name: str = ""
    """Its folder's name; the progress of a course that comes with the app is kept under it."""
    authors: tuple[str, ...] = ()
    tracks: tuple[Track, ...] = ()
    images: Mapping[str, CourseImage] = field(default_factory=lambda: MappingProxyType({}))
    exercises: Mapping[str, Exercise] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(step.minutes for step in self.steps)

    def step(self, id: str) -> Step | None:
        """The step of this id."""
        return next((step for step in self.steps if step.id == id), None)

    def on_track(self, name: str | None) -> tuple[Step, ...]:
        """The steps of a track, or all of them."""
        return tuple(step for step in self.steps if name is None or name in step.tracks)
