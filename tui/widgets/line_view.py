"""The base of all that shows many lines: logs and code. It draws what is visible and nothing else.

It stands on a few inner ways of Textual 8.2.8, all of them used here and nowhere else, and held by
tests/unit/test_line_view_contract.py:
- `render_lines` is overridden, so that Textual's StylesCache does not keep and restyle every line;
- `virtual_size` and `scroll_y` are set with `set_reactive`, so that a growing log costs no layout;
- the scroll bar is one column that the view draws itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.widgets.line_paint import Paint, Span, bar_cells, chosen_part, cropped, styled_segments
from tui.widgets.line_search import LineSearch, Match
from tui.widgets.row_map import RowMap
from tui.widgets.shown_lines import MAX_LINE_CHARACTERS, ShownLines

MEASURED_AT_ONCE = 500
"""So many new lines of a log that is followed are laid out; those before them rush by unseen, and are laid out when
somebody looks."""


class LineView(ScrollView, ShownLines, can_focus=True):
    """Selection, search, wrapping and a scroll bar of one column, for lines of any sort."""

    DEFAULT_CSS = """
    LineView {
        overflow: scroll scroll; scrollbar-size: 0 0;
        background: $surface; color: $foreground;
        scrollbar-color: $foreground 35%; scrollbar-background: $foreground 8%;
    }
    LineView:focus { scrollbar-color: $accent; }
    """

    wrap: reactive[bool] = reactive(False, init=False)
    follow: reactive[bool] = reactive(False, init=False)
    """Whether the newest line stays in sight."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows = RowMap()
        self._known = (0, 0)
        self._guessed = False
        """Whether some lines above were not measured yet, and count as one row each."""
        self._widest = 0
        self._lines_kept: LRUCache[int, list[Segment]] = LRUCache(1024)
        self._search = LineSearch()
        self._dragging = False

    # What happens to the lines.

    def lines_changed(self) -> None:
        """Lines were added at the end, dropped at the start, or the last one was changed."""
        first, end = self._known
        dropped_rows = self._rows.drop(self.first_line - first)
        if end > self.first_line and end > first:
            # The last line may have been unfinished when it was measured.
            self._rows.drop_last()
            self._lines_kept.discard(end - 1)
            end -= 1
        start = max(end, self.first_line)
        self._add_lines(start)
        self._resize_content(dropped_rows)

    def lines_replaced(self) -> None:
        """All lines are others now."""
        self._lines_kept.clear()
        self._search.match = None
        self._widest = 0
        self._rows = RowMap(wrapped=self.wrap)
        self._guessed = False
        self.row_width = self._row_cells
        self._add_lines(self.first_line)
        self._resize_content(0)

    def _add_lines(self, start: int) -> None:
        """Lay out the lines from this number on."""
        new = range(start, self.end_line)
        if self.wrap:
            if self.follow and len(new) > MEASURED_AT_ONCE:
                self._guessed = True
                self._rows.append([1] * (len(new) - MEASURED_AT_ONCE))
                new = new[-MEASURED_AT_ONCE:]
            self._rows.append(self.row_counts(new))
        else:
            self._rows.append([1] * len(new))
            self._widest = max(self._widest, self.widest(new))
        self._known = (self.first_line, self.end_line)

    def _measure_all(self) -> None:
        """Measure what was guessed while it rushed by; what is in sight stays there."""
        if self._guessed:
            self._guessed = False
            from_end = self._rows.rows - round(self.scroll_y)
            self._rows = RowMap(wrapped=True)
            self._rows.append(self.row_counts(range(*self._known)))
            self._set_row(max(0, self._rows.rows - from_end))
            self._resize_content(0)

    @property
    def _row_cells(self) -> int:
        """Cells that there are for text in a row."""
        return max(1, self.size.width - 1 - self.gutter_cells)

    def _resize_content(self, dropped_rows: int) -> None:
        width = self.size.width if self.wrap else self._widest + self.gutter_cells + 1
        self.set_reactive(ScrollView.virtual_size, Size(width, self._rows.rows))
        if self.follow:
            self._set_row(self._last_top)
        elif dropped_rows:
            self._set_row(max(0, round(self.scroll_y) - dropped_rows))
        elif self.scroll_y > self._last_top:
            self._set_row(self._last_top)
        if self.is_attached:
            self.refresh()

    @property
    def _last_top(self) -> int:
        """The row on top when the last one is at the bottom."""
        return max(0, self._rows.rows - self.size.height)

    def _set_row(self, row: int) -> None:
        self.scroll_target_y = row
        self.set_reactive(ScrollView.scroll_y, float(row))

    # What the reader does.

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling up stops the following, and arriving at the end begins it again."""
        super().watch_scroll_y(old_value, new_value)
        self.follow = self.can_follow and round(new_value) >= self._last_top

    def scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> None:
        """Go there at once: rows may be measured on the way, and an animation would go on to where they were."""
        super().scroll_to(x, y, **{**options, "animate": False})

    def watch_follow(self, follow: bool) -> None:
        """Who does not follow looks at what is above."""
        if not follow:
            self._measure_all()

    def watch_wrap(self) -> None:
        """Lay the rows out anew, with the same line on top."""
        line, _ = self._rows.line_at(min(round(self.scroll_y), max(0, self._rows.rows - 1)))
        self.lines_replaced()
        if not self.follow:
            self._set_row(min(self._rows.row_of(line), self._last_top))
        self.scroll_to(x=0)
        self.refresh()

    def on_resize(self) -> None:
        """Wrapped lines need other rows in another width."""
        if self.wrap and self.row_width != self._row_cells:
            self.watch_wrap()
        elif self.follow:
            self._resize_content(0)

    def to_end(self) -> None:
        """Show the newest line, and follow."""
        self.follow = self.can_follow
        self.scroll_to(y=self._last_top)

    def to_start(self) -> None:
        """Show the oldest line."""
        self._measure_all()
        self.scroll_to(y=0)

    def show_line(self, number: int) -> None:
        """Bring a line into sight, a third from the top."""
        self._measure_all()
        row = self._rows.row_of(number - self.first_line)
        if not (self.scroll_y <= row < self.scroll_y + self.size.height):
            self.scroll_to(y=max(0, row - self.size.height // 3))
        self.refresh()

    # Search.

    def search(self, needle: str) -> int:
        """Mark all occurrences, in any case; the number of lines that have one. Empty text ends the search."""
        self._search = LineSearch(needle)
        self.refresh()
        return sum(self._search.is_in(self.line_text(n)) for n in self._lines_there) if needle else 0

    def next_match(self, step: int = 1) -> bool:
        """Go to the next occurrence (or with -1 to the one before), around the ends; whether there is any."""
        top, _ = self._rows.line_at(min(round(self.scroll_y), max(0, self._rows.rows - 1)))
        match = self._search.move(step, self._lines_there, self.first_line + top, self.line_text)
        if match is None:
            return False
        self.follow = False
        self.show_line(match[0])
        return True

    @property
    def match(self) -> Match | None:
        """The occurrence where the reader is."""
        return self._search.match

    @property
    def _lines_there(self) -> range:
        return range(self.first_line, self.end_line)

    # Selection and copying: offsets are (character, line number).

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, whole lines however long they are."""
        start, end = selection.start, selection.end
        first = max(self.first_line, start.y) if start else self.first_line
        last = min(self.end_line - 1, end.y) if end else self.end_line - 1
        lines: list[str] = []
        for number in range(first, last + 1):
            text = self.line_text(number)
            stop = end.x if end and number == end.y else None
            begin = start.x if start and number == start.y else None
            lines.append(text[begin:stop])
        return "\n".join(lines), "\n"

    def all_text(self) -> str:
        """Everything that is kept, as plain text."""
        return "\n".join(map(self.line_text, self._lines_there)) + "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        self.refresh()

    # Drawing.

    def notify_style_update(self) -> None:
        """Another theme: nothing that was drawn can be kept."""
        super().notify_style_update()
        self._lines_kept.clear()

    def render_line(self, y: int) -> Strip:
        """One row, with offsets for the mouse: Textual asks for it to see what lies under the pointer."""
        self._catch_up()
        return self._row(y, self._paint(), offsets=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The visible rows, past the StylesCache."""
        self._catch_up()
        if self.styles.gutter.totals != (0, 0):
            return super().render_lines(crop)
        paint = self._paint()
        strips = [self._row(y, paint) for y in crop.line_range]
        left, right = crop.column_span
        if (left, right) != (0, self.size.width):
            strips = [strip.crop(left, right) for strip in strips]
        for line_filter in self.get_line_filters():
            # All colours here are true ones already.
            if line_filter.enabled and not isinstance(line_filter, ANSIToTruecolor):
                strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return strips

    def _catch_up(self) -> None:
        """Lines may have been dropped since they were last laid out, or the width is new: draw what is there."""
        if self.wrap and self.row_width != self._row_cells:
            self.watch_wrap()
        elif self._known != (self.first_line, self.end_line):
            self.lines_changed()

    def _paint(self) -> Paint:
        width = max(0, self.size.width - 1)
        return Paint(
            base=self.rich_style,
            width=width,
            gutter_cells=self.gutter_cells,
            top=round(self.scroll_y),
            left=round(self.scroll_x),
            selection=self.text_selection,
            bar=self._bar(),
        )

    def _row(self, y: int, paint: Paint, *, offsets: bool = False) -> Strip:
        row = paint.top + y
        if row >= self._rows.rows:
            return Strip([Segment(" " * paint.width, paint.base), paint.bar[y]], paint.width + 1)
        line, part = self._rows.line_at(row)
        number = self.first_line + line
        base = self.line_base(number, paint.base)
        if base is not paint.base:
            paint = replace(paint, base=base, is_kept=False)
        gutter = self.line_gutter(number, paint.base)
        if part and not self.gutter_goes_on:
            gutter = [Segment(" " * paint.gutter_cells, segment.style) for segment in gutter[:1]]
        cells = paint.width - paint.gutter_cells
        left, right = self.row_span(number, part) if self.wrap else (paint.left, paint.left + cells)
        segments = self._line(number, paint)
        text = cropped(segments, left, min(right, left + cells), paint.base)
        if self.cut_sign and not self.wrap and sum(segment.cell_length for segment in segments) > right:
            text = [*cropped(text, 0, cells - 1, paint.base), Segment(self.cut_sign, paint.base)]
        if right < left + cells:
            text.append(Segment(" " * (left + cells - right), paint.base))
        if offsets:
            text = list(Strip(text).apply_offsets(left, number))
        return Strip([*gutter, *text, paint.bar[y]], paint.width + 1)

    def _line(self, number: int, paint: Paint) -> list[Segment]:
        """A whole line with its styles, the matches of a search and the selection."""
        chosen = chosen_part(paint.selection, number)
        plain = chosen is None and not self._search and paint.is_kept
        if plain and (kept := self._lines_kept.get(number)) is not None:
            return kept
        text = self.line_text(number)[:MAX_LINE_CHARACTERS]
        spans = list(self.line_spans(number))
        if self._search.is_in(text):
            spans += self._match_spans(number, text)
        if chosen is not None:
            start, end = chosen
            style = self.screen.get_component_rich_style("screen--selection")
            spans.append((start, len(text) if end is None else end, style))
        segments = styled_segments(text, spans, paint.base)
        if plain:
            self._lines_kept[number] = segments
        return segments

    def _match_spans(self, number: int, text: str) -> list[Span]:
        theme = self.app.theme_variables
        mark = Style.parse(f"black on {theme['warning']}") if theme["warning"].startswith("#") else Style(reverse=True)
        here = mark + Style(bold=True, underline=True)
        return [
            (start, end, here if self.match == (number, start) else mark) for start, end in self._search.places(text)
        ]

    # The scroll bar.

    def _bar(self) -> list[Segment]:
        """Its cells, from top to bottom."""
        ground = self.background_colors[1]
        track = ground + self.styles.scrollbar_background
        return bar_cells(
            self.size.height,
            self._rows.rows,
            self.scroll_y,
            ground=ground,
            track=track,
            thumb=track + self.styles.scrollbar_color,
        )

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A press on the bar goes there."""
        if event.x == self.size.width - 1:
            self._dragging = True
            self.capture_mouse()
            self._to_bar(event.y)
            event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Dragging the bar."""
        if self._dragging:
            self._to_bar(event.y)
            event.stop()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The bar is let go."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()
            event.stop()

    def _to_bar(self, y: int) -> None:
        self._measure_all()
        share = min(1.0, max(0.0, y / max(1, self.size.height - 1)))
        self.scroll_to(y=round(share * self._last_top))
