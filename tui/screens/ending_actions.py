"""An app whose course has an ending: shown at any time, offered when the last step is done, and written to files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.screens.exercise_actions import ExerciseApp
from tui.session.settings import Settings, save_settings

if TYPE_CHECKING:
    from tui.screens.ending import EndingScreen
    from tui.screens.take_along import TakeAlong


class EndingApp(ExerciseApp):
    """Knows when the last step is done."""

    _settings: Settings
    wrap: bool

    def __init__(self) -> None:
        super().__init__()
        self._is_ending_due = True
        """Whether the ending is still to be offered, once the last step is done."""

    def bring_course(self) -> bool:
        """Read the whole course; an ending that was reached before is not offered again."""
        is_there = super().bring_course()
        if is_there:
            self._is_ending_due = not self._is_over
            self._show_notes(self._settings.notes)
        return is_there

    @property
    def is_at_last_step(self) -> bool:
        """Whether no step comes after the one that is open."""
        return self.learner.step_index == len(self.learner.outline.heads) - 1

    @property
    def _is_over(self) -> bool:
        """Whether the last step is behind the learner."""
        from tui.course.progress import Mark

        return self.work.mark(self.work.course.steps[-1].id) in (Mark.DONE, Mark.SKIPPED)

    def went_on(self) -> None:
        """Something was done. After the last thing the ending is offered; the page stays, as it tells why."""
        super().went_on()
        if self._is_ending_due and self._is_over:
            self._is_ending_due = False
            self.tell("That was the last step. E shows what you built.")

    def leave_last_step(self) -> None:
        """What comes after the last step is the ending."""
        self.work.leave(self.learner.step)
        self.walk.refresh_lesson()
        self._do_ending()

    def _do_ending(self) -> None:
        from tui.screens.ending import EndingScreen
        from tui.session.ending import ending_of

        if self._is_over:
            self._is_ending_due = False
        self.push_screen(EndingScreen(ending_of(self.work, self.learner.evidence())))

    def _do_find_step(self) -> None:
        from tui.screens.steps import StepsScreen

        def go(index: int | None) -> None:
            # Steps may have been reset: where all were, the learner begins at the beginning.
            current = self.learner.step_index if self.work.progress.step is not None else 0
            self._is_ending_due = not self._is_over
            self.walk.open_step(current if index is None else index)
            self.went_on()

        self.push_screen(StepsScreen(self.work, self.learner.step_index), go)

    # Taking it along.

    def on_ending_screen_save_wanted(self, message: EndingScreen.SaveWanted) -> None:
        """Ask for name and folder, and write certificate and guesses there."""
        from tui.screens.take_along import TakeAlongScreen
        from tui.session.ending import files_of, write_files

        today = datetime.now(UTC).astimezone().date()
        suggestion = Path.cwd() / f"jettison-{self.work.course.name}"
        names = files_of(message.ending, "", today)

        def write(answer: TakeAlong | None) -> None:
            if answer is None:
                return
            files = files_of(message.ending, answer.name, today)
            try:
                write_files(answer.folder, files)
            except OSError as error:
                self._tell_ending(
                    f"{error.filename or answer.folder} could not be written: {error.strerror}.", "$warning"
                )
                return
            self._tell_ending(f"Written to {answer.folder.absolute()}: {', '.join(files)}.", "$success")
            self.keep_settings(replace(self._settings, name=answer.name))

        self.push_screen(TakeAlongScreen(self._settings.name, suggestion, names), write)

    def _tell_ending(self, words: str, style: str) -> None:
        from textual.content import Content

        from tui.screens.ending import EndingScreen

        if isinstance(self.screen, EndingScreen):
            self.screen.tell(Content.styled(words, style))

    # Notes for the presenter.

    def _do_notes(self) -> None:
        shows = not self.work.shows_notes
        self._show_notes(shows)
        self.keep_settings(replace(self._settings, notes=shows))
        self.tell("Notes for the presenter are shown." if shows else "Notes for the presenter are hidden.")

    def _show_notes(self, shows: bool) -> None:
        if self.work.shows_notes != shows:
            self.work.shows_notes = shows
            self.walk.refresh_lesson()

    def keep_settings(self, settings: Settings) -> None:
        """Use these from now on, and the next time."""
        self._settings = settings
        try:
            save_settings(self.learner.settings(settings, theme=self.theme, wrap=self.wrap))
        except OSError as error:
            self.warn(f"The settings could not be kept: {error.strerror}.")
