"""The line in which a search is typed."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tui.widgets.line_view import LineView


class SearchBar(Horizontal):
    """Shown while a text is looked for; marks it, goes to it, and says in how many lines (or files) it is."""

    DEFAULT_CSS = """
    SearchBar { height: 1; display: none; background: $panel; padding: 0 1; }
    SearchBar.shown { display: block; }
    SearchBar > .sign { width: 2; color: $accent; }
    SearchBar > Input { width: 1fr; background: $panel; }
    SearchBar > .found { width: auto; color: $foreground 60%; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = Input(placeholder="search", select_on_focus=True, compact=True)
        self._found = Static(classes="found")
        self.searched: LineView | None = None
        """What was searched last."""

    def compose(self) -> ComposeResult:
        """Sign, text, number of hits."""
        yield Static("/ ", classes="sign")
        yield self._input
        yield self._found

    def open(self, view: LineView) -> None:
        """Search this, and take the keyboard until the text is final or the search is given up."""
        self.searched = view
        self.add_class("shown")
        self._input.focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.searched is None:
            return
        count = self.searched.search(event.value)
        self._found.update(Content(f" {count:,} found" if event.value else ""))
        if event.value:
            self.searched.next_match()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close()

    def on_key(self, event: events.Key) -> None:
        """Escape gives the search up."""
        if event.key == "escape" and self.searched is not None:
            event.stop()
            self.searched.search("")
            self._close()

    def _close(self) -> None:
        """Give room and keyboard back."""
        self.remove_class("shown")
        if self.searched is not None:
            self.searched.focus()
