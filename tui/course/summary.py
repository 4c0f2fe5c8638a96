"""What a learner did in a course, in figures: for the list of steps, the ending, the certificate."""

from __future__ import annotations

from dataclasses import dataclass

from tui.course.blocks import Choose, Predict, Recall
from tui.course.guess_ledger import GuessRow, guess_rows
from tui.course.model import Course
from tui.course.progress import ExerciseState, Mark, Progress
from tui.course.quantity import NUMERIC, Unit

CLOSE = 2.0
"""A number is close when it is at most so many times too large or too small."""


@dataclass(frozen=True, slots=True)
class Built:
    """Two images that the learner built, by size."""

    larger_bytes: int
    smaller_bytes: int
    source: str = ""
    """Who measured: `docker 29.1`, `recorded on 2026-11-24`."""

    @property
    def ratio(self) -> float:
        """How many times larger one is."""
        return self.larger_bytes / max(1, self.smaller_bytes)


@dataclass(frozen=True, slots=True)
class Summary:
    """All of it, counted."""

    course: str
    """Its title."""
    steps: int
    done: int
    skipped: int
    guesses: int
    """Guesses that can be made."""
    guessed: int
    guesses_skipped: int
    close: int
    """Measured guesses that were right, or no more than `CLOSE` times off."""
    best_guess: GuessRow | None
    """The measured number that was guessed best."""
    questions: int
    """Questions to be answered, recalled ones included."""
    right: int
    exercises: int
    passed: int
    unaided: int
    """Exercises passed before the solution was read."""
    golf_bytes: int | None
    """The smallest image that passed in the exercise that is for it."""
    minutes_left: int
    """What the steps that are not done yet take."""
    built: Built | None
    """The tutorial's two images as the learner's engine built them."""

    @property
    def is_finished(self) -> bool:
        """Whether every step is behind the learner, done or skipped."""
        return self.done + self.skipped == self.steps

    @property
    def share(self) -> float:
        """How much of the steps is behind the learner, 0 to 1."""
        return (self.done + self.skipped) / self.steps if self.steps else 0.0


def summarise(course: Course, progress: Progress, built: Built | None = None, track: str | None = None) -> Summary:
    """The figures of a course, or of one track through it. What the course has no longer does not count."""
    steps = course.on_track(track)
    blocks = [block for step in steps for block in step.blocks]
    marks = [progress.steps.get(step.id) for step in steps]
    predicts = {block.id for block in blocks if isinstance(block, Predict)}
    rows = [row for row in guess_rows(course, progress) if row.id in predicts]
    questions = [block.id for block in blocks if isinstance(block, Choose | Recall)]
    answers = [progress.answers[id] for id in questions if id in progress.answers]
    names = [name for step in steps for name in step.exercises if name in course.exercises]
    states = {name: progress.exercises[name] for name in names if name in progress.exercises}
    golf = [state.best_bytes for name, state in states.items() if course.exercises[name].is_golf]
    return Summary(
        course=course.title,
        steps=len(steps),
        done=marks.count(Mark.DONE),
        skipped=marks.count(Mark.SKIPPED),
        guesses=len(predicts),
        guessed=sum(row.guess is not None for row in rows),
        guesses_skipped=sum(row.guess is None for row in rows),
        close=sum(_is_close(row) for row in rows),
        best_guess=_best(rows),
        questions=len(questions),
        right=sum(answer.is_right for answer in answers),
        exercises=len(names),
        passed=sum(state.is_passed for state in states.values()),
        unaided=sum(state.passed_unaided for state in states.values()),
        golf_bytes=min((size for size in golf if size is not None), default=None),
        minutes_left=sum(
            step.minutes for step, mark in zip(steps, marks, strict=True) if mark not in (Mark.DONE, Mark.SKIPPED)
        ),
        built=built,
    )


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """One exercise, and how it stands."""

    name: str
    title: str
    is_golf: bool
    state: ExerciseState
    """That of a beginning where it was never tried."""


def exercise_rows(course: Course, progress: Progress) -> tuple[ExerciseRow, ...]:
    """All exercises, in the order of the steps."""
    names = [name for step in course.steps for name in step.exercises if name in course.exercises]
    return tuple(
        ExerciseRow(
            name,
            course.exercises[name].title,
            course.exercises[name].is_golf,
            progress.exercises.get(name, ExerciseState()),
        )
        for name in dict.fromkeys(names)
    )


def first_open(course: Course, progress: Progress) -> str:
    """The step to go on with: the one that was open, or else the first that is not behind the learner."""
    if progress.step is not None and course.step(progress.step) is not None:
        return progress.step
    behind = (Mark.DONE, Mark.SKIPPED)
    return next((step.id for step in course.steps if progress.steps.get(step.id) not in behind), course.steps[0].id)


def _is_close(row: GuessRow) -> bool:
    if row.off is None:
        return False
    return row.off <= CLOSE if row.unit in NUMERIC else bool(row.off)


def _best(rows: list[GuessRow]) -> GuessRow | None:
    numbers = [row for row in rows if row.off is not None and Unit(row.unit) in NUMERIC]
    return min(numbers, key=lambda row: row.off or CLOSE, default=None)
