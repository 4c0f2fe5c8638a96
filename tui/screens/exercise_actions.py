"""An app whose exercises can be worked at: it opens them, has them built and checked, and shows what came of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from tui.screens.lesson_actions import LessonApp
from tui.screens.messages import OpinionCame
from tui.screens.walk import LESSON

if TYPE_CHECKING:
    from tui.course.model import Exercise
    from tui.screens.exercise import ExerciseScreen
    from tui.session.exercise_check import Attempt


class ExerciseApp(LessonApp):
    """Takes attempts at exercises further whenever there is news."""

    def __init__(self) -> None:
        super().__init__()
        self._attempt: Attempt | None = None

    def open_exercise(self, name: str) -> None:
        """Open the learner's own Dockerfile of an exercise; it is made from the starter where there is none."""
        from tui.screens.exercise import ExerciseScreen
        from tui.session.draft import read_text
        from tui.session.exercise_work import begun

        exercise = self.work.course.exercises[name]
        try:
            file = begun(self.work.opened, exercise)
            text = read_text(file)
        except OSError as error:
            self.warn(f"The exercise cannot be begun: {error.strerror}.")
            return

        def closed(_: None) -> None:
            self.went_on()
            if self.walk.has_class("-narrow"):
                # The page goes on from here, and the build lies upon it.
                self.walk.show_place(LESSON)

        self.push_screen(ExerciseScreen(exercise, file, text, self.work), closed)

    def on_exercise_screen_check_wanted(self, message: ExerciseScreen.CheckWanted) -> None:
        """Build the file and check it, once a course from elsewhere has the learner's word."""
        self.when_agreed(lambda: self._attempt_at(message.exercise))

    def _attempt_at(self, exercise: Exercise) -> None:
        from tui.session.exercise_check import Attempt

        if self.learner.bench is None:
            self.say_there_is_no_engine()
        elif self.learner.is_busy or self.learner.is_looking or self.learner.has_errand:
            self.tell("Something is under way: wait for its end.")
        else:
            self._attempt = Attempt(self.learner, exercise)
            self._show_attempt()
            self.wait_for_news()

    @property
    def is_attempting(self) -> bool:
        """Whether an attempt is under way."""
        return self._attempt is not None and not self._attempt.is_over

    def take_further(self) -> None:
        """Take the attempt under way its next step, where what it waits for is over."""
        attempt = self._attempt
        if attempt is None or attempt.is_over:
            return
        before = attempt.stage
        try:
            attempt.go_on()
        except OSError as error:
            attempt.give_up(f"The build after an edit cannot be prepared: {error.strerror}.")
        if attempt.stage is not before:
            self._show_attempt()
            self.walk.refresh_builds()
            self.went_on()

    def _show_attempt(self) -> None:
        screen, attempt = self._exercise_screen, self._attempt
        if screen is not None and attempt is not None and screen.exercise is attempt.exercise:
            screen.show_attempt(attempt)

    @property
    def _exercise_screen(self) -> ExerciseScreen | None:
        """The exercise that is open, if one is in front."""
        from tui.screens.exercise import ExerciseScreen

        return self.screen if isinstance(self.screen, ExerciseScreen) else None

    # The second opinion.

    def on_exercise_screen_opinion_wanted(self, message: ExerciseScreen.OpinionWanted) -> None:
        """Ask hadolint in a thread: it is another program, and may take its time."""

        def ask() -> None:
            from tui.session.second_opinion import NoOpinion, second_opinion

            try:
                self.post_message(OpinionCame(message.exercise, second_opinion(message.text)))
            except NoOpinion as error:
                self.post_message(OpinionCame(message.exercise, (), str(error)))

        threading.Thread(target=ask, name="second-opinion", daemon=True).start()

    @on(OpinionCame)
    def _opinion_came(self, message: OpinionCame) -> None:
        from tui.session.grounds import grounds
        from tui.session.second_opinion import blind_spots
        from tui.widgets.exercise_text import no_opinion_words, opinion_words

        screen, exercise = self._exercise_screen, message.exercise
        if screen is None or screen.exercise is not exercise:
            return
        words: Content
        if message.why_not:
            words = no_opinion_words(message.why_not)
        else:
            facts = grounds(self.learner.evidence(), exercise.name, exercise.checks)
            words = opinion_words(message.findings, blind_spots(facts))
        screen.show_opinion(words)
