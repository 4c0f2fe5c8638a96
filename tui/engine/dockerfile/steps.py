"""Which instructions BuildKit shows as numbered steps of a stage, and how (dockerfile2llb/convert.go).

A step's name is `[builder  4/10] RUN go build .`: the number counts the instructions that change files, FROM included.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from tui.engine.dockerfile.heredocs import start_of
from tui.engine.dockerfile.model import NOTHING, Dockerfile
from tui.engine.dockerfile.parts import Instruction, Stage
from tui.engine.dockerfile.words import SPACE, BadSubstitution, Rules, expand

NUMBERED = frozenset(("ADD", "COPY", "RUN", "WORKDIR"))


def numbered_steps(dockerfile: Dockerfile, stage: Stage, count: int) -> dict[int, Instruction]:
    """The instruction behind each step number of a stage that BuildKit shows as having `count` steps.

    What the file does not tell is left out: the triggers that a base image brings come before the stage's own
    instructions, and make `count` larger than the file alone would.
    """
    begins = stage.base != NOTHING and dockerfile.base_stage(stage) is None
    start, *rest = dockerfile.instructions_of(stage)
    own = [instruction for instruction in rest if instruction.keyword in NUMBERED]
    triggers = max(0, count - len(own) - begins)
    # WORKDIR / makes no folder: it is counted and yet has no number.
    shown = [instruction for instruction in own if not _is_root(instruction)]
    numbers = dict(enumerate(shown, 1 + begins + triggers))
    if begins:
        numbers[1] = start
    return numbers


def step_text(instruction: Instruction, variables: Mapping[str, str] | None = None, escape: str = "\\") -> str:
    """An instruction as BuildKit shows it, after the bracket with stage and number.

    `variables` are ENV and ARG as they stand there. Without them (None) they are left as they are written; BuildKit
    leaves those of RUN that are not set, and empties those of COPY, ADD and WORKDIR. Of FROM it shows the image's full
    name, which is not told here.
    """
    text = instruction.original
    if instruction.keyword == "RUN" and instruction.heredocs and start_of("".join(instruction.arguments)):
        text += f" ({_summary(instruction.heredocs[0].content)})"
    if variables is not None and instruction.keyword in NUMBERED:
        is_run = instruction.keyword == "RUN"
        # BuildKit shows what it cannot expand as it is.
        with suppress(BadSubstitution):
            text = expand(text, variables, Rules(escape, keep_quotes=is_run, keep_unset=is_run))
    keyword, space, rest = text.partition(" ")
    return keyword.upper() + space + rest


def _summary(content: str) -> str:
    first, *more = content.strip(SPACE).replace("\r\n", "\n").split("\n")
    return first + "..." if more else first


def _is_root(instruction: Instruction) -> bool:
    return instruction.keyword == "WORKDIR" and "".join(instruction.arguments).strip("'\"") == "/"
