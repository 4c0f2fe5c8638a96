"""The text of a step, with its title and how long it takes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.course.model import Step
from tui.widgets.lesson_page import lesson_content


class LessonPane(VerticalScroll, can_focus=True):
    """Scrolls; laid out anew when its width changes."""

    DEFAULT_CSS = """
    LessonPane { background: $surface; padding: 0 1; scrollbar-size: 1 1; }
    LessonPane > Static { width: 100%; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = Static()
        self._step: Step | None = None
        self._width = 0

    def compose(self) -> ComposeResult:
        """One widget for the whole text."""
        yield self._text

    def show(self, step: Step, number: int) -> None:
        """Show a step, from its top."""
        self._step = step
        self._number = number
        self._draw()
        self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Other widths wrap elsewhere."""
        if self._width != self._cells:
            self._draw()

    @property
    def _cells(self) -> int:
        return max(10, self.size.width - 2 - self.scrollbar_size_vertical)

    def _draw(self) -> None:
        if self._step is None or not self.size.width:
            return
        self._width = self._cells
        head = Content.styled(f"step {self._number}, {self._step.minutes} min\n\n", "$foreground 60%")
        self._text.update(Content.assemble(head, lesson_content(self._step.markdown, self._width)))
