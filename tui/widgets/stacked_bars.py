"""Images as bars on one scale, each bar made of parts: what its bytes are there for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar."""

    size_bytes: int
    glyph: str
    """The sign that it is drawn with: parts can be told apart without colours too."""
    colour: str
    """A style such as `$purpose-program`."""


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One bar."""

    label: str
    figure: str
    """The whole as it is printed."""
    parts: tuple[Part, ...]


def part_cells(sizes: Sequence[int], largest_bytes: int, width: int) -> list[int]:
    """How many cells each part takes of a bar whose full `width` stands for `largest_bytes`.

    Rounding is done at the borders between parts, so that the parts add up to the whole; a bar of anything at all has
    one cell, which goes to its largest part.
    """
    total = sum(sizes)
    if total <= 0 or largest_bytes <= 0 or width <= 0:
        return [0] * len(sizes)
    borders, run = [0], 0
    for size in sizes:
        run += size
        borders.append(round(run * width / largest_bytes))
    cells = [end - start for start, end in pairwise(borders)]
    if not any(cells):
        cells[max(range(len(sizes)), key=lambda index: sizes[index])] = 1
    return cells


ROWS = 2
"""Of each bar."""


class StackedBars(Widget):
    """Bars below each other: label, bar, figure right-aligned; two rows each, so that they are seen from afar."""

    DEFAULT_CSS = """
    StackedBars { height: auto; }
    """

    bars: reactive[tuple[StackedBar, ...]] = reactive((), layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Two rows a bar at any width; rendering would tell of the width that it had before."""
        return ROWS * len(self.bars)

    def render(self) -> Content:
        """All bars on the scale of the largest one."""
        if not self.bars:
            return Content("")
        labels = max(len(bar.label) for bar in self.bars) + 2
        figures = max(len(bar.figure) for bar in self.bars)
        width = max(4, self.size.width - labels - figures - 2)
        largest = max(sum(part.size_bytes for part in bar.parts) for bar in self.bars)
        lines: list[Content] = []
        for bar in self.bars:
            cells = part_cells([part.size_bytes for part in bar.parts], largest, width)
            drawn = [(part.glyph * count, part.colour) for part, count in zip(bar.parts, cells, strict=True) if count]
            rest = ("·" * (width - sum(cells)), "$foreground 15%")
            figure = (bar.figure.rjust(figures), "bold")
            lines.append(Content.assemble(bar.label.ljust(labels), *drawn, rest, "  ", figure))
            lines.append(Content.assemble(" " * labels, *drawn))
        return Content("\n").join(lines)
