"""The line in which a search is typed."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static


class SearchBar(Horizontal):
    """Shown while a text is looked for; says in how many places it is."""

    DEFAULT_CSS = """
    SearchBar { height: 1; display: none; background: $panel; padding: 0 1; }
    SearchBar.shown { display: block; }
    SearchBar > .sign { width: 2; color: $accent; }
    SearchBar > Input { width: 1fr; background: $panel; }
    SearchBar > .found { width: auto; color: $foreground 60%; }
    """

    class Changed(Message):
        """Another text is looked for."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """The text is final (`keep`), or the search was given up."""

        def __init__(self, *, keep: bool) -> None:
            super().__init__()
            self.keep = keep

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = Input(placeholder="search", select_on_focus=True, compact=True)
        self._found = Static(classes="found")

    def compose(self) -> ComposeResult:
        """Sign, text, number of hits."""
        yield Static("/ ", classes="sign")
        yield self._input
        yield self._found

    def open(self) -> None:
        """Take the keyboard."""
        self.add_class("shown")
        self._input.focus()

    def close(self) -> None:
        """Give the room back."""
        self.remove_class("shown")

    def tell(self, count: int) -> None:
        """So many lines, or files, have the text."""
        words = f" {count:,} found" if self._input.value else ""
        self._found.update(Content(words))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Closed(keep=True))

    def on_key(self, event: events.Key) -> None:
        """Escape gives the search up."""
        if event.key == "escape":
            event.stop()
            self.post_message(self.Closed(keep=False))
