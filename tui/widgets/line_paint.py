"""What a line view draws with: styled segments, the selection's part of a line, the cells of a scroll bar."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.selection import Selection
from textual.style import Style as ThemedStyle

Span = tuple[int, int, Style]
"""Start and end in characters, and a style."""


@dataclass(frozen=True, slots=True)
class Paint:
    """What is the same for all rows of one painting; asking the widget for each row would cost more than the row."""

    base: Style
    width: int
    """Cells of a row without the scroll bar."""
    gutter_cells: int
    top: int
    """The row at the upper edge."""
    left: int
    """The cell at the left edge where lines are not wrapped."""
    selection: Selection | None
    bar: list[Segment]
    is_kept: bool = True
    """Whether a line that is drawn so may be kept for the next painting."""


def themed_style(look: str, variables: dict[str, str], ground: Color) -> Style:
    """A look such as `bold $accent` or `on $accent 30%`; a colour with transparency is mixed with its ground."""
    parsed = ThemedStyle.parse(look, variables)
    foreground = ground + parsed.foreground if parsed.foreground is not None else None
    background = ground + parsed.background if parsed.background is not None else None
    return Style(
        color=foreground.rich_color if foreground is not None else None,
        bgcolor=background.rich_color if background is not None else None,
        bold=parsed.bold,
        italic=parsed.italic,
        underline=parsed.underline,
    )


def chosen_part(selection: Selection | None, number: int) -> tuple[int, int | None] | None:
    """The selected characters of a line; an end of None is the line's own."""
    if selection is None:
        return None
    start, end = selection.start, selection.end
    if (start and number < start.y) or (end and number > end.y):
        return None
    return (start.x if start and number == start.y else 0), (end.x if end and number == end.y else None)


def styled_segments(text: str, spans: list[Span], base: Style) -> list[Segment]:
    """Text cut where styles begin and end; where spans overlap, the later ones come on top."""
    if not spans:
        return [Segment(text, base)]
    length = len(text)
    cuts = sorted({0, length, *(min(max(0, edge), length) for start, end, _ in spans for edge in (start, end))})
    segments: list[Segment] = []
    for start, end in pairwise(cuts):
        style = base
        for from_, to, extra in spans:
            if from_ <= start and end <= to:
                style += extra
        segments.append(Segment(text[start:end], style))
    return segments


def cropped(segments: list[Segment], left: int, right: int, base: Style) -> list[Segment]:
    """From cell `left` to cell `right` of a line, filled up with blanks.

    A `Strip` could do it, but each one that is made on the way costs more than all of this.
    """
    parts: list[Segment] = []
    at = 0
    for segment in segments:
        cells = segment.cell_length
        start, end = max(left - at, 0), min(right - at, cells)
        at += cells
        if start >= end:
            continue
        if (start, end) != (0, cells):
            segment = segment.split_cells(end)[0].split_cells(start)[1]
        parts.append(segment)
    missing = right - max(at, left)
    if missing > 0:
        parts.append(Segment(" " * missing, base))
    return parts


def bar_cells(height: int, rows: int, top_row: float, *, ground: Color, track: Color, thumb: Color) -> list[Segment]:
    """A scroll bar of one column, from top to bottom; of the ground's colour where nothing is to be scrolled."""
    if rows <= height or not height:
        return [_cell(ground)] * height
    length = max(1, height * height // rows)
    before = round((height - length) * top_row / (rows - height))
    return [_cell(track)] * before + [_cell(thumb)] * length + [_cell(track)] * (height - before - length)


def _cell(colour: Color) -> Segment:
    return Segment(" ", Style(bgcolor=colour.rich_color))
