"""What one learner does in a course: steps opened and left, guesses, answers; noted as it happens."""

from __future__ import annotations

from tui.course.blocks import (
    Block,
    BuildImages,
    Choose,
    DoAction,
    DoExercise,
    Predict,
    Recall,
    StartContainer,
)
from tui.course.model import Course, Step
from tui.course.progress import (
    Answered,
    Guessed,
    GuessSkipped,
    Left,
    Mark,
    Measured,
    Opened,
    Progress,
)
from tui.course.summary import first_open
from tui.session.courses import OpenCourse
from tui.session.progress import ProgressStore, progress_file

Run = DoAction | BuildImages | StartContainer


class Coursework:
    """The state of a learner in a course, and the file behind it. For the UI's thread alone."""

    def __init__(self, opened: OpenCourse) -> None:
        self.opened = opened
        self.store = ProgressStore(progress_file(opened))
        self.revealed: set[tuple[str, int]] = set()
        """Texts that were opened, by step and number of the block."""
        self.shows_notes = False
        """Whether the pages have the presenter's notes on them."""
        self._ran: set[tuple[str, int]] = set()

    @property
    def course(self) -> Course:
        """The course."""
        return self.opened.course

    @property
    def progress(self) -> Progress:
        """How far the learner is."""
        return self.store.progress

    @property
    def first_index(self) -> int:
        """The step to begin with, counted from 0."""
        ids = [step.id for step in self.course.steps]
        return ids.index(first_open(self.course, self.progress))

    def mark(self, step: str) -> Mark | None:
        """How a step stands; None where it was never opened."""
        return self.progress.steps.get(step)

    # What happens.

    def open(self, step: Step, tab: str) -> None:
        """A step is opened, with a tab beside it."""
        if (self.progress.step, self.progress.tab) != (step.id, tab):
            self.store.note(Opened(step.id, tab))

    def leave(self, step: Step) -> None:
        """The learner goes on: the step is done where nothing of it waits, or else skipped."""
        was_skipped = any(self.waits(step, number) for number in self._gates(step))
        mark = Mark.SKIPPED if was_skipped else Mark.DONE
        if self.mark(step.id) not in (Mark.DONE, mark):
            self.store.note(Left(step.id, was_skipped))

    def skip(self, step: Step) -> None:
        """The learner would rather not do this step; what is done stays done."""
        if self.mark(step.id) not in (Mark.DONE, Mark.SKIPPED):
            self.store.note(Left(step.id, was_skipped=True))

    def forget(self, step: Step) -> None:
        """Of a step that is begun anew: what was run, opened and checked in this session."""
        self._ran = {one for one in self._ran if one[0] != step.id}
        self.revealed = {one for one in self.revealed if one[0] != step.id}

    def settle(self, step: Step) -> None:
        """Note that a step is done once nothing of it waits any more."""
        if self._gates(step) and not any(self.waits(step, number) for number in self._gates(step)):
            self.leave(step)

    def guess(self, question: Predict, value: float | None) -> None:
        """Lock a guess in; None skips it."""
        skipped = GuessSkipped(question.id)
        self.store.note(skipped if value is None else Guessed(question.id, value, question.measure.unit))

    def measured(self, question: Predict, value: float, source: str) -> None:
        """Note what was measured, where a guess waits for it or another engine measures something else."""
        guess = self.progress.guesses.get(question.id)
        if guess is not None and (guess.measured, guess.source) != (value, source):
            self.store.note(Measured(question.id, value, source))

    def answer(self, question: Choose | Recall, option: int) -> None:
        """An option, counted from 1, was chosen."""
        right = question.question.answer if isinstance(question, Recall) else question.answer
        self.store.note(Answered(question.id, option, option == right))

    def ran(self, step: Step, number: int) -> None:
        """What a block runs was begun."""
        self._ran.add((step.id, number))

    # What waits.

    def waits(self, step: Step, number: int) -> bool:
        """Whether a block of a step still waits for the learner."""
        match step.blocks[number]:
            case Predict(id=id):
                return id not in self.progress.guesses
            case Choose(id=id):
                return id not in self.progress.answers
            case Recall() as recall:
                return recall.id not in self.progress.answers
            case DoAction() | BuildImages() | StartContainer():
                return (step.id, number) not in self._ran
            case DoExercise(name=name):
                state = self.progress.exercises.get(name)
                return state is None or not state.is_passed
        return False

    def first_guess_before(self, step: Step, run: Run) -> int | None:
        """Number of a guess that is still to be made, or skipped, before a run."""
        wanted = [guess for guess in step.guesses_before(run) if guess.id not in self.progress.guesses]
        return step.blocks.index(wanted[0]) if wanted else None

    def _gates(self, step: Step) -> list[int]:
        """Numbers of the blocks that a step is not done without; what is recalled never holds anybody up."""
        return [number for number, block in enumerate(step.blocks) if _is_gate(block)]


def _is_gate(block: Block) -> bool:
    return isinstance(block, Predict | Choose | DoAction | BuildImages | StartContainer | DoExercise)
