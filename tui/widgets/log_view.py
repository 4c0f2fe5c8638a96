"""A log as it grows: escapes as colours, following until the reader scrolls."""

from __future__ import annotations

from rich.color import Color
from rich.style import Style

from tui.session.log_buffer import LogBuffer
from tui.widgets import ansi
from tui.widgets.line_paint import Span
from tui.widgets.line_view import MAX_LINE_CHARACTERS, LineView


class LogView(LineView):
    """Shows one `LogBuffer`; whoever feeds it calls `lines_changed`."""

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
