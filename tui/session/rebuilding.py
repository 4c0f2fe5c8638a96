"""Building an image again, after an edit of one line or as it is; its files and its own figures stay as they are."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from tui.course.facts import RebuiltStep
from tui.engine.dockerfile import parse
from tui.engine.request import Builder
from tui.session.build_record import BuildRecord, StepState
from tui.session.course_images import Target
from tui.session.measuring import Rebuild
from tui.session.paths import cache_folder

EDITED = "edited"
AGAIN = "again"


def edited(target: Target, file: str) -> Target:
    """The same target, on a copy of its context in which a file has one line more. Raises OSError."""
    copy = cache_folder() / EDITED / target.project.name / target.variant.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(target.project.context, copy, symlinks=True)
    with (copy / file).open("a", encoding="utf-8") as text:
        # Never the same line twice: the builder would know the file again.
        text.write(f"\n// edited {time.time_ns()}\n")
    return _beside(target, copy, EDITED)


def again(target: Target) -> Target:
    """The same target, under another name: the figures of its first build stay as they are."""
    return _beside(target, target.project.context, AGAIN)


def rebuild_of(record: BuildRecord) -> Rebuild:
    """What a build that is over tells of the cache."""
    steps = [step for step in record.instructions if not step.title.upper().startswith("FROM ")]
    told = tuple(RebuiltStep(step.title, step.state is StepState.CACHED) for step in steps)
    return Rebuild(record.seconds or 0.0, told, record.image is not None)


def has_told(record: BuildRecord, parts: Collection[str], dockerfile: str) -> bool:
    """Whether a build under way has told all that is asked about some of its steps.

    BuildKit tells all its steps before it begins with the first; the classic builder one after the other, so that
    the Dockerfile must tell how many there will be.
    """
    asked = [step for step in record.instructions if _is_meant(step.title, parts)]
    if not asked or not all(step.state.is_over for step in asked):
        return False
    if record.builder is Builder.BUILDKIT:
        return True
    meant = [one for one in parse(dockerfile).instructions if _is_meant(f"{one.keyword} {one.value}", parts)]
    return len(asked) >= len(meant)


def _is_meant(instruction: str, parts: Collection[str]) -> bool:
    return any(part in " ".join(instruction.split()) for part in parts)


def _beside(target: Target, context: Path, what: str) -> Target:
    variant = replace(target.variant, name=f"{target.variant.name}-{what}", title=f"{target.variant.title}, {what}")
    return Target(replace(target.project, context=context, variants=(variant,)), variant)
