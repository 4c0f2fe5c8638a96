"""An exercise: the learner's Dockerfile on one side, what is asked and what was found on the other."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Button, Static, TextArea

from tui.course.model import Exercise
from tui.course.progress import HintShown, SolutionShown
from tui.session.coursework import Coursework
from tui.session.draft import Draft, Meeting
from tui.session.exercise_check import Attempt, Stage
from tui.session.file_watch import FileWatch, Sighting
from tui.session.golf import golf_words
from tui.widgets.dockerfile_editor import DockerfileEditor
from tui.widgets.exercise_page import ExercisePage
from tui.widgets.exercise_text import failure_words, hint_words, solution_words, verdict_words, wanted_words

KEPT_AFTER_SECONDS = 1.0
"""So long after the last key the text is written to the file."""
WIDE = 110
BUTTONS = {
    "check": ("F9 check", "Build and check (F9)"),
    "hint": ("F3 hint", "Hint (F3)"),
    "solution": ("F4 solution", "Solution (F4)"),
    "opinion": ("F7 lint", "Second opinion (F7)"),
    "own_editor": ("F8 editor", "Own editor (F8)"),
    "close": ("Esc close", "Close (Escape)"),
}
"""What each button says where there is little room, and where there is enough."""


class ExerciseScreen(ModalScreen[None]):
    """Edits one file, and takes over what another editor writes to it. The app builds, checks, and asks hadolint."""

    CSS_PATH = "exercise.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    BINDINGS = [
        Binding("escape", "close", "Close"),
        Binding("f9", "check", "Build and check"),
        Binding("f3", "hint", "Hint"),
        Binding("f4", "solution", "Solution"),
        # Before the editor takes it for its own.
        Binding("f7", "opinion", "Second opinion", priority=True),
        Binding("f8", "own_editor", "Own editor"),
    ]

    class CheckWanted(Message):
        """The learner wants the file built and checked."""

        def __init__(self, exercise: Exercise) -> None:
            super().__init__()
            self.exercise = exercise

    class OpinionWanted(Message):
        """The learner wants to know what hadolint says of this text."""

        def __init__(self, exercise: Exercise, text: str) -> None:
            super().__init__()
            self.exercise = exercise
            self.text = text

    class FileChanged(Message):
        """Something wrote to the file. Posted by the thread that watches it."""

        def __init__(self, sighting: Sighting) -> None:
            super().__init__()
            self.sighting = sighting

    def __init__(self, exercise: Exercise, file: Path, text: str, work: Coursework) -> None:
        super().__init__()
        self.exercise = exercise
        self._draft = Draft(file, text)
        self._watch = FileWatch(file, self._tell_of_change)
        self._work = work
        state = work.progress.exercises.get(exercise.name)
        self._hints = state.hints if state is not None else 0
        self._best_before = self._best
        self._attempt: Attempt | None = None
        self._is_check_due = False
        """Whether the file was saved while an attempt was under way."""
        self._keeping: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, editor and page, the file, a conflict, buttons."""
        with Vertical(id="card"):
            yield Static(Content.styled(self.exercise.title, "bold"), id="title")
            with Horizontal(id="halves"):
                yield DockerfileEditor(self._draft.text, id="editor")
                yield ExercisePage(id="page")
            yield Static(Content.styled(str(self._draft.file), "$foreground 60%"), id="file")
            with Vertical(id="conflict"):
                yield Static("The file was changed here and in another editor. Which one goes on? The other is kept.")
                with Horizontal():
                    yield Button("This one", id="keep_own")
                    yield Button("The other editor's", id="take_theirs")
            with Horizontal(id="buttons"):
                for id, (short, _) in BUTTONS.items():
                    yield Button(short, id=id, variant="primary" if id == "check" else "default")

    def on_mount(self) -> None:
        """Typing at once; whoever else writes to the file is noticed from now on."""
        self._editor.focus()
        self._draft.show(self._editor.text)
        self._watch.start()
        self._show("verdicts", wanted_words(self.exercise))
        self._show("hints", hint_words(self.exercise.hints[: self._hints]))
        self._show("golf", self._golf())

    def on_unmount(self) -> None:
        """Nobody watches a file that is not shown."""
        self._watch.stop()

    def on_resize(self, event: events.Resize) -> None:
        """Buttons say more where there is room for it."""
        for id, labels in BUTTONS.items():
            button = self.query_one(f"#{id}", Button)
            button.label = labels[event.size.width >= WIDE]
            # A new label does not make a button wider by itself.
            button.styles.width = len(labels[event.size.width >= WIDE]) + 2

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
        self._show("hints", hint_words(self.exercise.hints[: self._hints]), to_it=True)

    def action_solution(self) -> None:
        """What the solution does otherwise; that it was seen is noted."""
        if self._hints < len(self.exercise.hints):
            self._say(f"There are {len(self.exercise.hints) - self._hints} more hints (F3) before the solution.")
            return
        self._work.store.note(SolutionShown(self.exercise.name))
        self._show("solution", solution_words(self._editor.text, self.exercise.solution), to_it=True)

    def action_opinion(self) -> None:
        """Have hadolint asked about the text as it is."""
        self.show_opinion(Content("▶ asking hadolint…"))
        self.post_message(self.OpinionWanted(self.exercise, self._editor.text))

    def action_own_editor(self) -> None:
        """Edit the file in the learner's own editor; what it wrote is taken over, and checked."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not self._keep():
            return
        if not command:
            self._say("$EDITOR is not set. Change the file below in any editor: saving it has it checked here.")
            return
        try:
            with self.app.suspend():
                subprocess.run([*shlex.split(command), str(self._draft.file)], check=False)
        except SuspendNotSupported:
            self._say("This terminal cannot be lent to an editor. Change the file below in any other window.")
        except (OSError, ValueError) as error:
            self._say(f"{command} does not start: {error}.")
        else:
            self._look()

    def action_close(self) -> None:
        """Keep the file, and close."""
        if self._keep():
            self.dismiss(None)

    # The file, which other editors may write too.

    @property
    def _editor(self) -> DockerfileEditor:
        return self.query_one(DockerfileEditor)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEPT_AFTER_SECONDS, self._keep_typed)

    def _keep_typed(self) -> None:
        if self._save() is Meeting.THEIRS:
            self._check_soon()

    def _keep(self) -> bool:
        """Write what was edited; False where that has to wait for a decision, or cannot be done."""
        return self._save() in (Meeting.SAME, Meeting.THEIRS)

    def _save(self) -> Meeting | None:
        try:
            meeting = self._draft.save(self._editor.text)
        except OSError as error:
            self._say(f"The file cannot be written: {error.strerror}. Copy what you have.")
            return None
        self._met(meeting)
        return meeting

    def _look(self) -> None:
        """Take over what an editor has just written."""
        try:
            meeting = self._draft.look(self._editor.text)
        except OSError as error:
            self._say(f"The file cannot be read: {error.strerror}.")
            return
        self._met(meeting)
        if meeting is Meeting.THEIRS:
            self._check_soon()

    def _tell_of_change(self, sighting: Sighting) -> None:
        self.post_message(self.FileChanged(sighting))

    def on_exercise_screen_file_changed(self, message: FileChanged) -> None:
        """Another editor saved the file: the text here follows, and is checked."""
        text = message.sighting.text
        if text is None:
            self._say(f"The file was changed, and cannot be read: {message.sighting.problem}.")
            return
        meeting = self._draft.meet(text, self._editor.text)
        self._met(meeting)
        if meeting is Meeting.THEIRS:
            self._check_soon()

    def _met(self, meeting: Meeting) -> None:
        """Show what came of it."""
        if meeting is Meeting.THEIRS:
            self._take_over()
        self.query_one("#conflict").display = meeting is Meeting.CONFLICT

    def _take_over(self) -> None:
        """Show the file's text; undo leads back."""
        editor = self._editor
        place = editor.cursor_location
        editor.replace(self._draft.text, (0, 0), editor.document.end)
        editor.move_cursor(place)
        self._draft.show(editor.text)
        self._say("Taken over from the file, as another editor saved it.")

    def action_keep_own(self) -> None:
        """What is here goes into the file."""
        self._decide(self._draft.keep_own)

    def action_take_theirs(self) -> None:
        """What the other editor wrote is shown here."""
        if self._decide(self._draft.take_theirs):
            self._take_over()

    def _decide(self, end: Callable[[str], Path]) -> bool:
        try:
            kept = end(self._editor.text)
        except OSError as error:
            self._say(f"That cannot be done: {error.strerror}. Both texts are as they were.")
            return False
        self.query_one("#conflict").display = False
        self._editor.focus()
        self.app.notify(f"The other text is kept as {kept.name}, beside the file.", markup=False)
        return True

    def _check_soon(self) -> None:
        """Have it checked at once, or after the attempt that is under way."""
        if self._attempt is not None and not self._attempt.is_over:
            self._is_check_due = True
        else:
            self.post_message(self.CheckWanted(self.exercise))

    # What is shown.

    def show_attempt(self, attempt: Attempt) -> None:
        """How far the attempt is, or what came of it."""
        if attempt is not self._attempt:
            self._attempt, self._best_before = attempt, self._best
        self._show("said", Content())
        self._show("golf", self._golf())
        if attempt.stage is not Stage.OVER:
            self._show("verdicts", Content(f"▶ {attempt.stage.value}…"))
            return
        grade = attempt.grade
        words = failure_words(attempt, self._editor.text) if grade is None else verdict_words(grade.verdicts)
        self._show("verdicts", words)
        self.query_one(ExercisePage).to_top()
        if self._is_check_due:
            self._is_check_due = False
            self.post_message(self.CheckWanted(self.exercise))

    def show_opinion(self, words: Content) -> None:
        """What hadolint says, or why it says nothing."""
        self._show("opinion", words, to_it=True)

    @property
    def _best(self) -> int | None:
        state = self._work.progress.exercises.get(self.exercise.name)
        return state.best_bytes if state is not None else None

    def _golf(self) -> Content:
        if not self.exercise.is_golf:
            return Content()
        attempt = self._attempt
        image = attempt.record.image if attempt is not None and attempt.grade is not None else None
        if attempt is None or attempt.grade is None or image is None:
            return Content.styled(golf_words(self._best), "$stage-production")
        words = golf_words(self._best_before, image.size_bytes, passed=attempt.grade.passed)
        return Content.styled(words, "bold $stage-production")

    def _say(self, words: str) -> None:
        self._show("said", Content.styled(words, "$warning"), to_it=True)

    def _show(self, part: str, words: Content, *, to_it: bool = False) -> None:
        self.query_one(ExercisePage).show(part, words, to_it=to_it)
