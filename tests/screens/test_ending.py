"""The ending: offered when the last step is done, open at any time, and taken along as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.fakes import ScriptedEngine
from tests.screens.conftest import Driven, Start
from tests.screens.test_lessons import an_engine, page, to_step
from tests.unit.courses import one_step
from tui.engine.request import Builder
from tui.screens.ending import EndingScreen
from tui.screens.take_along import TakeAlongScreen
from tui.session.options import StartOptions
from tui.session.settings import load_settings

SIZE = (120, 50)
OFFER = "That was the last step. E shows what you built."
QUESTION = '```choose\nid = "c"\nask = "Which?"\noptions = ["one", "two"]\nanswer = 2\n```\n'


def one_question(tmp_path: Path) -> StartOptions:
    return StartOptions(course=one_step(tmp_path / "course", QUESTION))


async def test_it_is_offered_by_itself_when_the_last_step_is_done_and_not_again(start: Start, tmp_path: Path) -> None:
    options = one_question(tmp_path)
    async with start(options=options, size=SIZE) as it:
        assert not it.shows("See what you built")
        await it.press("d", "1")
        assert it.toasts.count(OFFER) == 1
        await it.click("See what you built")
        assert it.shows("You are through.") and it.shows("1 of 1 steps")
        await it.press("escape", "d", "2")
        assert it.toasts.count(OFFER) == 1
    async with start(options=options, size=SIZE) as it:
        await it.press("d", "2")
        assert OFFER not in it.toasts
        assert it.shows("See what you built")


async def test_it_comes_after_the_last_step(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "take-it-home")
        await it.press("j")
        assert isinstance(it.app.screen, EndingScreen)
        assert it.app.work.mark("take-it-home") == "skipped"
        assert "This is what you have so far." in it.text


async def test_it_is_open_at_any_time_by_its_key_by_a_click_and_from_the_palette(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await it.press("E")
        assert "0 of 18 steps" in it.text
        assert "The pair is not built yet" in it.text
        await it.press("E")
        await it.click("━━━")
        assert isinstance(it.app.screen, EndingScreen)
        await it.press("escape", "f2", *"ending", "enter")
        await it.until(lambda: isinstance(it.app.screen, EndingScreen), "the ending")


async def test_it_has_what_was_built_and_what_was_guessed(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "single-stage")
        await it.press("d", *"456 MB", "enter")
        await it.build("b")
        await it.press("E")
        assert "912 MB" in it.text and "18.3 MB" in it.text
        assert "50× smaller   docker 29.1.0" in it.text
        await it.press("end")
        assert "1 of 23 made, 1 close" in it.text
        assert "guess 456 MB   measured 912 MB   2.0× off" in it.text


async def test_it_is_taken_along_by_keys_alone(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = one_question(tmp_path)
    async with start(options=options, size=SIZE) as it:
        await it.press("d", "2", "j", "f", *"Ada", "enter", "enter")
        folder = tmp_path / "jettison-course"
        assert "Ada" in (folder / "certificate.svg").read_text()
        assert f"Written to {folder}: certificate.svg, certificate.md." in told(it)
        assert load_settings()[0].name == "Ada"
        (folder / "certificate.svg").write_text("kept")
        await it.press("f", "enter")
        assert "exist there. Enter again replaces" in it.text
        assert (folder / "certificate.svg").read_text() == "kept"
        await it.press("enter")
        assert "Ada" in (folder / "certificate.svg").read_text()


async def test_it_is_taken_along_by_the_mouse_alone(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with start(options=one_question(tmp_path), size=(80, 24)) as it:
        await it.press("E")
        await it.click("Take it along")
        assert isinstance(it.app.screen, TakeAlongScreen)
        await it.click("Write (Enter)")
        assert (tmp_path / "jettison-course" / "certificate.md").exists()
        await it.click("Close (Escape)")
        assert not isinstance(it.app.screen, EndingScreen)


async def test_a_folder_that_cannot_be_written_to_is_told(start: Start, tmp_path: Path) -> None:
    async with start(options=one_question(tmp_path), size=SIZE) as it:
        await it.press("E", "f", "enter")
        await it.press(*["backspace"] * 200, *"/proc/nowhere", "enter")
        assert "/proc/nowhere could not be written" in it.text
        await it.press("f", "enter", *["backspace"] * 200, *"/absent/folder", "enter")
        assert "There is no folder /absent." in it.text


def told(it: Driven) -> str:
    """What the ending says of its files, however its lines are broken."""
    return str(it.app.screen.query_one("#told", Static).content)


async def notes_are_seen(it: Driven) -> bool:
    return "For the presenter" in page(it) and it.shows("Ask the room")


async def test_notes_for_the_presenter_are_hidden_until_they_are_asked_for_and_remembered(
    start: Start, tmp_path: Path
) -> None:
    options = StartOptions(course=one_step(tmp_path, "Text.\n\n```note\nAsk the room [first].\n```\n"))
    async with start(options=options, size=SIZE) as it:
        assert not await notes_are_seen(it)
        await it.press("M")
        assert await notes_are_seen(it)
    async with start(options=options, size=SIZE) as it:
        assert await notes_are_seen(it)
        await it.press("M")
        assert not await notes_are_seen(it)
    assert not load_settings()[0].notes


async def test_a_text_for_another_builder_is_left_out(start: Start) -> None:
    async with start(ScriptedEngine(), size=SIZE) as it:
        await to_step(it, "unused-stages")
        assert "BuildKit starts at the last stage" in page(it)
        assert "The classic builder goes from top to bottom" not in page(it)
        assert "only:" not in page(it)
    async with start(ScriptedEngine(), size=SIZE, options=StartOptions(builder=Builder.CLASSIC)) as it:
        assert "The classic builder goes from top to bottom" in page(it)
        assert "BuildKit starts at the last stage" not in page(it)
