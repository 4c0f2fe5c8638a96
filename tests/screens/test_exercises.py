"""Exercises: a Dockerfile is edited in the app, built, checked, hinted at, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_containers import Script
from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, a_build, image
from tests.sample_archives import MULTISTAGE_ARCHIVE, SIMPLE_ARCHIVE
from tests.screens.conftest import Driven, Start
from tests.screens.test_lessons import done, first_waiting, page, to_step
from tests.unit.web import pages
from tui.engine.containers import Address, LogPiece
from tui.engine.errors import EngineLost
from tui.engine.events import (
    BuildEvent,
    BuildFailed,
    BuildStarted,
    BuildSucceeded,
    FailureKind,
    StepCached,
    StepDone,
    StepPlanned,
    StepStarted,
    Stream,
)
from tui.engine.request import Builder
from tui.screens.exercise import ExerciseScreen
from tui.session.course_images import work_file
from tui.session.exercise_check import Stage
from tui.session.ledger import CONTAINER, Ledger
from tui.widgets.dockerfile_editor import DockerfileEditor

GOOD_IMAGE = image("good", 32_000)
ORDERED_IMAGE = image("ordered", 33_000)
SIZE = (160, 50)


def an_engine() -> ScriptedEngine:
    """An engine that builds the learner's first exercise well, and the pair."""
    engine = ScriptedEngine({"simple": a_build(SIMPLE_IMAGE), "only-the-binary": a_build(GOOD_IMAGE)})
    engine.archives[GOOD_IMAGE.image_id] = MULTISTAGE_ARCHIVE
    return engine


async def opened(it: Driven, step: str = "only-the-binary") -> ExerciseScreen:
    """Open the exercise of a step."""
    await to_step(it, step)
    while first_waiting(it) is not None:
        await it.press("d")
        if isinstance(it.app.screen, ExerciseScreen):
            return it.app.screen
        await it.press("f8" if it.app.screen.query("#skip") else "1")
    raise AssertionError("no exercise on this step")


def editor(it: Driven) -> DockerfileEditor:
    """Where the file is edited."""
    return it.app.screen.query_one(DockerfileEditor)


async def checked(it: Driven) -> None:
    """Build and check, and wait for the verdicts."""
    await it.press("f9")
    await it.until(lambda: it.app._attempt is not None and it.app._attempt.is_over, "the verdicts")
    await done(it)


async def test_what_holds_is_told_and_the_exercise_is_passed_when_the_container_answers(start: Start) -> None:
    engine = an_engine()
    with pages({"/": (200, "Home Page")}) as address:
        engine.containers.scripts["only-the-binary"] = Script(address=address)
        async with start(engine, size=SIZE) as it:
            await opened(it)
            assert "FROM ___" in editor(it).text
            assert "· no **/*.go" in it.text
            await checked(it)
            assert "Passed: all of it holds." in it.text
            assert "✓ simple is at least 10 times as large" in it.text
            assert "✓ GET / answers 200 with “Home Page”" in it.text
            state = it.app.work.progress.exercises["only-the-binary"]
            assert (state.attempts, state.is_passed) == (1, True)
            assert not engine.containers.there
            assert not Ledger().on(engine.info.endpoint, CONTAINER)


async def test_a_container_that_ends_at_once_fails_its_checks_and_says_why(start: Start) -> None:
    engine = an_engine()
    engine.containers.scripts["only-the-binary"] = Script((LogPiece(Stream.STDERR, "no config\n"),), exits=3)
    async with start(engine, size=SIZE) as it:
        await opened(it)
        await checked(it)
        assert "1 of 5 do not hold yet" in it.text
        assert "no answer: it had ended" in it.text
        assert "exit code 3" in it.text
        assert not it.app.work.progress.exercises["only-the-binary"].is_passed


async def test_a_lost_engine_ends_the_attempt_and_what_is_left_stays_in_the_ledger(start: Start) -> None:
    engine = an_engine()
    # Nobody listens there: it is waited for.
    engine.containers.scripts["only-the-binary"] = Script(address=Address("127.0.0.1", 1))
    async with start(engine, size=SIZE) as it:
        await opened(it)
        await it.press("f9")
        await it.until(lambda: it.app._attempt and it.app._attempt.stage is Stage.STARTING, "the container")
        await it.until(lambda: engine.containers.there and it.app.learner.is_running, "the container")
        engine.containers.lost = EngineLost("The engine is gone.", "Start it again.")
        (container,) = engine.containers.there
        engine.containers.end(container)
        await it.until(lambda: it.app._attempt and it.app._attempt.is_over, "the end")
        await it.until(lambda: "The engine is gone. Start it again." in it.text)
        assert Ledger().on(engine.info.endpoint, CONTAINER)


async def test_a_check_that_fails_says_what_was_found_and_a_hint(start: Start) -> None:
    engine = an_engine()
    engine.archives[GOOD_IMAGE.image_id] = SIMPLE_ARCHIVE
    async with start(engine, size=SIZE) as it:
        await opened(it)
        await checked(it)
        assert "✗ no /usr/local/go" in it.text
        assert "found: /usr/local/go/" in it.text
        assert "do not hold yet" in it.text


async def test_a_build_that_fails_is_told_with_the_engines_words(start: Start) -> None:
    failed: list[BuildEvent] = [
        BuildStarted(0.0, Builder.BUILDKIT),
        BuildFailed(0.1, FailureKind.DOCKERFILE, "there is no stage [nowhere]", "Look at the names behind AS."),
    ]
    engine = ScriptedEngine({"simple": a_build(SIMPLE_IMAGE), "only-the-binary": failed})
    async with start(engine, size=SIZE) as it:
        await opened(it)
        await checked(it)
        assert "there is no stage [nowhere]. Look at the names" in it.text
        assert "A blank is left in line 10 and 11." in it.text


async def test_on_a_small_screen_the_page_is_in_front_again_after_an_exercise(start: Start) -> None:
    async with start(an_engine(), size=(80, 24)) as it:
        await opened(it)
        await checked(it)
        await it.press("escape")
        await it.until(lambda: it.shows("Your turn."), "the page")


async def test_edits_are_kept_and_the_starter_never_writes_over_them(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await opened(it)
        await it.press(*"# mine", "enter", "escape")
        file = work_file(it.app.work.opened, "only-the-binary")
        assert file.read_text().startswith("# mine\n# Compile")
    async with start(an_engine(), size=SIZE) as it:
        await opened(it)
        assert editor(it).text.startswith("# mine\n# Compile")


async def test_three_hints_come_before_the_solution_which_is_marked_as_seen(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await opened(it)
        await it.press("f4")
        assert "3 more hints" in it.text
        await it.press("f3")
        assert "Hint 1: Production needs a small base" in it.text
        assert "Hint 2" not in it.text
        await it.press("f3", "f3", "f4")
        assert "+FROM alpine:3.24" in it.text
        assert "-FROM ___" in it.text
        state = it.app.work.progress.exercises["only-the-binary"]
        assert (state.hints, state.solution_seen) == (3, True)


async def test_the_learners_own_editor_is_another_way(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with start(an_engine(), size=SIZE) as it:
        await opened(it)
        work_file(it.app.work.opened, "only-the-binary").write_text("FROM scratch\n")
        await it.press("f8")
        assert editor(it).text == "FROM scratch\n"
        assert "$EDITOR is not set" in it.text


async def test_a_second_build_after_an_edit_tells_what_stays_cached(start: Start) -> None:
    edited: list[BuildEvent] = [
        BuildStarted(0.0, Builder.BUILDKIT),
        StepPlanned(0.1, "modules", "RUN go mod download", "builder", 4),
        StepPlanned(0.1, "copy", "COPY . .", "builder", 5),
        StepCached(0.2, "modules"),
        StepStarted(0.3, "copy"),
        StepDone(0.4, "copy", 0.1),
        BuildSucceeded(0.5, ORDERED_IMAGE),
    ]
    engine = ScriptedEngine({"the-order": a_build(ORDERED_IMAGE), "the-order-edited": edited})
    async with start(engine, size=SIZE) as it:
        it.app.walk.open_step(10)
        await it.pilot.pause()
        it.app.open_exercise("the-order")
        await it.pilot.pause()
        await checked(it)
        assert "✓ after an edit of main.go, go mod download comes from the cache" in it.text
        plain, changed = engine.requests[-2:]
        assert changed.tag.startswith("jettison-")
        before, after = (request.context / "main.go" for request in (plain, changed))
        assert after.read_text().startswith(before.read_text())
        assert after.read_text() != before.read_text()


async def test_all_of_it_is_there_at_80_columns(start: Start) -> None:
    async with start(an_engine(), size=(80, 24)) as it:
        await opened(it)
        buttons = ("F9 check", "F3 hint", "F4 solution", "F7 lint", "F8 editor", "Esc close")
        for words in (*buttons, "FROM ___", "What must hold"):
            assert words in it.text


async def test_the_editor_colours_a_dockerfile_as_the_app_does(start: Start) -> None:
    """`_build_highlight_map` and `_highlights` are inner names of TextArea: another release must not move them."""
    async with start(an_engine(), size=SIZE) as it:
        await opened(it)
        area = editor(it)
        area.load_text("FROM größe AS builder\nCOPY --from=builder /a /b\n")
        await it.pilot.pause()
        first, second = area._highlights[0], area._highlights[1]
        assert (0, 4, "bold $accent") in first
        assert (5, 12, "$success") in first
        assert (5, 11, "$secondary") in second


async def test_the_page_tells_how_an_exercise_stands(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "only-the-binary")
        assert "Open “Copy only the binary”" in page(it)
