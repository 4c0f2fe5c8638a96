"""An exercise: the learner's Dockerfile on the left, what is asked and what was found on the right."""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.course.checks import Check
from tui.course.model import Exercise
from tui.course.progress import HintShown, SolutionShown
from tui.course.verdicts import Failed, Passed, Verdict
from tui.session.coursework import Coursework
from tui.session.exercise_check import Attempt, Stage
from tui.widgets.dockerfile_editor import DockerfileEditor


class ExerciseScreen(ModalScreen[None]):
    """Edits one file; what is written is kept at every build and when it closes. The app builds and checks."""

    CSS_PATH = "exercise.tcss"
    BINDINGS = [
        Binding("escape", "close", "Close"),
        Binding("f9", "check", "Build and check"),
        Binding("f3", "hint", "Hint"),
        Binding("f4", "solution", "Solution"),
        Binding("f8", "own_editor", "Own editor"),
    ]

    class CheckWanted(Message):
        """The learner wants the file built and checked."""

        def __init__(self, exercise: Exercise) -> None:
            super().__init__()
            self.exercise = exercise

    def __init__(self, exercise: Exercise, file: Path, text: str, work: Coursework) -> None:
        super().__init__()
        self.exercise = exercise
        self._file = file
        self._text = text
        self._work = work
        self._said = Content()
        state = work.progress.exercises.get(exercise.name)
        self._hints = state.hints if state is not None else 0
        self._shows_solution = False
        self._attempt: Attempt | None = None

    def compose(self) -> ComposeResult:
        """Title, editor and page, buttons."""
        with Vertical(id="card"):
            yield Static(Content.styled(self.exercise.title, "bold"), id="title")
            with Horizontal(id="halves"):
                yield DockerfileEditor(self._text, id="editor")
                with VerticalScroll(id="story"):
                    yield Static(id="page")
            yield Static(Content.styled(str(self._file), "$foreground 60%"), id="file")
            with Horizontal(id="buttons"):
                yield Button("Build and check (F9)", id="check", variant="primary")
                yield Button("Hint (F3)", id="hint")
                yield Button("Solution (F4)", id="solution")
                yield Button("$EDITOR (F8)", id="own_editor")
                yield Button("Close (Escape)", id="close")

    def on_mount(self) -> None:
        """Typing at once."""
        self.query_one(DockerfileEditor).focus()
        self.redraw()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        getattr(self, f"action_{event.button.id}")()

    # What the learner asks for.

    def action_check(self) -> None:
        """Keep the file, and have it built and checked."""
        if self._keep():
            self.post_message(self.CheckWanted(self.exercise))

    def action_hint(self) -> None:
        """One hint more."""
        if self._hints < len(self.exercise.hints):
            self._hints += 1
            self._work.store.note(HintShown(self.exercise.name, self._hints))
        self.redraw()

    def action_solution(self) -> None:
        """What the solution does otherwise; that it was seen is noted."""
        if self._hints < len(self.exercise.hints):
            self._say(f"There are {len(self.exercise.hints) - self._hints} more hints (F3) before the solution.")
            return
        self._work.store.note(SolutionShown(self.exercise.name))
        self._shows_solution = True
        self.redraw()

    def action_own_editor(self) -> None:
        """Edit the file in the learner's own editor, and take over what it wrote."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not command:
            self._say("$EDITOR is not set. Any editor may change the file below; F8 then takes it over.")
            self._take_over()
            return
        if not self._keep():
            return
        try:
            with self.app.suspend():
                subprocess.run([*shlex.split(command), str(self._file)], check=False)
        except (OSError, ValueError) as error:
            self._say(f"{command} does not start: {error}.")
            return
        self._take_over()

    def action_close(self) -> None:
        """Keep the file, and close."""
        if self._keep():
            self.dismiss(None)

    def _keep(self) -> bool:
        try:
            self._file.write_text(self.query_one(DockerfileEditor).text, "utf-8")
        except OSError as error:
            self._say(f"The file cannot be written: {error.strerror}. Copy what you have.")
            return False
        return True

    def _take_over(self) -> None:
        try:
            self.query_one(DockerfileEditor).load_text(self._file.read_text("utf-8", "replace"))
        except OSError as error:
            self._say(f"The file cannot be read: {error.strerror}.")

    # What is shown.

    def show_attempt(self, attempt: Attempt) -> None:
        """How far the attempt is, or what came of it."""
        self._attempt = attempt
        self._said = Content()
        self.redraw()

    def _say(self, words: str) -> None:
        self._said = Content.styled(words, "$warning")
        self.redraw()

    def redraw(self) -> None:
        """The page on the right."""
        parts = [self._said, self._verdicts(), self._hint_words(), self._solution()]
        self.query_one("#page", Static).update(Content("\n\n").join([part for part in parts if part]))

    def _verdicts(self) -> Content:
        attempt = self._attempt
        if attempt is None:
            wanted = [Content(f"· {check.wanted}") for check in self.exercise.checks]
            return Content("\n").join([Content.styled("What must hold", "bold"), *wanted])
        if attempt.stage is not Stage.OVER:
            return Content(f"▶ {attempt.stage.value}…")
        if attempt.grade is None:
            log = attempt.record.log
            tail = [log.line(n) for n in range(max(log.first, log.end - 8), log.end)] if attempt.record.failure else []
            return Content("\n").join([Content.styled(attempt.trouble, "$error"), *map(Content, tail)])
        head = Content.styled(_sum(attempt), "bold")
        return Content("\n").join([head, *(_verdict(check, verdict) for check, verdict in attempt.grade.verdicts)])

    def _hint_words(self) -> Content:
        hints = self.exercise.hints[: self._hints]
        return Content("\n").join([Content(f"Hint {n}: {hint}") for n, hint in enumerate(hints, start=1)])

    def _solution(self) -> Content:
        if not self._shows_solution:
            return Content()
        own = self.query_one(DockerfileEditor).text.splitlines()
        lines = list(difflib.unified_diff(own, self.exercise.solution.splitlines(), "yours", "solution", lineterm=""))
        looks = {"+": "$success", "-": "$warning"}
        return Content("\n").join(
            [
                Content.styled("The solution, beside yours" if lines else "Yours is the solution.", "bold"),
                *(Content.styled(line, looks.get(line[:1], "")) for line in lines),
            ]
        )


def _sum(attempt: Attempt) -> str:
    assert attempt.grade is not None
    verdicts = [verdict for _, verdict in attempt.grade.verdicts]
    failed = sum(isinstance(verdict, Failed) for verdict in verdicts)
    passed = attempt.grade.passed_count
    if failed:
        return f"{failed} of {len(verdicts)} do not hold yet"
    if passed == len(verdicts):
        return "Passed: all of it holds."
    return f"{passed} of {len(verdicts)} hold; the others cannot be checked here"


def _verdict(check: Check, verdict: Verdict) -> Content:
    match verdict:
        case Passed(found=found):
            return Content.assemble(("✓ ", "$success"), check.wanted, (f"  {found}", "$foreground 60%"))
        case Failed(found=found, hint=hint):
            return Content.assemble(("✗ ", "$warning"), check.wanted, f"\n  found: {found}\n  ", (hint, "italic"))
    return Content.assemble(("? ", "$foreground 60%"), check.wanted, (f"  {verdict.why}", "$foreground 60%"))
