"""The rows of a file tree as lines: the share of the whole as a bar, size, mark, name; one of them singled out."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from tui.image.file_tree import ROOT, FileTree
from tui.image.tree_view import TreeView
from tui.widgets.file_row import OPEN, QUIET, FileRow, file_row
from tui.widgets.line_paint import Span, themed_style
from tui.widgets.line_view import LineView
from tui.widgets.size_bars import bar_cells

BAR_CELLS = 8
CURSOR_LOOK, CURSOR_LOOK_UNFOCUSED = "on $accent 30%", "on $accent 15%"


class FileLines(LineView):
    """Draws a `TreeView`; a line is a row of it, so that selecting and copying are those of every line view."""

    can_follow = False
    cut_sign = "…"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._view = TreeView(FileTree.build((), ()))
        self._title = "/"
        self._colours: tuple[str, ...] = ("$accent",)
        self._cursor = 0
        """The row that is singled out."""
        self._styles: dict[str, Style] = {}

    def show_view(self, view: TreeView, title: str, colours: Sequence[str]) -> None:
        """Show this, from its beginning. `title` names the root; `colours` are theme variables, one for each group."""
        self._view = view
        self._title = title
        self._colours = tuple(colours)
        self._cursor = 0
        self._set_row(0)
        self.lines_replaced()

    @property
    def first_line(self) -> int:
        """Lines are rows here, counted from 0."""
        return 0

    @property
    def end_line(self) -> int:
        """How many rows there are."""
        return len(self._view.rows)

    def line_text(self, number: int) -> str:
        """A row without its bar."""
        return self._row_at(number).text

    def line_spans(self, number: int) -> list[Span]:
        """Its looks, in the theme's colours; what is quiet elsewhere would be lost on the cursor's ground."""
        looks = [one for one in self._row_at(number).looks if one[2] != QUIET or number != self._cursor]
        return [(start, end, self._style(look)) for start, end, look in looks]

    def widest(self, numbers: range) -> int:
        """A row ends at the edge: measuring all of them would take longer than drawing those in sight."""
        return 0

    @property
    def gutter_cells(self) -> int:
        """A bar and a space."""
        return BAR_CELLS + 1

    def line_gutter(self, number: int, base: Style) -> list[Segment]:
        """Its share of all that is shown, in the colour of what most of it is."""
        node = self._view.rows[number]
        bar = bar_cells(self._view.size(node), self._view.size(ROOT), BAR_CELLS)
        colour = self._colours[min(self._view.tree.groups[node], len(self._colours) - 1)]
        return [Segment(bar, base + self._style(colour)), Segment(" " * (self.gutter_cells - cell_len(bar)), base)]

    def line_base(self, number: int, base: Style) -> Style:
        """The cursor line stands on a ground of its own."""
        if number != self._cursor:
            return base
        return base + self._style(CURSOR_LOOK if self.has_focus else CURSOR_LOOK_UNFOCUSED)

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self._styles.clear()

    def arrow_cells(self, number: int) -> range:
        """Where the arrow of a line is, in cells from the left edge; empty where it has none."""
        at = self._row_at(number).arrow_at
        return range(0) if at is None else range(self.gutter_cells + at, self.gutter_cells + at + len(OPEN))

    def _row_at(self, number: int) -> FileRow:
        return file_row(self._view, self._view.rows[number], self._title)

    def _style(self, look: str) -> Style:
        if look not in self._styles:
            self._styles[look] = themed_style(look, self.app.theme_variables, self.background_colors[1])
        return self._styles[look]
