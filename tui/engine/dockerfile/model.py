"""A Dockerfile, and what its stages take from: earlier stages, and images from outside."""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.engine.dockerfile.parts import Instruction, Stage

NOTHING = "scratch"
NUMBER = re.compile(r"[+-]?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile that was read."""

    text: str
    stages: tuple[Stage, ...]
    instructions: tuple[Instruction, ...]
    syntax: str | None = None
    """The frontend image that `# syntax=` asks for."""
    escape: str = "\\"
    """The character that continues a line: a backtick where `# escape=` says so."""
    directives: int = 0
    """How many lines at the top are directives."""

    def stage_named(self, name: str) -> Stage | None:
        """The stage of this name (in any case, as Docker compares them) or number; the last one where two share it."""
        wanted = name.lower()
        return next(
            (s for s in reversed(self.stages) if (s.name or "").lower() == wanted or str(s.index) == wanted), None
        )

    def base_stage(self, stage: Stage) -> Stage | None:
        """The earlier stage that this one starts from; None where that is an image."""
        return _Names(self.stages).before(stage)

    def instructions_of(self, stage: Stage) -> tuple[Instruction, ...]:
        """The instructions of a stage, its FROM first."""
        start = bisect_left(self.instructions, stage.line, key=lambda i: i.line)
        end = bisect_left(self.instructions, stage.end_line + 1, key=lambda i: i.line)
        return self.instructions[start:end]

    def external_bases(self, target: str | None = None) -> tuple[str, ...]:
        """The images from outside that its stages start from, copy from or mount, each once, in the file's order.

        With a target, only those that BuildKit pulls for it. A reference that holds a variable is left out: builders
        refuse it. Those of ONBUILD count where a later stage starts from theirs.
        """
        stages = self.stages if target is None else self.needed_stages(target)
        names = _Names(self.stages)
        images = (source.image for stage in stages for source in _sources(self, names, stage))
        return tuple(dict.fromkeys(image for image in images if image))

    def needed_stages(self, target: str | None = None) -> tuple[Stage, ...]:
        """The stages that BuildKit builds for a target (the last one if None), in the file's order."""
        goal = self.stage_named(target) if target else self.stages[-1] if self.stages else None
        names = _Names(self.stages)
        open_stages = [goal] if goal else []
        needed: dict[int, Stage] = {}
        while open_stages:
            stage = open_stages.pop()
            if stage.index not in needed:
                needed[stage.index] = stage
                open_stages += [source.stage for source in _sources(self, names, stage) if source.stage]
        return tuple(needed[index] for index in sorted(needed))


@dataclass(frozen=True, slots=True)
class _Source:
    """What a stage takes from: a stage of the same file, or an image."""

    stage: Stage | None = None
    image: str | None = None


class _Names:
    """Finds stages by name, which builders compare in any case; the last one counts where several share it."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = stages
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for stage in stages:
            if stage.name:
                self._by_name[stage.name.lower()].append(stage.index)

    def last(self, name: str) -> Stage | None:
        """The last stage of this name."""
        named = self._by_name.get(name.lower())
        return self.stages[named[-1]] if named else None

    def before(self, stage: Stage) -> Stage | None:
        """The stage that this one starts from: only an earlier one is meant."""
        named = self._by_name.get(stage.base.lower(), [])
        at = bisect_left(named, stage.index)
        return self.stages[named[at - 1]] if at else None


def _sources(dockerfile: Dockerfile, names: _Names, stage: Stage) -> Iterator[_Source]:
    below = names.before(stage)
    yield _Source(below) if below else _Source(image=_image(stage.base))
    if below:
        for instruction in dockerfile.instructions_of(below):
            if instruction.trigger:
                yield from _sources_of(names, instruction.trigger)
    for instruction in dockerfile.instructions_of(stage):
        yield from _sources_of(names, instruction)


def _sources_of(names: _Names, instruction: Instruction) -> Iterator[_Source]:
    if instruction.keyword == "COPY":
        for name in instruction.flag_values("from"):
            if NUMBER.fullmatch(name):
                index = int(name)
                yield _Source(names.stages[index] if 0 <= index < len(names.stages) else None)
            else:
                yield _named(names, name)
    elif instruction.keyword == "RUN":
        for mount in instruction.flag_values("mount"):
            if source := _mounted_from(mount):
                yield _named(names, source)


def _named(names: _Names, name: str) -> _Source:
    """A stage goes before an image of the same name; a number means nothing to a mount."""
    stage = names.last(name)
    return _Source(stage) if stage else _Source(image=_image(name))


def _image(name: str) -> str | None:
    return None if name in ("", NOTHING) or "$" in name else name


def _mounted_from(mount: str) -> str | None:
    """The `from` of `type=bind,from=…`: the last one, as in BuildKit."""
    try:
        fields = next(csv.reader([mount], strict=True), [])
    except csv.Error:
        return None
    pairs = (field.partition("=") for field in fields)
    return next((value for key, _, value in reversed(list(pairs)) if key.lower() == "from"), None)
