"""Walking through the tutorial: steps, panes, editions, with the keyboard and with the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, a_build
from tests.screens.conftest import Start
from tests.screens.test_building import LONG_LOG
from tests.unit.courses import HEAD, make_course, step_of
from tui.session.actions import ACTIONS
from tui.session.options import StartOptions
from tui.widgets.code_view import CodeView
from tui.widgets.lesson_pane import LessonPane
from tui.widgets.line_view import LineView

VARIANTS = ("simple", "multistage", "builder")


async def test_the_first_screen_shows_steps_lesson_dockerfiles_and_the_command(start: Start) -> None:
    async with start(size=(160, 44)) as it:
        for words in ("FROM golang", "docker build", "build both", it.app.learner.course.steps[0].title):
            assert words in it.text


BEFORE = {"show-build": "5", "log-end": "g", "previous-step": "j", "search-next": "4", "search-previous": "4"}
"""Keys that make room for an action to show what it does."""


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 60)])
async def test_every_action_answers_its_key_in_every_width(start: Start, size: tuple[int, int]) -> None:
    long = ScriptedEngine({name: a_build(SIMPLE_IMAGE, output=LONG_LOG) for name in VARIANTS})
    async with start(long, size=size) as it:
        await it.press("j")
        for action in ACTIONS:
            if action.id == "quit":
                continue
            if action.id == "log-start" or not it.app.learner.comparison():
                await it.build("b")
            await it.press("4", *BEFORE.get(action.id, ""))
            it.app.clear_notifications()
            await it.pilot.pause()
            await it.changes(action.key)
            await it.until(lambda: not it.app.learner.is_busy)
            if len(it.app.screen_stack) > 1 or it.app.screen.query("SearchBar.shown"):
                await it.press("escape")
        await it.press("q")
        assert not it.app.is_running


async def test_steps_go_on_and_back_and_stop_at_the_ends(start: Start) -> None:
    async with start() as it:
        await it.press("k")
        assert it.app.learner.step_index == 0
        await it.press("j", "j", "k")
        assert it.app.learner.step_index == 1
        await it.press(*"j" * 30)
        assert it.app.learner.step_index == len(it.app.learner.course.steps) - 1


async def test_every_step_of_the_course_can_be_read_to_its_end(start: Start) -> None:
    async with start(size=(80, 24)) as it:
        for step in it.app.learner.course.steps:
            await it.press("2", "end")
            assert it.app.learner.step.id == step.id
            assert it.app.screen.query_one(LessonPane).is_vertical_scroll_end
            await it.press("j")


async def test_digits_bring_each_pane_to_the_front_where_it_is_narrow(start: Start) -> None:
    async with start(size=(80, 24)) as it:
        for digit, place in zip("12345", ("steps", "lesson", "dockerfiles", "build", "sizes"), strict=True):
            await it.press(digit)
            assert [pane.id for pane in it.app.screen.query(".-front") if pane.id != "work"] == [place]
            assert it.app.screen.query_one(f"#{place}").region.height > 10


async def test_what_has_the_keyboard_stays_in_sight_where_the_terminal_becomes_narrow(start: Start) -> None:
    async with start(size=(120, 36)) as it:
        await it.press("2")
        it.app.screen.query(CodeView).first().focus()
        await it.pilot.resize_terminal(80, 24)
        await it.until(lambda: it.app.screen.query_one("#dockerfiles").region.height > 10, "the Dockerfiles")
        assert it.focused.has_class("-front") or it.app.screen.query_one("#work").has_class("-front")


async def test_the_mouse_alone_reaches_tabs_keys_steps_and_help(start: Start) -> None:
    async with start(size=(80, 24)) as it:
        await it.click("4 Build")
        assert it.app.screen.query_one("#build").region.height > 0
        await it.click("3 Dockerfiles")
        assert it.app.screen.query_one("#dockerfiles").region.height > 0
        await it.click("1 Steps")
        await it.click(it.app.learner.course.steps[2].title[:12], within="#steps")
        assert it.app.learner.step_index == 2
        await it.click("F1")
        assert "Escape closes" in it.text


async def test_the_edition_switch_shows_the_articles_dockerfiles_and_their_command(start: Start) -> None:
    async with start(size=(200, 60)) as it:
        assert "golang:1.11.13" not in it.text
        await it.press("e")
        assert it.app.learner.project.edition == "2019"
        assert "golang:1.11.13" in it.text
        assert "2019" in it.text
        await it.press("e")
        assert it.app.learner.project.edition == "current"


async def test_a_dockerfile_pane_numbers_its_lines_and_names_base_images(start: Start) -> None:
    async with start(size=(200, 60)) as it:
        await it.press("3")
        views = list(it.app.screen.query(CodeView))
        assert len(views) == 2
        assert all(view.region.height > 10 for view in views)
        assert "golang:1.27-bookworm" in it.text
        assert "alpine:3.24" in it.text


async def test_zoom_gives_one_pane_the_whole_width_and_back(start: Start) -> None:
    async with start() as it:
        await it.press("4", "z")
        visible = [pane for pane in it.app.screen.query("BuildPane") if pane.region.width]
        assert len(visible) == 1
        assert visible[0].region.width > 110
        await it.press("z")
        assert len([pane for pane in it.app.screen.query("BuildPane") if pane.region.width]) == 2


async def test_help_lists_every_key_and_closes(start: Start) -> None:
    async with start(size=(120, 200)) as it:
        await it.press("f1")
        for action in ACTIONS:
            assert action.title in it.text
        await it.press("escape")
        assert "Escape closes" not in it.text


async def test_the_palette_carries_an_action_out(start: Start) -> None:
    async with start() as it:
        await it.press("f2", *"Show the sizes")
        await it.until(lambda: "Both images to scale" in it.text, "the palette's hit")
        await it.press("enter")
        await it.until(lambda: it.app.screen.query_one("#sizes").display, "the sizes")


async def test_quitting_keeps_theme_and_wrap_for_the_next_time(start: Start) -> None:
    async with start() as it:
        assert it.app.wrap
        await it.press("w", "f5", "q")
    async with start() as it:
        assert not it.app.wrap
        assert it.app.theme == "jettison-light"


async def test_the_learner_goes_on_at_the_step_where_they_stopped(start: Start) -> None:
    async with start() as it:
        await it.press("j", "j")
        assert it.app.learner.step.id == "single-stage"
    async with start() as it:
        assert it.app.learner.step.id == "single-stage"
        assert "has Go installed" in it.text


async def test_the_list_tells_what_was_skipped_from_what_is_done(start: Start, tmp_path: Path) -> None:
    files = {"course.toml": HEAD.replace('"01-a.md"', '"01-a.md", "02-b.md", "03-c.md"')}
    question = '```choose\nid = "c"\nask = "Which?"\noptions = ["one", "two"]\nanswer = 2\n```'
    files |= {"01-a.md": step_of("To read.", "Reading"), "02-b.md": step_of(question, "Asking")}
    folder = make_course(tmp_path, files | {"03-c.md": step_of("The end.", "Ending")})
    async with start(options=StartOptions(course=folder), size=(160, 44)) as it:
        assert "✓" not in it.text
        await it.press("j", "j")
        assert "✓ 1  Reading" in it.text
        assert "– 2  Asking" in it.text
        assert "▶ 3  Ending" in it.text
        await it.press("k", "k")
        assert "– 2  Asking" in it.text


async def test_a_project_of_ones_own_shows_its_files_and_has_one_edition(start: Start, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY [bold]x[/] /\n")
    (tmp_path / "Dockerfile.slim").write_text("FROM scratch\n")
    files = (tmp_path / "Dockerfile", tmp_path / "Dockerfile.slim")
    async with start(options=StartOptions(context=tmp_path, dockerfiles=files), size=(160, 44)) as it:
        await it.press("3")
        assert "COPY [bold]x[/] /" in it.text
        await it.press("e")
        assert "one edition" in it.toasts[-1]


async def test_tab_visits_every_pane_and_arrows_scroll(start: Start) -> None:
    async with start(size=(160, 30)) as it:
        seen = set()
        for _ in range(12):
            await it.press("tab")
            seen.add(it.focused.id or type(it.focused).__name__)
        assert {"steps", "lesson"} <= seen
        await it.press("2", "pagedown")
        assert it.focused.scroll_y > 0


def test_the_view_of_code_is_a_line_view() -> None:
    assert issubclass(CodeView, LineView)
