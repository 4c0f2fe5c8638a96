"""One attempt at an exercise: build the learner's Dockerfile, look inside, build again after an edit, judge."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from tui.course.checks import needs
from tui.course.facts import RebuiltStep
from tui.course.grading import Grade, grade_all
from tui.course.model import Exercise
from tui.course.progress import Attempted
from tui.course.verdicts import Failed
from tui.session.build_record import BuildRecord, StepState
from tui.session.course_images import Target
from tui.session.grounds import grounds
from tui.session.paths import cache_folder

if TYPE_CHECKING:
    from tui.session.learner import Learner

EDITED = "edited"


class Stage(StrEnum):
    """How far an attempt is."""

    BUILDING = "building"
    LOOKING = "looking inside"
    REBUILDING = "building again, after an edit of one line"
    OVER = "over"


class Attempt:
    """Goes on whenever the session has news; for the UI's thread alone. Begin it with an engine that is free."""

    def __init__(self, learner: Learner, exercise: Exercise) -> None:
        self._learner = learner
        self.exercise = exercise
        self.stage = Stage.BUILDING
        self.grade: Grade | None = None
        """The verdicts, once it is over and there is an image."""
        self.trouble = ""
        """Why there is none."""
        self._needs = needs(exercise.checks)
        self._edits = sorted(self._needs.edits)
        self._rebuilds: dict[str, tuple[RebuiltStep, ...]] = {}
        evidence = learner.evidence()
        self._target = evidence.target(exercise.name)
        others = [evidence.target(name) for name in sorted(self._needs.images) if evidence.image(name) is None]
        learner.build_targets([*others, self._target])

    @property
    def record(self) -> BuildRecord:
        """The build that the attempt is about."""
        assert self._learner.bench is not None
        return self._learner.bench.records[self._target.subject]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage is Stage.OVER

    def go_on(self) -> None:
        """Take the next step, where what it waits for is over. Raises OSError where an edit cannot be made."""
        bench, subject = self._learner.bench, self._target.subject
        assert bench is not None
        if self._learner.is_busy:
            return
        # What counts is that the end was told, not that the thread is idle: its last word may still be on the way.
        if self.stage is Stage.BUILDING and self.record.end is not None:
            self._built()
        elif self.stage is Stage.LOOKING and bench.insides[subject].is_over:
            self._rebuild()
        elif self.stage is Stage.REBUILDING and bench.records[self._edited_subject].end is not None:
            self._rebuilt()

    @property
    def _edited_subject(self) -> str:
        return _edited_target(self._target, self._target.project.context).subject

    def give_up(self, why: str) -> None:
        """End it: something stands in the way."""
        self.trouble, self.stage = why, Stage.OVER

    def _built(self) -> None:
        if self.record.image is None:
            failure = self.record.failure
            self.trouble = f"{failure.message} {failure.advice}" if failure is not None else "The build was cancelled."
            if failure is not None:
                self._note(Attempted(self.exercise.name, 0, len(self.exercise.checks), 0))
            self.stage = Stage.OVER
        elif self._needs.inside and self._learner.evidence().known(self.exercise.name).anatomy is None:
            self.stage = Stage.LOOKING
            self._learner.look_into(self._target)
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        if not self._edits:
            self._judge()
            return
        self.stage = Stage.REBUILDING
        self._learner.build_targets([_edited(self._target, self._edits[0])])

    def _rebuilt(self) -> None:
        assert self._learner.bench is not None
        file = self._edits.pop(0)
        steps = list(self._learner.bench.records[self._edited_subject].instructions)
        # A FROM is looked up anew each time, which says nothing of the cache.
        steps = [step for step in steps if not step.title.upper().startswith("FROM ")]
        self._rebuilds[file] = tuple(RebuiltStep(step.title, step.state is StepState.CACHED) for step in steps)
        self._rebuild()

    def _judge(self) -> None:
        self.stage = Stage.OVER
        facts = grounds(self._learner.evidence(), self.exercise.name, self.exercise.checks)
        image = self.record.image
        if facts is None or image is None:
            self.trouble = "There is no image to check."
            return
        self.grade = grade_all(self.exercise.checks, replace(facts, rebuilds=self._rebuilds))
        checks = len(self.exercise.checks)
        self._note(Attempted(self.exercise.name, self.grade.passed_count, checks, image.size_bytes))
        if self._learner.work is not None and self.holds:
            self._learner.work.held.add(self.exercise.name)

    @property
    def holds(self) -> bool:
        """Whether something was checked, and all that could be holds; other checks need a run."""
        grade = self.grade
        return (
            grade is not None and grade.passed_count > 0 and not any(isinstance(v, Failed) for _, v in grade.verdicts)
        )

    def _note(self, event: Attempted) -> None:
        if self._learner.work is not None:
            self._learner.work.store.note(event)


def _edited(target: Target, file: str) -> Target:
    """The same target, on a copy of its context in which a file has one line more. Raises OSError."""
    copy = cache_folder() / EDITED / target.project.name / target.variant.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(target.project.context, copy, symlinks=True)
    with (copy / file).open("a", encoding="utf-8") as edited:
        # Never the same line twice: the builder would know the file again.
        edited.write(f"\n// edited {time.time_ns()}\n")
    return _edited_target(target, copy)


def _edited_target(target: Target, context: Path) -> Target:
    variant = replace(target.variant, name=f"{target.variant.name}-{EDITED}", title=f"{target.variant.title}, edited")
    return Target(replace(target.project, context=context, variants=(variant,)), variant)
