"""The page beside the editor of an exercise, made of parts that come and go."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

PARTS = ("said", "golf", "verdicts", "hints", "opinion", "solution")
"""From the top of the page."""


class ExercisePage(VerticalScroll):
    """Shows the parts that have something to say."""

    DEFAULT_CSS = """
    ExercisePage { padding: 0 1; scrollbar-size: 1 1; }
    ExercisePage > Static { height: auto; margin-bottom: 1; display: none; }
    """

    def compose(self) -> ComposeResult:
        """One widget a part."""
        for part in PARTS:
            yield Static(id=f"part-{part}")

    def to_top(self) -> None:
        """Scroll to where the news of an attempt stands."""
        self.call_after_refresh(self.scroll_home, animate=False)

    def show(self, part: str, words: Content, *, to_it: bool = False) -> None:
        """Change one part, and scroll to it where it is news."""
        widget = self.query_one(f"#part-{part}", Static)
        widget.update(words)
        widget.display = bool(words)
        if to_it:
            self.call_after_refresh(self.scroll_to_widget, widget, top=True, animate=False)
