"""What can be measured, by name: `size:simple`, `ratio:simple:multistage`.

A lesson names a measure, and the session answers it on the learner's engine. Here is what each is called, which
arguments it takes, and what its number counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tui.course.quantity import Unit


class Argument(StrEnum):
    """What an argument of a measure names."""

    IMAGE = "image"
    """An image that can be built: of the tutorial, of the course, or of an exercise."""
    PATH = "path"
    """An absolute path inside an image, or a pattern such as `**/*.go`."""
    FILE = "file"
    """A file of the build context."""
    STAGE = "stage"
    PURPOSE = "purpose"


class Purpose(StrEnum):
    """What bytes of an image are there for."""

    BASE = "base"
    TOOLCHAIN = "toolchain"
    BUILD_CACHE = "build-cache"
    MODULE_CACHE = "module-cache"
    SOURCES = "sources"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """One thing that can be measured."""

    name: str
    unit: Unit
    arguments: tuple[Argument, ...]
    title: str
    """What it is, with the arguments in braces by number: `the size of {0}`."""


_IMAGE, _PATH, _FILE, _STAGE = Argument.IMAGE, Argument.PATH, Argument.FILE, Argument.STAGE

KINDS = (
    MeasureKind("size", Unit.BYTES, (_IMAGE,), "the size of {0}"),
    MeasureKind("base-size", Unit.BYTES, (_IMAGE,), "what the base of {0} weighs"),
    MeasureKind("program-size", Unit.BYTES, (_IMAGE,), "what the program in {0} weighs"),
    MeasureKind("largest-layer", Unit.BYTES, (_IMAGE,), "the largest layer of {0}"),
    MeasureKind("bytes-for", Unit.BYTES, (_IMAGE, Argument.PURPOSE), "what {0} holds as {1}"),
    MeasureKind("leftover", Unit.BYTES, (_IMAGE,), "what the build of {0} left behind on the engine"),
    MeasureKind("difference", Unit.BYTES, (_IMAGE, _IMAGE), "how much {0} is larger than {1}"),
    MeasureKind("ratio", Unit.RATIO, (_IMAGE, _IMAGE), "how many times {0} is as large as {1}"),
    MeasureKind("speed-up", Unit.RATIO, (_IMAGE, _IMAGE), "how many times {0} takes as long as {1} to rebuild"),
    MeasureKind("base-share", Unit.PERCENT, (_IMAGE,), "the base's share of {0}"),
    MeasureKind("seconds", Unit.SECONDS, (_IMAGE,), "how long {0} takes to build"),
    MeasureKind("stop-seconds", Unit.SECONDS, (_IMAGE,), "how long a container of {0} takes to stop"),
    MeasureKind("layers", Unit.COUNT, (_IMAGE,), "the layers of {0} that hold anything"),
    MeasureKind("steps", Unit.COUNT, (_IMAGE,), "the steps of the build of {0}"),
    MeasureKind("cached-steps", Unit.COUNT, (_IMAGE,), "the cached steps of a second build of {0}"),
    MeasureKind(
        "cached-after-edit", Unit.COUNT, (_IMAGE, _FILE), "the cached steps of {0} after a one-line edit of {1}"
    ),
    MeasureKind("files", Unit.COUNT, (_IMAGE, _PATH), "the files {1} in {0}"),
    MeasureKind("exit-code", Unit.COUNT, (_IMAGE,), "the exit code of a container of {0}"),
    MeasureKind("http-status", Unit.COUNT, (_IMAGE, _PATH), "the status with which {0} answers {1}"),
    MeasureKind("contains", Unit.YES_NO, (_IMAGE, _PATH), "whether {0} has {1}"),
    MeasureKind("buried", Unit.YES_NO, (_IMAGE, _PATH), "whether a layer of {0} still has {1}"),
    MeasureKind("static", Unit.YES_NO, (_IMAGE,), "whether the program in {0} needs no library"),
    MeasureKind("starts", Unit.YES_NO, (_IMAGE,), "whether a container of {0} starts"),
    MeasureKind("root", Unit.YES_NO, (_IMAGE,), "whether a container of {0} runs as root"),
    MeasureKind("one-image", Unit.YES_NO, (_IMAGE,), "whether two containers of {0} have one image ID"),
    MeasureKind("stage-ran", Unit.YES_NO, (_IMAGE, _STAGE), "whether building {0} ran the stage {1}"),
    MeasureKind(
        "smaller", Unit.WHICH, (_IMAGE, _IMAGE), "which is smaller: {0}, also where they weigh about the same, or {1}"
    ),
    MeasureKind("largest-purpose", Unit.WHICH, (_IMAGE,), "what most bytes of {0} are there for"),
)
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of measure and what it is taken of."""

    kind: MeasureKind
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return ":".join((self.kind.name, *self.arguments))

    @property
    def unit(self) -> Unit:
        """What its number counts."""
        return self.kind.unit

    @property
    def title(self) -> str:
        """What it is, in words."""
        return self.kind.title.format(*self.arguments)

    @property
    def images(self) -> tuple[str, ...]:
        """The images that must be there before it can be answered."""
        pairs = zip(self.kind.arguments, self.arguments, strict=True)
        return tuple(value for argument, value in pairs if argument is Argument.IMAGE)


class NoSuchMeasure(Exception):
    """A name does not say what is to be measured; the message tells what is wrong with it."""


def parse_measure(text: str) -> Measure:
    """The measure of a name. Raises NoSuchMeasure."""
    name, *arguments = text.split(":")
    kind = BY_NAME.get(name)
    if kind is None:
        raise NoSuchMeasure(f"there is no measure {name!r}; there are {', '.join(BY_NAME)}")
    if len(arguments) != len(kind.arguments) or not all(arguments):
        form = ":".join((name, *(argument.upper() for argument in kind.arguments)))
        raise NoSuchMeasure(f"the measure {name} is written {form}")
    for argument, value in zip(kind.arguments, arguments, strict=True):
        if argument is Argument.PURPOSE and value not in list(Purpose):
            raise NoSuchMeasure(f"a purpose is one of {', '.join(Purpose)}, not {value!r}")
        if argument is not Argument.PATH and not re.fullmatch(r"[\w./-]+", value, re.ASCII):
            raise NoSuchMeasure(f"{value!r} is no name for the {argument} of {name}")
    return Measure(kind, tuple(arguments))
