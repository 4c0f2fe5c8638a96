"""How far one learner is in one course: events that happen, and the state that they add up to.

Pure. The session keeps the events, in their order, and hands them back; whatever order two windows wrote them in, the
same events in the same order give the same state. All is kept under ids of steps, questions and exercises, so that a
course can change and what still fits stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Opened:
    """A step was opened, with a tab beside it."""

    step: str
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A step was done, or skipped."""

    step: str
    was_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Guessed:
    """A guess was locked in: the first one stays."""

    question: str
    value: float
    """In the unit of its measure."""
    unit: str


@dataclass(frozen=True, slots=True)
class GuessSkipped:
    """The learner would rather not guess."""

    question: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What was guessed has been measured."""

    question: str
    value: float
    source: str
    """Who measured: `docker 29.1`, `recorded on 2026-11-24`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered; the last answer counts."""

    question: str
    option: int
    """Counted from 1."""
    is_right: bool


@dataclass(frozen=True, slots=True)
class Attempted:
    """An exercise was built and checked."""

    exercise: str
    passed: int
    """Checks that passed."""
    checks: int
    """Checks that there are."""
    size_bytes: int
    """Of the image; 0 where it did not build."""


@dataclass(frozen=True, slots=True)
class HintShown:
    """A hint of an exercise was read."""

    exercise: str
    level: int
    """1 to 3."""


@dataclass(frozen=True, slots=True)
class SolutionShown:
    """The solution of an exercise was read."""

    exercise: str


@dataclass(frozen=True, slots=True)
class Reset:
    """A step was begun anew, with what belongs to it; or everything, where no step is named."""

    step: str = ""
    questions: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()


Event = Opened | Left | Guessed | GuessSkipped | Measured | Answered | Attempted | HintShown | SolutionShown | Reset


class Mark(StrEnum):
    """How a step stands."""

    OPENED = "opened"
    SKIPPED = "skipped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess, locked in or skipped, and what was measured."""

    at: datetime
    value: float | None
    """None where it was skipped."""
    unit: str = ""
    measured: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question."""

    option: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class ExerciseState:
    """How an exercise stands."""

    attempts: int = 0
    is_passed: bool = False
    hints: int = 0
    """The highest level that was read."""
    solution_seen: bool = False
    passed_unaided: bool = False
    """It was passed before the solution was read."""
    best_bytes: int | None = None
    """The smallest image that passed all checks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """All of it."""

    step: str | None = None
    """The step that is open."""
    tab: str | None = None
    steps: Mapping[str, Mark] = field(default_factory=lambda: MappingProxyType({}))
    guesses: Mapping[str, Guess] = field(default_factory=lambda: MappingProxyType({}))
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    exercises: Mapping[str, ExerciseState] = field(default_factory=lambda: MappingProxyType({}))


def replay(events: Iterable[tuple[datetime, Event]]) -> Progress:
    """The state that events lead to."""
    progress = Progress()
    for at, event in events:
        progress = after(progress, event, at)
    return progress


def after(progress: Progress, event: Event, at: datetime) -> Progress:
    """The state after one more event."""
    match event:
        case Opened(step, tab):
            opened = progress.steps.get(step, Mark.OPENED)
            steps = _with(progress.steps, step, opened)
            return replace(progress, step=step, tab=tab or None, steps=steps)
        case Left(step, was_skipped):
            is_done = not was_skipped or progress.steps.get(step) is Mark.DONE
            return replace(progress, steps=_with(progress.steps, step, Mark.DONE if is_done else Mark.SKIPPED))
        case Guessed() | GuessSkipped() | Measured():
            return replace(progress, guesses=_guessed(progress.guesses, event, at))
        case Answered(question, option, is_right):
            return replace(progress, answers=_with(progress.answers, question, Answer(option, is_right)))
        case Attempted() | HintShown() | SolutionShown():
            state = progress.exercises.get(event.exercise, ExerciseState())
            return replace(progress, exercises=_with(progress.exercises, event.exercise, _exercised(state, event)))
        case Reset():
            return _reset(progress, event)


def _guessed(
    guesses: Mapping[str, Guess], event: Guessed | GuessSkipped | Measured, at: datetime
) -> Mapping[str, Guess]:
    known = guesses.get(event.question)
    match event:
        case Guessed(question, value, unit) if known is None or (known.value is None and known.measured is None):
            return _with(guesses, question, Guess(at, value, unit))
        case GuessSkipped(question) if known is None:
            return _with(guesses, question, Guess(at, None))
        case Measured(question, value, source) if known is not None:
            return _with(guesses, question, replace(known, measured=value, source=source))
    # Locked in, or measured without anybody having been asked.
    return guesses


def _exercised(state: ExerciseState, event: Attempted | HintShown | SolutionShown) -> ExerciseState:
    match event:
        case HintShown(level=level):
            return replace(state, hints=max(state.hints, level))
        case SolutionShown():
            return replace(state, solution_seen=True)
        case Attempted(passed=passed, checks=checks, size_bytes=size):
            attempts = state.attempts + 1
            if passed < checks or not checks:
                return replace(state, attempts=attempts)
            best = min(size, state.best_bytes) if state.best_bytes is not None else size
            unaided = state.passed_unaided or not state.solution_seen
            return replace(state, attempts=attempts, is_passed=True, passed_unaided=unaided, best_bytes=best)


def _reset(progress: Progress, event: Reset) -> Progress:
    if not event.step:
        return Progress()
    return Progress(
        progress.step,
        progress.tab,
        _without(progress.steps, (event.step,)),
        _without(progress.guesses, event.questions),
        _without(progress.answers, event.questions),
        _without(progress.exercises, event.exercises),
    )


def _with(known: Mapping[str, Value], key: str, value: Value) -> Mapping[str, Value]:
    return MappingProxyType({**known, key: value})


def _without(known: Mapping[str, Value], keys: Iterable[str]) -> Mapping[str, Value]:
    gone = set(keys)
    return MappingProxyType({key: value for key, value in known.items() if key not in gone})
