"""Source text with line numbers, highlighted by Pygments in the colours of the app's theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pygments.lexer import Lexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.style import Style as ThemedStyle

from tui.printable import printable_lines
from tui.widgets.line_paint import Span
from tui.widgets.line_view import LineView

LOOKS: dict[_TokenType, str] = {
    Comment: "italic $foreground 60%",
    Comment.Preproc: "bold $foreground 60%",
    Keyword: "bold $accent",
    Name.Label: "bold $warning",
    Name.Class: "$success",
    Name.Attribute: "$secondary",
    Name.Variable: "$warning",
    Name.Builtin: "$primary",
    Name.Function: "$primary",
    Number: "$warning",
    Operator: "$secondary",
    String: "$success",
    String.Escape: "$foreground 60%",
    String.Delimiter: "bold $warning",
    String.Heredoc: "$foreground",
}


@dataclass(frozen=True, slots=True)
class MarkedLines:
    """Lines that belong together, such as a stage, with the colour that marks them in the margin."""

    first: int
    """Counted from 1."""
    last: int
    colour: str
    """A theme variable without its dollar sign."""


class CodeView(LineView):
    """One file, read-only."""

    can_follow = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[str] = []
        self._tokens: list[list[tuple[int, int, _TokenType]]] = []
        self._marks: dict[int, str] = {}
        self._styles: dict[str, Style] = {}

    def show(self, text: str, lexer: Lexer, marks: Sequence[MarkedLines] = ()) -> None:
        """Show this text. Tabs become spaces; what is not printable is spelled out."""
        text = printable_lines(text).rstrip("\n")
        self._lines = text.split("\n")
        self._tokens = tokens_by_line(text, lexer, len(self._lines))
        self._marks = {line: mark.colour for mark in marks for line in range(mark.first, mark.last + 1)}
        self.lines_replaced()

    @property
    def first_line(self) -> int:
        """Lines count from 0 here, as nothing is ever dropped."""
        return 0

    @property
    def end_line(self) -> int:
        """One past the last line."""
        return len(self._lines)

    def line_text(self, number: int) -> str:
        """The line as it is written."""
        return self._lines[number]

    def line_spans(self, number: int) -> list[Span]:
        """Its highlighting."""
        spans: list[Span] = []
        for start, end, token in self._tokens[number]:
            look = look_of(token)
            if look is not None:
                spans.append((start, end, self._style(look)))
        return spans

    def row_counts(self, numbers: range) -> list[int]:
        """Long lines break between words where they can."""
        return [len(self._row_starts(number)) for number in numbers]

    def row_span(self, number: int, part: int) -> tuple[int, int]:
        """From one break to the next."""
        starts = self._row_starts(number)
        return starts[part], starts[part + 1] if part + 1 < len(starts) else starts[part] + self.row_width

    def _row_starts(self, number: int) -> list[int]:
        text, cells = self._lines[number], self.row_width
        starts = [0]
        while cell_len(text[starts[-1] :]) > cells:
            start = starts[-1]
            space = text.rfind(" ", start, start + cells)
            starts.append(space + 1 if space > start else start + cells)
        return starts

    @property
    def gutter_cells(self) -> int:
        """Colour of the stage, number, a space."""
        return len(str(len(self._lines))) + 3

    def line_gutter(self, number: int, base: Style) -> list[Segment]:
        """The stage's colour and the number of the line."""
        width = self.gutter_cells - 2
        colour = self._marks.get(number + 1)
        mark = self._style(f"${colour}") if colour else Style()
        return [
            Segment("▌" if colour else " ", base + mark),
            Segment(str(number + 1).rjust(width - 1) + "  ", base + self._style("$foreground 60%")),
        ]

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, look: str) -> Style:
        if look not in self._styles:
            parsed = ThemedStyle.parse(look, self.app.theme_variables)
            # A colour with transparency is mixed with what it stands on.
            background = self.background_colors[1]
            foreground = background + parsed.foreground if parsed.foreground is not None else None
            self._styles[look] = Style(
                color=foreground.rich_color if foreground is not None else None,
                bold=parsed.bold,
                italic=parsed.italic,
            )
        return self._styles[look]


def look_of(token: _TokenType) -> str | None:
    """How a token looks: the look of the nearest kind that has one."""
    current: _TokenType | None = token
    while current is not None:
        if current in LOOKS:
            return LOOKS[current]
        current = current.parent
    return None


def tokens_by_line(text: str, lexer: Lexer, count: int) -> list[list[tuple[int, int, _TokenType]]]:
    """For each of `count` lines its tokens, with the columns from and to which they go."""
    lines: list[list[tuple[int, int, _TokenType]]] = [[] for _ in range(count)]
    row = column = 0
    for token, value in lexer.get_tokens(text):
        for index, part in enumerate(value.split("\n")):
            if index:
                row, column = row + 1, 0
            if part and row < count:
                lines[row].append((column, column + len(part), token))
            column += len(part)
    return lines
