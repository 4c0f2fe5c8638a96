"""Images as bars on one scale: the picture that says more than the two figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    label: str
    size_bytes: int
    figure: str
    """The size as it is printed."""
    colour: str
    """A style such as `$stage-builder`."""


def bar_cells(size_bytes: int, largest_bytes: int, width: int) -> str:
    """A bar of at most `width` cells, exact to an eighth of a cell; what exists is never drawn as nothing."""
    if largest_bytes <= 0 or size_bytes <= 0 or width <= 0:
        return ""
    eighths = max(1, round(size_bytes * width * 8 / largest_bytes))
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


class SizeBars(Widget):
    """Bars below each other: label, bar, figure right-aligned."""

    DEFAULT_CSS = """
    SizeBars { height: auto; }
    """

    bars: reactive[tuple[Bar, ...]] = reactive((), layout=True)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Draw these, on the scale of the largest."""
        self.bars = tuple(bars)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row a bar at any width; rendering would tell of the width that it had before."""
        return len(self.bars)

    def render(self) -> Content:
        """All bars on the scale of the largest one."""
        if not self.bars:
            return Content("")
        labels = max(len(bar.label) for bar in self.bars) + 2
        figures = max(len(bar.figure) for bar in self.bars)
        width = max(4, self.size.width - labels - figures - 2)
        largest = max(bar.size_bytes for bar in self.bars)
        lines = []
        for bar in self.bars:
            cells = bar_cells(bar.size_bytes, largest, width)
            lines.append(
                Content.assemble(
                    bar.label.ljust(labels),
                    (cells, bar.colour),
                    ("·" * (width - len(cells)), "$foreground 15%"),
                    "  ",
                    (bar.figure.rjust(figures), "bold"),
                )
            )
        return Content("\n").join(lines)
