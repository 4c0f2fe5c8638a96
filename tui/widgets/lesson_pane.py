"""The text of a step, with its title and how long it takes."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.course.outline import Head
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

    def show(self, head: Head, number: int, page: str, *, from_top: bool = True) -> None:
        """Show a step and its page (Markdown), from its top or where it was scrolled to."""
        self._text.show(head, number, page)
        if from_top:
            self.scroll_home(animate=False)


class LessonText(Widget):
    """A page as wide as the room that there is; it knows its height before it is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._head: Head | None = None
        self._number = 0
        self._markdown = ""
        self._pages: dict[int, Content] = {}

    def show(self, head: Head, number: int, page: str) -> None:
        """Show a step."""
        if (head, number, page) == (self._head, self._number, self._markdown):
            return
        self._head, self._number, self._markdown = head, number, page
        self._pages.clear()
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows of the page at this width."""
        return len(self._page(width).wrap(width))

    def render(self) -> Content:
        """The page."""
        return self._page(self.size.width)

    def _page(self, width: int) -> Content:
        if self._head is None or not width:
            return Content()
        if width not in self._pages:
            head = Content.styled(f"step {self._number}, {self._head.minutes} min\n\n", "$foreground 60%")
            self._pages[width] = Content.assemble(head, lesson_content(self._markdown, width))
        return self._pages[width]
