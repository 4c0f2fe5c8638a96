"""One attempt at an exercise: build the learner's Dockerfile, look inside, rebuild after an edit, start it, judge."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tui.course.grading import Grade, grade_all
from tui.course.model import Exercise
from tui.course.progress import Attempted
from tui.session.build_record import BuildRecord
from tui.session.errand import BuildTask, Errand
from tui.session.grounds import grounds
from tui.session.measuring import Remedy, Unmeasured

if TYPE_CHECKING:
    from tui.session.learner import Learner


class Stage(StrEnum):
    """How far an attempt is."""

    BUILDING = "building"
    COMPARING = "building what it is compared with"
    LOOKING = "looking inside"
    REBUILDING = "building again, after an edit of one line"
    STARTING = "starting a container, and asking it"
    OVER = "over"


STAGE_OF = {
    Remedy.BUILD: Stage.COMPARING,
    Remedy.LOOK: Stage.LOOKING,
    Remedy.REBUILD: Stage.REBUILDING,
    Remedy.START: Stage.STARTING,
}


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
        self._target = learner.evidence().target(exercise.name)
        self._build = BuildTask(learner, self._target)
        self._errand: Errand | None = None

    @property
    def record(self) -> BuildRecord:
        """The build that the attempt is about."""
        assert self._learner.bench is not None
        return self._learner.bench.records[self._target.subject]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage is Stage.OVER

    @property
    def holds(self) -> bool:
        """Whether all that is asked of the image holds."""
        return self.grade is not None and self.grade.passed

    def go_on(self) -> None:
        """Take the next step, where what it waits for is over. Raises OSError."""
        if self._errand is None:
            if not self.is_over and self._build.is_over:
                self._built()
        elif not self.is_over:
            self._errand.go_on()
            self._went_on(self._errand)

    def cancel(self) -> None:
        """End it, and what it began."""
        if not self.is_over:
            (self._errand or self._build).cancel()

    def give_up(self, why: str) -> None:
        """End it: something stands in the way."""
        self.trouble, self.stage = why, Stage.OVER

    def _built(self) -> None:
        image = self.record.image
        if image is None:
            if self.record.failure is not None:
                self._note(Attempted(self.exercise.name, 0, len(self.exercise.checks), 0))
            self.give_up(self._build.trouble)
            return
        # Another try may end otherwise, even where the image is the same.
        self._learner.found.forget(image.image_id)
        self._errand = Errand(self._learner, self._missing)
        self._went_on(self._errand)

    def _missing(self) -> Unmeasured | None:
        return self._learner.evidence().missing(self.exercise.name, self.exercise.checks)

    def _went_on(self, errand: Errand) -> None:
        if errand.trouble:
            self.give_up(errand.trouble)
        elif errand.is_over:
            self._judge()
        elif errand.doing is not None:
            self.stage = STAGE_OF[errand.doing.remedy]

    def _judge(self) -> None:
        self.stage = Stage.OVER
        facts = grounds(self._learner.evidence(), self.exercise.name, self.exercise.checks)
        image = self.record.image
        if facts is None or image is None:
            self.trouble = "There is no image to check."
            return
        self.grade = grade_all(self.exercise.checks, facts)
        self._note(Attempted(self.exercise.name, self.grade.passed_count, len(self.exercise.checks), image.size_bytes))

    def _note(self, event: Attempted) -> None:
        if self._learner.work is not None:
            self._learner.work.store.note(event)
