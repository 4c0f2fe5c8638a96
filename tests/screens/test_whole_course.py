"""The whole course on the shipped recording, by keys alone: from the first page to the certificate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.screens.conftest import Driven, Start
from tests.screens.test_lessons import done, page
from tests.shell import jettison
from tui.course.blocks import Block, BuildImages, Choose, DoAction, DoExercise, Predict, Recall, Reveal, StartContainer
from tui.course.model import Step
from tui.course.progress import Mark
from tui.course.quantity import EXAMPLES
from tui.engine.replay import AT_ONCE
from tui.screens.ending import EndingScreen
from tui.screens.exercise import ExerciseScreen
from tui.screens.question import QuestionScreen
from tui.screens.walk import WalkScreen
from tui.session.lesson_text import RECORDED, next_to_do
from tui.session.options import REPLAY, StartOptions

SIZE = (160, 60)
NOT_RECORDED = "There is no recording of"
NOTICES = (NOT_RECORDED, "Looking inside", "Both are built", "That was the last step")
"""All that the app may say on the way."""
SKIPPED_ONE_IN = 4
"""So often a guess is skipped."""


async def test_the_whole_course_is_walked_by_keys_alone_on_the_recording(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tui.screens.seeking.REPLAY_SPEED", AT_ONCE)
    async with start(options=StartOptions(engine=REPLAY), size=SIZE) as it:
        steps = it.app.learner.course.steps
        for number, step in enumerate(steps, start=1):
            assert it.app.learner.step is step
            assert it.shows(f"step {number}, {step.minutes} min")
            assert it.shows(f"▶{number:2}  {step.title[:16]}")
            await do_all_of(it, step)
            for block in step.blocks:
                assert_is_done(it, block)
            assert_is_told_what_a_recording_cannot_tell(it, step)
            await it.changes("j")
            assert it.app.work.mark(step.id) is (Mark.SKIPPED if step.exercises else Mark.DONE)
        await the_ending_is_taken_along(it, tmp_path / f"jettison-{it.app.work.course.name}")
        assert_progress_tells_of_all(steps)


# What the learner does.


def what_d_does(it: Driven) -> int | None:
    """The number of the block that `d` leads to."""
    return next_to_do(it.app.learner.step, it.app.work, it.app.learner.evidence())


async def do_all_of(it: Driven, step: Step) -> None:
    """Press `d`, and answer, until it leads to nothing new."""
    seen: list[int] = []
    while (number := what_d_does(it)) is not None:
        block = step.blocks[number]
        if number in seen and isinstance(block, DoExercise):
            break
        # To guess is one thing, to have it measured another.
        assert seen.count(number) < 2, f"d leads to {block} again and again"
        seen.append(number)
        await do(it, block)
    if number is None and it.app.learner.head.action is None:
        it.app.clear_notifications()
        await it.changes("d")
        assert it.toasts == ["Nothing on this page waits for you. j goes on."]


async def do(it: Driven, block: Block) -> None:
    """Press `d`, which leads to this block, and go on as what is shown asks for."""
    is_asked = isinstance(block, Choose | Recall) or (
        isinstance(block, Predict) and block.id not in it.app.work.progress.guesses
    )
    it.app.clear_notifications()
    await it.changes("d")
    await done(it)
    assert all(said.startswith(NOTICES) for said in it.toasts), it.toasts
    match block:
        case Predict() | Choose() | Recall() if is_asked:
            assert isinstance(it.app.screen, QuestionScreen)
            await it.press(*answer_to(it, block))
        case DoExercise(name=name):
            assert isinstance(it.app.screen, ExerciseScreen)
            await try_exercise(it, name)
        case StartContainer(image=image):
            assert f"`{image}` is built: **" in page(it)
            assert "A recorded build cannot be run" in page(it)
        case BuildImages(images=images):
            assert all(f"`{image}` is built: **" in page(it) for image in images)
        case _:
            assert isinstance(it.app.screen, WalkScreen)
    assert isinstance(it.app.screen, WalkScreen)


def answer_to(it: Driven, question: Predict | Choose | Recall) -> list[str]:
    """The keys that answer: now and then the one that skips, else what the question itself offers."""
    match question:
        case Predict() if len(it.app.work.progress.guesses) % SKIPPED_ONE_IN == SKIPPED_ONE_IN - 1:
            return ["f8"]
        case Predict() if it.app.screen.query("#options"):
            return ["1"]
        case Predict(measure=measure):
            return [*EXAMPLES[measure.unit], "enter"]
        case Recall(question=asked):
            return [str(asked.answer)]
        case Choose(answer=answer):
            return [str(answer)]


async def try_exercise(it: Driven, name: str) -> None:
    """Build it, which a recording cannot; read hints and solution."""
    await it.changes("f9")
    await it.until(lambda: not it.app.is_attempting, "the end of the attempt")
    await it.until(lambda: it.shows(f"{NOT_RECORDED} go-multi-stage/{name}"), "why it cannot be built")
    for number in range(1, 4):
        await it.changes("f3")
        assert it.shows(f"Hint {number}: ")
    await it.changes("f4")
    await it.changes("escape")


async def the_ending_is_taken_along(it: Driven, folder: Path) -> None:
    """After the last step, by keys."""
    assert isinstance(it.app.screen, EndingScreen)
    steps = it.app.learner.course.steps
    skipped = sum(bool(step.exercises) for step in steps)
    assert it.shows("You are through.")
    assert it.shows(f"{len(steps) - skipped} of {len(steps)} steps, {skipped} skipped")
    await it.press("f", *"Ada", "enter", "enter")
    names = ["certificate.md", "certificate.svg", "guesses.csv", "guesses.md"]
    assert sorted(file.name for file in folder.iterdir()) == names
    for name in ("certificate.md", "certificate.svg"):
        assert "Ada" in (folder / name).read_text()
    await it.changes("escape")
    assert isinstance(it.app.screen, WalkScreen)


# What is seen of it.


def assert_is_done(it: Driven, block: Block) -> None:
    """Whatever a block asked for is noted, or on its page."""
    progress, step = it.app.work.progress, it.app.learner.step
    match block:
        case Predict(id=id):
            assert id in progress.guesses
        case Choose(id=id):
            assert progress.answers[id].is_right
        case Recall() as recall:
            assert progress.answers[recall.id].is_right
        case Reveal(title=title):
            assert f"▾ {title}" in page(it)
        case DoAction() | BuildImages() | StartContainer():
            assert not it.app.work.waits(step, step.blocks.index(block))
        case DoExercise(name=name):
            state = progress.exercises[name]
            assert (state.hints, state.solution_seen, state.is_passed) == (3, True, False)


def assert_is_told_what_a_recording_cannot_tell(it: Driven, step: Step) -> None:
    """A guess stands beside what was recorded, or the page says that a recording cannot tell."""
    guesses = [it.app.work.progress.guesses[block.id] for block in step.blocks if isinstance(block, Predict)]
    measured = [guess for guess in guesses if guess.measured is not None]
    assert page(it).count(RECORDED) == len(guesses) - len(measured)
    assert all(guess.source.startswith("recorded on ") for guess in measured)


def assert_progress_tells_of_all(steps: tuple[Step, ...]) -> None:
    """`jettison progress`, in a process of its own, knows each step as done or skipped."""
    told = json.loads(jettison("progress", "--json").stdout)
    assert {one["id"]: one["state"] for one in told["steps"]} == {
        step.id: "skipped" if step.exercises else "done" for step in steps
    }
    assert told["summary"]["is_finished"]
    assert len(told["guesses"]) == sum(isinstance(block, Predict) for step in steps for block in step.blocks)
