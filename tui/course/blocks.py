"""What the page of a step is made of: prose, and directives between it. Frozen data, as the reader found it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tui.course.checks import Check
from tui.course.measures import Measure


class Where(StrEnum):
    """What a text may be meant for alone."""

    ENGINE = "engine"
    """`docker`, `podman`."""
    BUILDER = "builder"
    """`buildkit`, `classic`."""
    STORE = "store"
    """`graph` (a graph driver such as overlay2), `containerd`."""
    SYSTEM = "os"
    """`linux`, `macos`, `windows`."""


PLACES = {
    Where.ENGINE: ("docker", "podman"),
    Where.BUILDER: ("buildkit", "classic"),
    Where.STORE: ("graph", "containerd"),
    Where.SYSTEM: ("linux", "macos", "windows"),
}
"""What each can be."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown between two directives."""

    markdown: str
    line: int
    """Its first line in the file, as for every block."""


@dataclass(frozen=True, slots=True)
class Show:
    """A file, or part of it, with some lines in focus."""

    name: str
    """As the lesson names it: `exercises/cache/solution.Dockerfile`, `goapp/main.go`."""
    text: str
    focus: tuple[int, ...]
    """1-based numbers of the lines that matter; empty where all do."""
    first: int
    """The first line that is shown."""
    last: int
    markdown: str
    """What is said of it."""
    line: int


@dataclass(frozen=True, slots=True)
class DoAction:
    """Something that the app can do, by the id of its action."""

    action: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class BuildImages:
    """Images to be built, one after the other."""

    images: tuple[str, ...]
    no_cache: bool
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class StartContainer:
    """A container to be started, and stopped again."""

    image: str
    markdown: str
    line: int


Run = DoAction | BuildImages | StartContainer


@dataclass(frozen=True, slots=True)
class Predict:
    """A guess, to be made before what follows is run."""

    id: str
    """Unique in the course; progress is kept under it."""
    ask: str
    measure: Measure
    least: float | None
    """The measured answer is from `least` to `most`, on any engine; None where it is no number."""
    most: float | None
    options: tuple[str, ...]
    """For one of several; empty otherwise."""
    markdown: str
    """What is said when the measurement stands beside the guess."""
    line: int


@dataclass(frozen=True, slots=True)
class Choose:
    """A question with one right answer."""

    id: str
    ask: str
    options: tuple[str, ...]
    answer: int
    """The number of the right option, counted from 1."""
    markdown: str
    """Why; shown after the answer."""
    line: int


@dataclass(frozen=True, slots=True)
class Recall:
    """A question of an earlier step, asked again. It never holds anybody up."""

    question: Choose
    line: int

    @property
    def id(self) -> str:
        """What the answer is kept under: beside the first one, not instead of it."""
        return f"recall.{self.question.id}"


@dataclass(frozen=True, slots=True)
class CheckImage:
    """Facts of an image that the learner built, judged on the page."""

    id: str
    image: str
    checks: tuple[Check, ...]
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class DoExercise:
    """The place of an exercise on the page."""

    name: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class Reveal:
    """A text that is opened on demand."""

    title: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A text for the presenter alone."""

    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class Only:
    """A text for some engines, builders, stores or systems alone."""

    conditions: tuple[tuple[Where, str], ...]
    """All must hold."""
    markdown: str
    line: int

    @property
    def words(self) -> str:
        """Where it holds, for people."""
        return ", ".join(value for _, value in self.conditions)


Question = Predict | Choose | Recall
Block = Prose | Show | Run | Question | CheckImage | DoExercise | Reveal | Note | Only
