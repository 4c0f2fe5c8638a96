"""The text of a step, with its title and how long it takes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.course.model import Step
from tui.widgets.lesson_page import lesson_content


class LessonPane(VerticalScroll, can_focus=True):
    """Scrolls the text of one step."""

    DEFAULT_CSS = """
    LessonPane { background: $surface; padding: 0 1; scrollbar-size: 1 1; }
    LessonPane > LessonText { width: 100%; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = LessonText()

    def compose(self) -> ComposeResult:
        """One widget for the whole text."""
        yield self._text

    def show(self, step: Step, number: int) -> None:
        """Show a step, from its top."""
        self._text.show(step, number)
        self.scroll_home(animate=False)


class LessonText(Widget):
    """A page as wide as the room that there is; it knows its height before it is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._step: Step | None = None
        self._number = 0
        self._pages: dict[int, Content] = {}

    def show(self, step: Step, number: int) -> None:
        """Show a step."""
        self._step, self._number = step, number
        self._pages.clear()
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows of the page at this width."""
        return len(self._page(width).wrap(width))

    def render(self) -> Content:
        """The page."""
        return self._page(self.size.width)

    def _page(self, width: int) -> Content:
        if self._step is None or not width:
            return Content()
        if width not in self._pages:
            head = Content.styled(f"step {self._number}, {self._step.minutes} min\n\n", "$foreground 60%")
            self._pages[width] = Content.assemble(head, lesson_content(self._step.markdown, width))
        return self._pages[width]
