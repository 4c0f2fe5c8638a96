"""What a view of something has to tell of its lines: how many there are, what is in them, how much room they take."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tui.widgets.line_paint import Span

MAX_LINE_CHARACTERS = 20_000
"""What is drawn of one line; copying and saving take the whole."""


class ShownLines:
    """Lines with numbers that they keep, whatever is dropped before them. `LineView` draws them."""

    row_width = 1
    """Cells for text in a row, as the rows were laid out: the size may be ahead of it by a frame."""
    gutter_goes_on = False
    """Whether the gutter stands before each row of a wrapped line, and not before the first alone."""
    cut_sign = ""
    """Of one cell: stands at the right edge where a line that is not wrapped goes on; empty: lines just end there."""
    can_follow = True
    """Whether the end is where news arrive."""

    # Which there are, and what is in them. The first four every view has to tell.

    @property
    def first_line(self) -> int:
        """Number of the first line there is."""
        raise NotImplementedError

    @property
    def end_line(self) -> int:
        """One past the number of the last line."""
        raise NotImplementedError

    def line_text(self, number: int) -> str:
        """The visible text of a line, without its gutter."""
        raise NotImplementedError

    def line_spans(self, number: int) -> list[Span]:
        """The styles within that text; they must not overlap."""
        raise NotImplementedError

    def line_base(self, number: int, base: Style) -> Style:
        """The style that a line stands on: the view's own, or another for a line that is singled out."""
        return base

    @property
    def gutter_cells(self) -> int:
        """Width of the gutter."""
        return 0

    def line_gutter(self, number: int, base: Style) -> list[Segment]:
        """What stands in front of a line, the same number of cells for each, on the view's own style."""
        return []

    # How much room they take.

    def cells(self, numbers: range) -> list[int]:
        """How many cells each of these lines takes, of what is drawn of it."""
        return [min(cell_len(self.line_text(number)), MAX_LINE_CHARACTERS) for number in numbers]

    def widest(self, numbers: range) -> int:
        """Cells of the longest of these lines, to which one can scroll where lines are not wrapped."""
        return max(self.cells(numbers), default=0)

    def row_counts(self, numbers: range) -> list[int]:
        """How many rows each of these lines has when it is wrapped."""
        width = self.row_width
        return [1 if cells <= width else -(-cells // width) for cells in self.cells(numbers)]

    def row_span(self, number: int, part: int) -> tuple[int, int]:
        """From where to where, in cells, a row shows its wrapped line; a view may break at better places."""
        return part * self.row_width, (part + 1) * self.row_width
