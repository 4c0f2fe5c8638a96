"""A log as it grows: escapes as colours, following until the reader scrolls."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from tui.engine.events import Stream
from tui.session.log_buffer import LogBuffer
from tui.session.output_buffer import OutputBuffer
from tui.widgets import ansi
from tui.widgets.line_paint import Span, themed_style
from tui.widgets.line_view import LineView
from tui.widgets.shown_lines import MAX_LINE_CHARACTERS

STDERR_SIGN = "┃"
"""Stands before each row of stderr where both outputs are shown: told by its form, whatever the colours."""


class LogView(LineView):
    """Shows one `LogBuffer`; whoever feeds it calls `lines_changed`. In one of two outputs, stderr is marked."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(LogView.wrap, True)
        self.set_reactive(LogView.follow, True)
        self._buffer = LogBuffer()
        self._styles: dict[ansi.Look, Style] = {}

    @property
    def buffer(self) -> LogBuffer:
        """The log that is shown."""
        return self._buffer

    def show(self, buffer: LogBuffer) -> None:
        """Show another log, at its end."""
        self._buffer = buffer
        self.set_reactive(LogView.follow, True)
        self.lines_replaced()

    @property
    def first_line(self) -> int:
        """Number of the oldest line that is kept."""
        return self._buffer.first

    @property
    def end_line(self) -> int:
        """One past the newest line."""
        return self._buffer.end

    def line_text(self, number: int) -> str:
        """A line without its escapes."""
        line = self._buffer.line(number)
        return line if line.isprintable() else ansi.plain(line)

    def cells(self, numbers: range) -> list[int]:
        """How many cells each of these lines takes; measured in one go."""
        if not numbers:
            return []
        cells = ansi.visible_cells(self._buffer.lines(numbers))
        return cells if max(cells) <= MAX_LINE_CHARACTERS else [min(one, MAX_LINE_CHARACTERS) for one in cells]

    def line_spans(self, number: int) -> list[Span]:
        """The colours that its escapes ask for."""
        line = self._buffer.line(number)
        if "\x1b" not in line:
            return []
        return [(start, end, self._style(look)) for start, end, look in ansi.parse(line)[1]]

    gutter_goes_on = True

    @property
    def gutter_cells(self) -> int:
        """One where there are two outputs to be told apart."""
        return 1 if isinstance(self._buffer, OutputBuffer) else 0

    def line_gutter(self, number: int, base: Style) -> list[Segment]:
        """Which output a line came from."""
        if not isinstance(self._buffer, OutputBuffer):
            return []
        if self._buffer.stream(number) is Stream.STDOUT:
            return [Segment(" ", base)]
        mark = themed_style("$warning", self.app.theme_variables, self.background_colors[1])
        return [Segment(STDERR_SIGN, base + mark)]

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, look: ansi.Look) -> Style:
        if look not in self._styles:
            self._styles[look] = Style(
                color=self._colour(look.foreground),
                bgcolor=self._colour(look.background),
                bold=look.bold or None,
                dim=look.dim or None,
                italic=look.italic or None,
                underline=look.underline or None,
                reverse=look.reverse or None,
                strike=look.strike or None,
            )
        return self._styles[look]

    def _colour(self, colour: int | tuple[int, int, int] | None) -> Color | None:
        if colour is None:
            return None
        if isinstance(colour, tuple):
            return Color.from_rgb(*colour)
        if colour < 16:
            return Color.from_rgb(*self.app.ansi_theme.ansi_colors[colour])
        return Color.from_rgb(*Color.from_ansi(colour).get_truecolor())
