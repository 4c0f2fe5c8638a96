"""A log that rushes by: what is skipped while it is followed is there when somebody looks."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.geometry import Region

from tui.session.log_buffer import LogBuffer
from tui.widgets.log_view import LogView

WIDTH, HEIGHT = 30, 10
LINES = 5000


class LogApp(App[None]):
    """Nothing but a log."""

    def compose(self) -> ComposeResult:
        yield LogView()


def line(number: int) -> str:
    return f"{number:05} " + "x" * (number % 70)


def shown(view: LogView) -> list[str]:
    return [strip.text.rstrip() for strip in view.render_lines(Region(0, 0, WIDTH, HEIGHT))]


def follows(view: LogView) -> bool:
    return view.follow


async def test_a_flood_is_followed_and_every_row_of_it_can_be_scrolled_to() -> None:
    app = LogApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        view, buffer = app.query_one(LogView), LogBuffer()
        view.show(buffer)
        buffer.add_lines([line(number) for number in range(LINES)])
        view.lines_changed()
        await pilot.pause()
        assert follows(view)
        last = line(LINES - 1)
        cells = view.row_width
        assert shown(view)[-1] == last[(len(last) - 1) // cells * cells :]
        bottom = shown(view)
        view.focus()
        await pilot.press("up")
        assert not follows(view)
        assert shown(view)[1:] == bottom[:-1], "what is in sight moves by one row"
        rows = sum(max(1, -(-len(line(number)) // cells)) for number in range(LINES))
        assert view.virtual_size.height == rows
        view.to_start()
        await pilot.pause()
        assert shown(view)[0] == "00000"
        view.to_end()
        await pilot.pause()
        assert shown(view) == bottom


async def test_lines_that_were_dropped_since_the_last_layout_are_not_drawn() -> None:
    app = LogApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        view, buffer = app.query_one(LogView), LogBuffer(max_lines=100)
        view.show(buffer)
        for first in range(0, 1000, 200):
            buffer.add_lines([line(number) for number in range(first, first + 200)])
            assert shown(view)[-1].endswith("x")
        await pilot.pause()
        assert buffer.first > 0
        view.to_start()
        await pilot.pause()
        assert shown(view)[0].startswith(f"{buffer.first:05}")
