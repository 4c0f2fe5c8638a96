"""An app whose lessons do something: the course comes after the first paint, and its pages are carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events

from tui.screens.running import RunningApp
from tui.screens.walk import BUILD, LESSON
from tui.widgets.clickable import clicked_action

if TYPE_CHECKING:
    from tui.course.blocks import BuildImages, Choose, DoAction, Predict, Recall, StartContainer
    from tui.session.beginning import Beginning
    from tui.session.coursework import Coursework
    from tui.session.errand import Errand
    from tui.session.measuring import Unmeasured

BAD_COURSE_CODE = 2
BLOCK = "block-"
"""What the id of a block's action begins with."""


class LessonApp(RunningApp):
    """Brings the learner's course, and does what stands on its pages."""

    beginning: Beginning
    _errand: Errand | None = None
    """What is being found out for the page, or was last."""

    def act(self, action_id: str) -> None:
        """Carry out an action of the registry."""
        raise NotImplementedError

    def wait_for_news(self) -> None:
        """Something was begun: take in what comes of it."""
        raise NotImplementedError

    def bring_course(self) -> bool:
        """Read the whole course, with the learner's progress in it; False where it cannot be opened."""
        from tui.course.problems import CourseError
        from tui.session.coursework import Coursework

        try:
            work = Coursework(self.beginning.whole())
        except CourseError as error:
            self.exit(return_code=BAD_COURSE_CODE, message=f"The course cannot be opened:\n{error}")
            return False
        self.learner.take_course(work)
        self.walk.open_step(self.learner.step_index)
        if work.store.warning:
            self.warn(work.store.warning)
        return True

    @property
    def work(self) -> Coursework:
        """What the learner does in the course."""
        assert self.learner.work is not None
        return self.learner.work

    def on_click(self, event: events.Click) -> None:
        """A click on a link of a lesson does what it says."""
        action = clicked_action(event)
        if action is not None and action.startswith(BLOCK) and self.learner.work is not None:
            event.stop()
            self.do_block(int(action.removeprefix(BLOCK)))

    def acted(self, action_id: str) -> None:
        """An action was asked for by its own key: where the page asks for it too, that waits no more."""
        from tui.course.blocks import DoAction

        if self.learner.work is None:
            return
        step = self.learner.step
        for number, block in enumerate(step.blocks):
            if isinstance(block, DoAction) and block.action == action_id and self.work.waits(step, number):
                self.work.ran(step, number)
                self.went_on()

    def do_what_waits(self) -> None:
        """Carry out the first thing on the page that waits, or else what the step is about."""
        from tui.session.lesson_text import next_to_do

        waiting = next_to_do(self.learner.step, self.work, self.learner.evidence())
        if waiting is not None:
            self.do_block(waiting)
        elif self.learner.head.action is not None:
            self.act(self.learner.head.action)
        else:
            self.tell("Nothing on this page waits for you. j goes on.")

    def do_block(self, number: int) -> None:
        """Carry out what a block of the page asks for."""
        from tui.course.blocks import (
            BuildImages,
            CheckImage,
            Choose,
            DoAction,
            DoExercise,
            Predict,
            Recall,
            Reveal,
            StartContainer,
        )

        step = self.learner.step
        self.walk.await_change()
        match step.blocks[number]:
            case Predict() as question if self.work.waits(step, number):
                self._ask_guess(question)
            case Predict() as guessed:
                self.when_agreed(lambda: self._find_out(lambda: self._unmeasured(guessed)))
            case Choose() | Recall() as question:
                self._ask_choice(question)
            case DoAction() | BuildImages() | StartContainer() as run:
                self._run(number, run)
            case Reveal():
                self.work.revealed ^= {(step.id, number)}
                self.walk.refresh_lesson()
            case CheckImage(image=image, checks=checks):
                self.when_agreed(lambda: self._find_out(lambda: self.learner.evidence().missing(image, checks)))
            case DoExercise(name=name):
                self.open_exercise(name)

    def open_exercise(self, name: str) -> None:
        """Open an exercise to be worked at."""
        raise NotImplementedError

    # Questions.

    def _ask_guess(self, question: Predict) -> None:
        from tui.course.quantity import EXAMPLES, NotAQuantity, Unit, read
        from tui.screens.question import SKIPPED, QuestionScreen

        unit = question.measure.unit
        options = ("yes", "no") if unit is Unit.YES_NO else question.options

        def problem(text: str) -> str | None:
            try:
                read(text, unit)
            except NotAQuantity as error:
                return f"{error}."
            return None

        def lock(text: str | None) -> None:
            if text is None:
                return
            said = {"1": "yes", "2": "no"}.get(text, text) if unit is Unit.YES_NO else text
            self.work.guess(question, None if text == SKIPPED else read(said, unit))
            self.went_on()

        screen = QuestionScreen(question.ask, options, example=EXAMPLES[unit], problem=problem, may_skip=True)
        self.push_screen(screen, lock)

    def _ask_choice(self, block: Choose | Recall) -> None:
        from tui.course.blocks import Recall
        from tui.screens.question import QuestionScreen

        question = block.question if isinstance(block, Recall) else block

        def answer(option: str | None) -> None:
            if option is not None:
                self.work.answer(block, int(option))
                self.went_on()

        self.push_screen(QuestionScreen(question.ask, question.options), answer)

    def went_on(self) -> None:
        """Something was done, built or looked into: note what is measured by now, and show it on the page."""
        from tui.course.blocks import Predict
        from tui.session.measuring import Unmeasured

        evidence = self.learner.evidence()
        for block in self.learner.step.blocks:
            if isinstance(block, Predict) and block.id in self.work.progress.guesses:
                value = evidence.measure(block)
                if not isinstance(value, Unmeasured):
                    self.work.measured(block, value, evidence.source)
        self.work.settle(self.learner.step)
        if self.work.store.warning:
            self.warn(self.work.store.warning)
            self.work.store.warning = None
        self.walk.refresh_lesson()

    # What is run.

    def _run(self, number: int, run: DoAction | BuildImages | StartContainer) -> None:
        step = self.learner.step
        guess = self.work.first_guess_before(step, run)
        if guess is not None:
            self.do_block(guess)
        else:
            self.when_agreed(lambda: self._run_now(number, run))

    def _run_now(self, number: int, run: DoAction | BuildImages | StartContainer) -> None:
        from tui.course.blocks import BuildImages, DoAction, StartContainer

        match run:
            case DoAction(action="run-both") if not self._both_are_built:
                self.act("build-both")
                self.tell("Both are built first; then d runs them.")
                return
            case DoAction(action=action):
                # An action that is the page's own key would lead here again.
                if action != "step-action":
                    self.act(action)
            case BuildImages(images=images, no_cache=no_cache):
                if not self._build_images(images, no_cache=no_cache or None):
                    return
            case StartContainer(image=image):
                if not self._start_container(image):
                    return
        self.work.ran(self.learner.step, number)
        self.went_on()

    @property
    def _both_are_built(self) -> bool:
        records = map(self.learner.record, self.learner.project.variants)
        return all(record is not None and record.image is not None for record in records)

    @property
    def _is_free(self) -> bool:
        """Whether the engine has nothing to do for us; says so where it has."""
        if self.learner.bench is None:
            self.say_there_is_no_engine()
        elif self.learner.under_way:
            self.tell(self.learner.under_way)
        else:
            return True
        return False

    def _build_images(self, images: Sequence[str], *, no_cache: bool | None) -> bool:
        """Begin to build images that a lesson names; False where that cannot be."""
        if not self._is_free:
            return False
        from tui.session.exercise_work import begun

        for exercise in (self.work.course.exercises[i] for i in images if i in self.work.course.exercises):
            begun(self.work.opened, exercise)
        evidence = self.learner.evidence()
        self.learner.build_targets([evidence.target(image) for image in images], no_cache=no_cache)
        self._show_builds()
        return True

    def _show_builds(self) -> None:
        self.walk.refresh_builds()
        self.walk.show_work(BUILD)
        self.wait_for_news()

    def _start_container(self, image: str) -> bool:
        """Begin to start a container of an image that a lesson names; False where that cannot be."""
        from tui.course.blocks import CheckImage
        from tui.course.checks import needs
        from tui.session.container_trial import Questions
        from tui.session.errand import start_of

        asked = Questions()
        # One container answers all that the page wants to know of it.
        for block in self.learner.step.blocks:
            if isinstance(block, CheckImage) and block.image == image:
                wanted = needs(block.checks)
                asked |= Questions(wanted.http_paths, wanted.echoes)
        return self._find_out(start_of(self.learner, image, asked))

    def _unmeasured(self, question: Predict) -> Unmeasured | None:
        from tui.session.measuring import Unmeasured

        value = self.learner.evidence().measure(question)
        return value if isinstance(value, Unmeasured) else None

    def _find_out(self, missing: Callable[[], Unmeasured | None]) -> bool:
        """Begin to do what is missing, one thing after the other; False where that cannot be."""
        from tui.session.errand import Errand
        from tui.session.measuring import Remedy

        if not self._is_free:
            return False
        errand = self._errand = Errand(self.learner, missing)
        if errand.doing is not None and errand.doing.remedy in (Remedy.BUILD, Remedy.REBUILD):
            self._show_builds()
        self._tell_of(errand)
        self.wait_for_news()
        return True

    def _tell_of(self, errand: Errand) -> None:
        """Say what is being done where nothing else on the screen shows it, or why it came to nothing."""
        from tui.session.measuring import Remedy

        if errand.trouble:
            self.warn(errand.trouble)
        elif errand.doing is None:
            self.went_on()
        elif errand.doing.remedy is Remedy.LOOK:
            self.tell(f"Looking inside {errand.doing.image}: that takes a moment.")
        elif errand.doing.remedy is Remedy.START:
            self.tell(f"Starting a container of {errand.doing.image}…")

    def take_errand_further(self) -> None:
        """Take what is being found out its next step, where what it waits for is over."""
        from tui.session.measuring import Remedy

        errand = self._errand
        if errand is None or errand.is_over:
            return
        before = errand.doing
        errand.go_on()
        if errand.doing is not before:
            self.walk.refresh_builds()
            self._tell_of(errand)
            self.went_on()
            was_started = before is not None and before.remedy is Remedy.START
            if errand.doing is None and was_started and self.screen is self.walk and self.walk.has_class("-narrow"):
                # What became of the container is on the page, which the build lies upon.
                self.walk.show_place(LESSON)

    def when_agreed(self, then: Callable[[], object]) -> None:
        """Do this at once, or, for a course from elsewhere, once the learner agreed to what it may run."""
        from tui.course.digest import CourseTooLarge
        from tui.session.consent import Consents, may_run

        opened, consents = self.work.opened, Consents()

        def agreed(said_yes: bool | None) -> None:
            if not said_yes:
                self.tell("Nothing was run.")
                return
            try:
                consents.give(opened)
            except (CourseTooLarge, OSError) as error:
                self.warn(f"Your consent cannot be kept: {error}. Nothing was run.")
                return
            then()

        try:
            is_needed = consents.is_needed(opened)
        except (CourseTooLarge, OSError) as error:
            self.warn(f"The course cannot be looked through: {error}. Nothing is run.")
            return
        if not is_needed:
            then()
            return
        from tui.screens.consent import ConsentScreen

        self.push_screen(ConsentScreen(opened.course.title, may_run(opened)), agreed)
