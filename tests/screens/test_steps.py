"""The list of steps: searched, gone to, skipped, begun anew after asking; by keys alone and by the mouse alone."""

from __future__ import annotations

import pytest

from tests.screens.conftest import Driven, Start
from tests.screens.test_exercises import an_engine
from tui.course.progress import Answered, Attempted, Guessed, Left, Mark
from tui.screens.steps import StepsScreen
from tui.session.course_images import work_file
from tui.session.exercise_work import begun

SIZES = [(80, 24), (120, 36)]


def begin(it: Driven) -> None:
    """Something done: a guess, a question, an exercise that was passed."""
    work = it.app.work
    work.store.note(Guessed("size-simple", 3e8, "bytes"))
    work.store.note(Answered("which-stage-ships", 1, True))
    work.store.note(Attempted("only-the-binary", 5, 5, 9_000_000))
    for id in ("pre-flight", "single-stage", "only-the-binary"):
        work.store.note(Left(id))
    begun(work.opened, work.course.exercises["only-the-binary"]).write_text("FROM mine\n")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_step_is_found_by_its_words_and_gone_to(start: Start, size: tuple[int, int]) -> None:
    async with start(an_engine(), size=size) as it:
        await it.press("S")
        assert it.shows("0 of 18 done")
        await it.press(*"secret")
        assert it.shows("12  ") and not it.shows("Pre-flight")
        await it.press("enter")
        assert it.app.learner.head.id == "the-secret"


async def test_arrows_choose_and_escape_leaves_all_as_it_was(start: Start) -> None:
    async with start(an_engine()) as it:
        await it.press("S", "down", "down", "enter")
        assert it.app.learner.step_index == 2
        await it.press("S", "up", "escape")
        assert it.app.learner.step_index == 2


async def test_a_search_without_a_hit_goes_nowhere(start: Start) -> None:
    async with start(an_engine()) as it:
        await it.press("S", *"xyzzy", "enter", "f6", "f7")
        assert isinstance(it.app.screen, StepsScreen)


async def test_a_step_is_skipped_and_what_is_done_stays_done(start: Start) -> None:
    async with start(an_engine()) as it:
        begin(it)
        await it.press("S", "f6")
        assert it.shows("is done already")
        await it.press("down", "f6", "escape")
        assert it.app.work.mark("image-and-container") is Mark.SKIPPED
        assert it.app.work.mark("pre-flight") is Mark.DONE


async def test_a_step_is_begun_anew_only_when_it_was_said_twice(start: Start) -> None:
    async with start(an_engine()) as it:
        begin(it)
        await it.press("S", *"only the", "f7")
        assert it.shows("Forget guesses, answers and exercises of “Copy only the binary”?")
        assert "only-the-binary" in it.app.work.progress.exercises
        await it.press("f7")
        assert "only-the-binary" not in it.app.work.progress.exercises
        assert it.app.work.progress.guesses, "of this step alone"
        file = work_file(it.app.work.opened, "only-the-binary")
        assert not file.exists()
        assert file.with_name("Dockerfile.kept-1").read_text() == "FROM mine\n"


async def test_asking_about_one_step_is_no_yes_to_another(start: Start) -> None:
    async with start(an_engine()) as it:
        begin(it)
        await it.press("S", "f7", "down", "f7", "f8")
        assert it.app.work.mark("pre-flight") is Mark.DONE
        await it.press("f8")
        assert not it.app.work.progress.guesses
        await it.press("escape")
        assert (it.app.learner.step_index, it.app.work.mark("single-stage")) == (0, None)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_all_of_it_is_done_by_the_mouse_alone(start: Start, size: tuple[int, int]) -> None:
    async with start(an_engine(), size=size) as it:
        begin(it)
        await it.click("step 1 of 18")
        await it.click("The single-stage build", within="#list")
        await it.click("Reset (F7)")
        # A double click is no second word: the button rests for a moment.
        await it.until(lambda: not it.app.screen.query_one("#reset").has_class("-active"), "the button's rest")
        await it.click("Reset (F7)")
        assert it.app.work.mark("single-stage") is None
        await it.click("Skip (F6)")
        assert it.app.work.mark("single-stage") is Mark.SKIPPED
        await it.click("Go (Enter)")
        assert it.app.learner.head.id == "single-stage"
        await it.press("S")
        await it.click("Close (Esc)")
        assert not isinstance(it.app.screen, StepsScreen)
