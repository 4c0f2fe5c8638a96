"""A course tried out on an engine for its author: starters must fail, solutions pass, predictions come out in range.

It is done as a learner does it, with the same attempts and errands, and nobody watching.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tui.course import quantity
from tui.course.blocks import Block, BuildImages, DoExercise, Predict, StartContainer
from tui.course.files import CourseFolder
from tui.course.grading import Grade
from tui.course.model import Exercise, Expect, Needs, Step
from tui.course.problems import Problem
from tui.course.verdicts import Failed, Passed, Verdict
from tui.engine.api import Engine
from tui.engine.request import Builder
from tui.session.beginning import begin
from tui.session.container_trial import Questions
from tui.session.course_images import work_file
from tui.session.courses import open_course
from tui.session.coursework import Coursework
from tui.session.errand import Errand, start_of
from tui.session.exercise_check import Attempt
from tui.session.learner import Learner
from tui.session.measuring import Remedy, Unmeasured
from tui.session.options import StartOptions
from tui.session.settings import Settings

LOOK_SECONDS = 0.05
GOODBYE_SECONDS = 15.0
"""So long an interrupted trial waits for its builds and containers to end."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One question, answered."""

    id: str
    measure: str
    words: str
    """The answer: `456 MB`."""
    value: float | None
    """None where there is none."""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """One Dockerfile of an exercise, judged."""

    exercise: str
    file: str
    """`starter` or `solution`."""
    passed: int
    checks: int
    trouble: str = ""
    """Why there is nothing to judge: the build failed."""

    @property
    def holds(self) -> bool:
        """Whether every check passed."""
        return self.passed == self.checks


@dataclass(slots=True)
class Report:
    """What came of a course on one builder."""

    builder: Builder
    problems: list[Problem] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Steps that need another builder."""
    seconds: float = 0.0


class CourseTrial:
    """Tries one course on one builder. What it makes is written into the ledger of the home that it is called in."""

    def __init__(self, folder: Path, engine: Engine, builder: Builder, say: Callable[[str], None]) -> None:
        """`say` is told how far it is, a line at a time. Raises CourseError."""
        opened = self._opened = open_course(folder)
        self._files = CourseFolder(folder)
        self._say = say
        self._report = Report(builder)
        self._learner = Learner(StartOptions(builder=builder, course=folder), begin(folder), Settings())
        self._learner.take_course(Coursework(opened))
        self._learner.adopt(engine)

    def run(self) -> Report:
        """Try all of it. Ctrl+C ends what is under way, and is raised again. Raises OSError."""
        began = time.monotonic()
        for exercise in self._opened.course.exercises.values():
            # What an earlier trial wrote there must not count as the learner's.
            work_file(self._opened, exercise.name).write_text(exercise.starter, "utf-8")
        for step in self._opened.course.steps:
            if step.needs is Needs.BUILDKIT and self._report.builder is Builder.CLASSIC:
                self._report.left_out.append(step.id)
                self._say(f"{step.file}: left out, it needs BuildKit")
                continue
            for block in step.blocks:
                self._try_block(step, block)
        self._report.seconds = time.monotonic() - began
        return self._report

    def _try_block(self, step: Step, block: Block) -> None:
        match block:
            case Predict():
                self._predict(step, block)
            case BuildImages(images=images):
                for image in images:
                    self._build(step, block, image)
            case StartContainer(image=image):
                self._start(step, block, image)
            case DoExercise(name=name):
                self._exercise(self._opened.course.exercises[name])

    # Predictions, and what is built and started on the way.

    def _predict(self, step: Step, question: Predict) -> None:
        trouble = self._find_out(lambda: self._unmeasured(question))
        value = self._learner.evidence().measure(question)
        if isinstance(value, Unmeasured):
            trouble = trouble or "nothing here can measure it"
            self._complain(step.file, question.line, f"{question.id}: {question.measure} has no answer: {trouble}")
            self._report.predictions.append(Prediction(question.id, str(question.measure), "", None, trouble))
            return
        words = quantity.say(value, question.measure.unit, question.options)
        self._report.predictions.append(Prediction(question.id, str(question.measure), words, value))
        self._say(f"{step.file}: {question.measure} is {words}")
        if question.least is not None and question.most is not None and not question.least <= value <= question.most:
            least, most = (quantity.say(bound, question.measure.unit, ()) for bound in (question.least, question.most))
            self._complain(
                step.file,
                question.line,
                f"{question.id}: {question.measure} is {words}, not between {least} and {most}",
            )

    def _unmeasured(self, question: Predict) -> Unmeasured | None:
        value = self._learner.evidence().measure(question)
        return value if isinstance(value, Unmeasured) else None

    def _build(self, step: Step, block: BuildImages, image: str) -> None:
        def missing() -> Unmeasured | None:
            return Unmeasured(image, Remedy.BUILD) if self._learner.evidence().image(image) is None else None

        self._must_end_well(step, block, image, self._find_out(missing))

    def _start(self, step: Step, block: StartContainer, image: str) -> None:
        trouble = self._find_out(start_of(self._learner, image, Questions()))
        self._must_end_well(step, block, image, trouble)

    def _must_end_well(self, step: Step, block: BuildImages | StartContainer, image: str, trouble: str) -> None:
        if trouble and step.expect is Expect.PASS:
            self._complain(step.file, block.line, f"{image} cannot be made: {trouble}")

    # Exercises.

    def _exercise(self, exercise: Exercise) -> None:
        grade, trouble = self._attempt(exercise, "starter", exercise.starter)
        if grade is not None and grade.passed:
            self._complain(f"exercises/{exercise.name}/starter.Dockerfile", 1, "the starter passes all checks")
        grade, trouble = self._attempt(exercise, "solution", exercise.solution)
        if grade is None:
            self._complain(f"exercises/{exercise.name}/solution.Dockerfile", 1, f"the solution fails: {trouble}")
            return
        for number, (check, verdict) in enumerate(grade.verdicts):
            if not isinstance(verdict, Passed):
                file = f"exercises/{exercise.name}/exercise.toml"
                line = _line_of_check(self._files.read(file).lines, number)
                self._complain(file, line, f"the solution fails: {check.wanted}; {_found(verdict)}")

    def _attempt(self, exercise: Exercise, name: str, text: str) -> tuple[Grade | None, str]:
        work_file(self._opened, exercise.name).write_text(text, "utf-8")
        attempt = Attempt(self._learner, exercise)
        self._drive(attempt)
        grade, checks = attempt.grade, len(exercise.checks)
        passed = grade.passed_count if grade is not None else 0
        self._report.tries.append(Try(exercise.name, name, passed, checks, attempt.trouble))
        ends = f"{passed} of {checks} checks pass" if grade is not None else _first_line(attempt.trouble)
        self._say(f"exercises/{exercise.name}: {name}: {ends}")
        return grade, attempt.trouble

    # The engine.

    def _find_out(self, missing: Callable[[], Unmeasured | None]) -> str:
        """Do what is missing; why that came to nothing, or an empty text."""
        errand = Errand(self._learner, missing)
        self._drive(errand)
        return _first_line(errand.trouble)

    def _drive(self, work: Attempt | Errand) -> None:
        """Take it to its end, as the app's clock does."""
        try:
            self._go_on(work)
        except KeyboardInterrupt:
            work.cancel()
            self._go_on(work, time.monotonic() + GOODBYE_SECONDS)
            raise

    def _go_on(self, work: Attempt | Errand, deadline: float | None = None) -> None:
        bench = self._learner.bench
        assert bench is not None
        while not work.is_over and (deadline is None or time.monotonic() < deadline):
            if self._learner.is_running:
                bench.runs.wait(LOOK_SECONDS)
            else:
                bench.wait(LOOK_SECONDS)
            self._learner.drain()
            work.go_on()

    def _complain(self, file: str, line: int, message: str) -> None:
        source = self._files.read(file)
        self._report.problems.append(source.problem(f"{message} ({self._report.builder})", line))


def builders_of(engine: Engine, wanted: Builder | None) -> tuple[Builder, ...]:
    """The builders that a course is tried on: the one that was named, or all that the engine has."""
    if wanted is not None:
        return (wanted,)
    return tuple(Builder) if engine.info.builder is Builder.BUILDKIT else (Builder.CLASSIC,)


def _line_of_check(lines: tuple[str, ...], number: int) -> int:
    heads = (count for count, line in enumerate(lines, 1) if line.strip().startswith("[[check]]"))
    return _nth(heads, number)


def _nth(numbers: Iterator[int], index: int) -> int:
    return next((number for count, number in enumerate(numbers) if count == index), 1)


def _found(verdict: Verdict) -> str:
    if isinstance(verdict, Failed):
        return f"found: {verdict.found}. {verdict.hint}"
    return "" if isinstance(verdict, Passed) else verdict.why


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]
