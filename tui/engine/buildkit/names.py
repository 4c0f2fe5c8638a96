"""The names that BuildKit gives its steps, and the instructions that they stand for.

`[linux/amd64 builder  4/10] RUN make`: the platform where several are built, the stage, the step's number within the
stage, the instruction with its variables filled in. Source of the rules: moby/buildkit,
frontend/dockerfile/dockerfile2llb/convert.go (prefixCommand, buildDispatchStates, initOnBuildTriggers).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tui.engine.dockerfile import Dockerfile, Instruction, Stage
from tui.engine.dockerfile.model import NOTHING
from tui.engine.dockerfile.steps import NUMBERED, numbered_steps, step_text

STEP_NAME = re.compile(
    r"\[(?:[a-z][^\s/\]]*/\S+ )?(?:(?P<stage>[a-z]\S*) )?\s*(?P<number>\d+)/(?P<count>\d+)\] "
    r"(?P<trigger>ONBUILD )?(?P<instruction>.*)",
    re.DOTALL | re.IGNORECASE,
)
IMAGE_SOURCE = re.compile(r"(?:FROM |docker-image://)(?P<image>\S+)$")
"""An image that no FROM names: that of `COPY --from=alpine`, or of a `# syntax=` line."""
VARIABLE = re.compile(r"\$(?:\w+|\{[^}]*\})")
UNSEEN = re.compile(r"[\s\"'\\`]+")
"""What BuildKit may add or take away when it fills in variables."""


@dataclass(frozen=True, slots=True)
class StepName:
    """A step's name, taken apart."""

    stage: str
    """Empty where the Dockerfile has one stage only."""
    number: int
    """Counted from 1 within the stage."""
    count: int
    instruction: str
    is_trigger: bool = False
    """Whether it is an ONBUILD instruction of the base image: no line of this Dockerfile."""

    @property
    def keyword(self) -> str:
        """In capitals: `RUN`."""
        return self.instruction.split(" ")[0].upper()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a Dockerfile a step belongs."""

    stage: Stage | None
    instruction: Instruction | None


def parse_name(name: str) -> StepName | None:
    """The parts of an instruction's name; None for BuildKit's housekeeping."""
    match = STEP_NAME.fullmatch(name)
    if match is None:
        return None
    instruction = match["instruction"].removeprefix("LINK ")
    if instruction.startswith("FROM "):
        instruction = without_digest(instruction)
    number, count = int(match["number"]), int(match["count"])
    return StepName(match["stage"] or "", number, count, instruction, is_trigger=match["trigger"] is not None)


def is_source(name: str) -> bool:
    """Whether a step of this name fetches an image."""
    parsed = parse_name(name)
    return parsed.keyword == "FROM" if parsed else IMAGE_SOURCE.match(name) is not None


def without_digest(text: str) -> str:
    """BuildKit appends the digest that it resolved: `FROM docker.io/library/alpine:3@sha256:…`."""
    return text.split("@sha256:")[0]


class StepPlaces:
    """Finds the instruction of each step's name.

    The number within the stage decides, as instructions may be alike; the text is the check. A name that another
    client's build gave to a step that both have in common is found by its text.
    """

    def __init__(self, dockerfile: Dockerfile) -> None:
        self._stages = tuple(_NumberedStage.of(dockerfile, stage) for stage in dockerfile.stages)
        self._triggers: dict[int, int] = {}
        """How many ONBUILD instructions of its base image a stage carries out, by the stage's index."""

    def find(self, name: StepName) -> Place:
        """The stage and the instruction. Within one build, ask in the order of the numbers: triggers shift the rest."""
        candidates = tuple(stage for stage in self._stages if stage.is_called(name.stage, len(self._stages)))
        if name.is_trigger:
            return self._trigger(name, candidates)
        by_number = [(stage, self._numbered(stage, name)) for stage in candidates]
        for stage, step in by_number:
            if step is not None and step.literals_in(name.instruction) is not None:
                return Place(stage.stage, step.instruction)
        by_text = self._by_text(name, candidates) or self._by_text(name, self._stages)
        if by_text is not None and by_text.is_literal:
            return by_text.place
        for stage, step in by_number:
            if step is not None and step.instruction.keyword == name.keyword:
                return Place(stage.stage, step.instruction)
        return by_text.place if by_text is not None else _nowhere(candidates)

    def _trigger(self, name: StepName, candidates: Sequence[_NumberedStage]) -> Place:
        for stage in candidates:
            if name.count > stage.count:
                known = self._triggers.get(stage.stage.index, 0)
                self._triggers[stage.stage.index] = max(known, name.number - stage.is_pulled)
                return Place(stage.stage, stage.base)
        return _nowhere(candidates)

    def _numbered(self, stage: _NumberedStage, name: StepName) -> _NumberedStep | None:
        index = name.number - 1
        if not (stage.is_pulled and index == 0):
            shift = self._triggers.get(stage.stage.index, 0)
            if (name.count > stage.count) is not (shift > 0):
                return None
            index -= shift
        if name.count < stage.count:
            return None
        return stage.steps[index] if 0 <= index < len(stage.steps) else None

    def _by_text(self, name: StepName, stages: Sequence[_NumberedStage]) -> _Match | None:
        """The instruction that has most of the text literally; of several, the one of this number, or the first."""
        best: _Match | None = None
        for stage in stages:
            for number, step in enumerate(stage.steps, 1):
                literals = step.literals_in(name.instruction)
                if literals is None or literals <= len(step.instruction.keyword):
                    continue
                is_literal = len(step.pieces) == 1
                match = _Match(literals, number == name.number, is_literal, Place(stage.stage, step.instruction))
                if best is None or match.rank > best.rank:
                    best = match
        return best


@dataclass(frozen=True, slots=True)
class _Match:
    """An instruction that a shown text may be."""

    literals: int
    has_number: bool
    is_literal: bool
    """Whether it has no variables: then the text is its own."""
    place: Place

    @property
    def rank(self) -> tuple[int, bool]:
        """The higher, the likelier."""
        return self.literals, self.has_number


@dataclass(frozen=True, slots=True)
class _NumberedStep:
    """An instruction that makes a step."""

    instruction: Instruction
    pieces: tuple[str, ...]
    """Its text, cut where variables are, without spaces and quotes."""

    @classmethod
    def of(cls, instruction: Instruction, stage: Stage) -> _NumberedStep:
        is_from = instruction.keyword == "FROM"
        text = f"FROM {_familiar(stage.base)}" if is_from else step_text(instruction)
        return cls(instruction, tuple(UNSEEN.sub("", piece) for piece in VARIABLE.split(text)))

    def literals_in(self, shown: str) -> int | None:
        """How many characters of the shown text are literally this instruction's; None where it cannot be it."""
        if self.instruction.keyword == "FROM":
            shown = f"FROM {_familiar(shown.removeprefix('FROM '))}"
        text = UNSEEN.sub("", shown)
        if text.endswith("…"):
            return len(text) - 1 if "".join(self.pieces).startswith(text[:-1]) else None
        return _length_of_match(self.pieces, text)


@dataclass(frozen=True, slots=True)
class _NumberedStage:
    """A stage with the instructions that BuildKit numbers in it."""

    stage: Stage
    steps: tuple[_NumberedStep, ...]
    count: int
    """What BuildKit says after the slash: it counts a `WORKDIR /`, though it makes no step of it."""
    base: Instruction
    """Its FROM."""
    is_pulled: bool
    """Whether its FROM is a step: it names an image, not an earlier stage or scratch."""

    @classmethod
    def of(cls, dockerfile: Dockerfile, stage: Stage) -> _NumberedStage:
        base, *rest = dockerfile.instructions_of(stage)
        is_pulled = stage.base != NOTHING and dockerfile.base_stage(stage) is None
        count = sum(instruction.keyword in NUMBERED for instruction in rest) + is_pulled
        numbered = numbered_steps(dockerfile, stage, count)
        steps = (_NumberedStep.of(numbered[number], stage) for number in sorted(numbered))
        return cls(stage, tuple(steps), count, base, is_pulled)

    def is_called(self, name: str, stages: int) -> bool:
        """Whether BuildKit may mean this stage: a nameless one is `stage-1`, an only one has no name at all."""
        own = (self.stage.name or f"stage-{self.stage.index}").lower()
        return name.lower() == own if name else stages == 1


def _nowhere(candidates: Sequence[_NumberedStage]) -> Place:
    return Place(candidates[0].stage if candidates else None, None)


def _familiar(image: str) -> str:
    """An image's name as people write it, so that two ways of writing it are equal."""
    name = without_digest(image).removeprefix("docker.io/").removeprefix("library/")
    return name if ":" in name.rpartition("/")[2] or "$" in name else f"{name}:latest"


def _length_of_match(pieces: tuple[str, ...], text: str) -> int | None:
    """The length of the pieces where the text is made of them, in this order, with anything in between."""
    first, *rest = pieces
    if not rest:
        return len(text) if text == first else None
    last = rest.pop()
    if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
        return None
    position, end = len(first), len(text) - len(last)
    for piece in rest:
        found = text.find(piece, position, end)
        if found < 0:
            return None
        position = found + len(piece)
    return sum(map(len, pieces))
