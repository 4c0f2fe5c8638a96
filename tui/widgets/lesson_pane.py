"""The text of a step, with its title and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.widget import Widget

from tui.course.outline import Head
from tui.widgets.lesson_page import lesson_content

ROWS_ABOVE = 3
"""What changed is shown with the question that it answers."""


class LessonPane(VerticalScroll, can_focus=True):
    """Scrolls the text of one step."""

    DEFAULT_CSS = """
    LessonPane { background: $surface; padding: 0 1; scrollbar-size: 1 1; }
    LessonPane > LessonText { width: 100%; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = LessonText()
        self._awaited_at: float | None = None
        """Where the page was scrolled to when the reader asked for something; None where nothing is awaited."""
        self._change: tuple[int, int] | None = None
        """The rows that changed since and were not brought into sight yet: the first, and one past the last."""

    def compose(self) -> ComposeResult:
        """One widget for the whole text."""
        yield self._text

    def show(self, head: Head, number: int, page: str, *, from_top: bool = True) -> None:
        """Show a step and its page (Markdown), from its top or where it was scrolled to."""
        before = self._text.rows()
        self._text.show(head, number, page)
        if from_top:
            self._awaited_at = self._change = None
            self.scroll_home(animate=False)
        elif self._awaited_at is not None and (change := changed_rows(before, self._text.rows())) is not None:
            self._change = change
            self.call_after_refresh(self._show_change)

    def await_change(self) -> None:
        """The reader asked for something: what changes on the page from now on is brought into sight."""
        self._awaited_at = self.scroll_y

    def on_show(self) -> None:
        """What changed while another pane lay upon the page is shown now."""
        self.call_after_refresh(self._show_change)

    def _show_change(self) -> None:
        if self._change is None or not self.display:
            return
        first, end = self._change
        self._change = None
        # Whoever scrolled meanwhile reads something else.
        if self.scroll_y == self._awaited_at:
            top = max(0, first - ROWS_ABOVE)
            self.scroll_to_region(Region(0, top, 1, end - top), animate=False, force=True)
            self._awaited_at = self.scroll_target_y


def changed_rows(before: Sequence[str], after: Sequence[str]) -> tuple[int, int] | None:
    """Which rows of `after` are not those of `before`: the first, and one past the last; None where all are the same.

    Rows that were only taken away count as the one that stands in their place.
    """
    if before == after:
        return None
    fewest = min(len(before), len(after))
    first = next((row for row in range(fewest) if before[row] != after[row]), fewest)
    same = next((n for n in range(fewest - first) if before[-1 - n] != after[-1 - n]), fewest - first)
    return first, max(first + 1, len(after) - same)


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

    def rows(self) -> tuple[str, ...]:
        """The text of each row as it is laid out now; nothing before it was."""
        width = self.size.width
        return tuple(line.plain for line in self._page(width).wrap(width)) if width else ()

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
