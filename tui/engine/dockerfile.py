"""A Dockerfile as data: its stages, its instructions and the lines they stand on.

Reading is dockerfile-parse's work; it does not know here-documents, so their bodies are blanked out before it
sees them.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

HEREDOC = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
HEREDOC_INSTRUCTIONS = ("RUN", "COPY", "ADD")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; lines count from 1, and both ends belong to it."""

    keyword: str
    """In capitals: `RUN`."""
    value: str
    """All that follows the keyword, continuation lines joined."""
    line: int
    end_line: int
    stage: int | None
    """Number of its stage, counted from 0; None for an ARG before the first FROM."""

    @property
    def text(self) -> str:
        """The instruction on one line, as the builders print it."""
        return f"{self.keyword} {self.value}"


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and all that follows until the next."""

    index: int
    name: str | None
    """What AS calls it."""
    base: str
    """The image or earlier stage that it starts from, build arguments before FROM filled in."""
    line: int
    end_line: int
    """The last line before the next stage, or the file's last."""

    @property
    def title(self) -> str:
        """Its name, or its number where it has none."""
        return self.name or str(self.index)


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile that was read."""

    text: str
    stages: tuple[Stage, ...]
    instructions: tuple[Instruction, ...]

    def stage_named(self, name: str) -> Stage | None:
        """The stage of this name (in any case, as Docker compares them) or number."""
        wanted = name.lower()
        return next((s for s in self.stages if (s.name or "").lower() == wanted or str(s.index) == wanted), None)

    def external_bases(self) -> tuple[str, ...]:
        """The images from outside that its stages start from, each once; earlier stages and scratch are none."""
        own: set[str] = set()
        bases: list[str] = []
        for stage in self.stages:
            if stage.base.lower() not in own | {"scratch"} and stage.base not in bases:
                bases.append(stage.base)
            if stage.name:
                own.add(stage.name.lower())
        return tuple(bases)


def parse(text: str) -> Dockerfile:
    """Read a Dockerfile. Anything can be read: what a builder would refuse is left out, never raised."""
    from dockerfile_parse import DockerfileParser
    from dockerfile_parse.parser import image_from

    lines = _without_heredoc_bodies(text.removesuffix("\n").split("\n"))
    parser = DockerfileParser(fileobj=io.BytesIO("\n".join([*lines, ""]).encode()))
    parts = [part for part in parser.structure if part["instruction"] != "COMMENT"]
    bases = iter(parser.parent_images)
    starts = [part for part in parts if part["instruction"] == "FROM" and image_from(part["value"])[0]]
    stages: list[Stage] = []
    for index, part in enumerate(starts):
        following = starts[index + 1]["startline"] if index + 1 < len(starts) else len(lines)
        name = image_from(part["value"])[1]
        stages.append(Stage(index, name, next(bases), part["startline"] + 1, following))
    instructions = tuple(
        Instruction(
            part["instruction"],
            " ".join(part["value"].split()),
            part["startline"] + 1,
            part["endline"] + 1,
            next((stage.index for stage in reversed(stages) if stage.line <= part["startline"] + 1), None),
        )
        for part in parts
    )
    return Dockerfile(text, tuple(stages), instructions)


def _without_heredoc_bodies(lines: list[str]) -> list[str]:
    """The same number of lines, with those inside here-documents empty."""
    kept: list[str] = []
    waiting: list[str] = []
    for line in lines:
        if waiting:
            if line.strip("\t ") == waiting[0]:
                waiting.pop(0)
            kept.append("")
            continue
        kept.append(line)
        if line.lstrip().upper().startswith(HEREDOC_INSTRUCTIONS):
            waiting = [match[2] for match in HEREDOC.finditer(line)]
    return kept
