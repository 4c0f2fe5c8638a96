"""What the line view leans on inside Textual, held here so that another release cannot change it in silence."""

from __future__ import annotations

import inspect
from pathlib import Path

import textual
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

import tui
from tui.widgets.line_paint import Span
from tui.widgets.line_view import LineView

LINES = 1000


class Numbers(LineView):
    """A line view of numbers."""

    drawn = 0

    @property
    def first_line(self) -> int:
        return 0

    @property
    def end_line(self) -> int:
        return LINES

    def line_text(self, number: int) -> str:
        return f"number {number}"

    def line_spans(self, number: int) -> list[Span]:
        return []

    def render_lines(self, crop: Region) -> list[Strip]:
        self.drawn += 1
        return super().render_lines(crop)


class NumbersApp(App[None]):
    """Nothing but the view."""

    layouts = 0

    def compose(self) -> ComposeResult:
        yield Numbers()


def test_textual_is_the_release_that_was_looked_into() -> None:
    assert textual.__version__ == "8.2.8"


def test_a_widget_still_hands_its_drawing_to_render_lines() -> None:
    assert list(inspect.signature(Widget.render_lines).parameters) == ["self", "crop"]
    assert "_styles_cache" in inspect.getsource(Widget.render_lines)


def test_reactives_can_still_be_set_without_their_watchers() -> None:
    assert list(inspect.signature(Widget.set_reactive).parameters) == ["self", "reactive", "value"]
    assert ScrollView.virtual_size is not None
    assert ScrollView.scroll_y is not None


async def test_the_view_draws_what_is_visible_and_a_growing_log_costs_no_layout() -> None:
    app = NumbersApp()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(Numbers)
        view.lines_replaced()
        await pilot.pause()
        assert view.virtual_size == Size(11, LINES)
        strips = view.render_lines(Region(0, 0, 40, 10))
        assert [strip.text.strip() for strip in strips] == [f"number {number}" for number in range(10)]
        view.to_end()
        await pilot.pause()
        assert view.render_line(9).text.strip() == "number 999"
        before = view.drawn
        layouts = app.screen._layout_required
        view.lines_changed()
        assert app.screen._layout_required == layouts
        await pilot.pause()
        assert view.drawn > before


async def test_the_scroll_bar_is_one_column_at_the_right_edge() -> None:
    app = NumbersApp()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(Numbers)
        view.lines_replaced()
        await pilot.pause()
        thumb, track = view._bar()[0], view._bar()[9]
        assert isinstance(thumb, Segment)
        assert thumb.text == track.text == " "
        assert thumb.style != track.style
        assert view.render_line(0).cell_length == 40
        await pilot.mouse_down(offset=(39, 9))
        await pilot.mouse_up(offset=(39, 9))
        assert view.render_line(9).text.strip() == "number 999"


def test_no_other_module_reaches_for_these_inner_ways() -> None:
    inner = ("def render_lines", "set_reactive(ScrollView")
    for file in Path(tui.__file__).parent.rglob("*.py"):
        if file.name != "line_view.py":
            assert not any(name in file.read_text() for name in inner), file
