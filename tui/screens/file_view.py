"""One file of an image: its text, or what is known of it where it is none."""

from __future__ import annotations

import threading
from pathlib import Path, PurePosixPath

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.engine.errors import EngineError
from tui.printable import printable
from tui.screens.messages import FileArrived, FileReadFailed, FileReadGoesOn
from tui.screens.noticing import NoticingApp
from tui.session import format
from tui.session.file_reading import FileReading
from tui.widgets.code_view import CodeView
from tui.widgets.search_bar import SearchBar

SHOWN_BYTES = 400_000
"""So much of a long text is shown; saving takes all of it."""


class FileScreen(ModalScreen[None]):
    """Reads a file out of an image and shows it. Escape closes, f saves, y copies, / searches."""

    CSS_PATH = "file_view.tcss"
    BINDINGS = [
        Binding("escape,q,v", "close", "Close"),
        Binding("f", "save", "Save"),
        Binding("y", "copy", "Copy"),
        Binding("slash", "search", "Search"),
        Binding("n", "next_match(1)", "Next"),
        Binding("N", "next_match(-1)", "Previous"),
    ]

    def __init__(self, reading: FileReading, path: str) -> None:
        super().__init__()
        self._reading = reading
        self._path = path
        self._content: bytes | None = None
        self._text = CodeView()
        self._search = SearchBar()

    def compose(self) -> ComposeResult:
        """Path, keys, text, and the line to search it."""
        with Vertical(id="card"):
            yield Static(Content.styled(f"/{printable(self._path)}", "bold"), id="path")
            yield Static(Content("▶ the engine gathers the image's layers…"), id="state")
            yield self._text
            yield self._search
            yield Button("Close (Escape)", id="close")

    def on_mount(self) -> None:
        """Read in a thread of its own."""
        self._text.display = False
        threading.Thread(target=self._read, name="file", daemon=True).start()

    def _read(self) -> None:
        try:
            content = self._reading.read(self._report)
        except EngineError as error:
            self.post_message(FileReadFailed(error))
        else:
            if content is not None:
                self.post_message(FileArrived(content))

    def _report(self, read_bytes: int) -> None:
        self.post_message(FileReadGoesOn(read_bytes))

    @on(FileReadGoesOn)
    def _went_on(self, message: FileReadGoesOn) -> None:
        self._say(Content(f"▶ reading the image: {format.size(message.read_bytes)}"))

    @on(FileReadFailed)
    def _failed(self, message: FileReadFailed) -> None:
        self._say(Content.assemble((message.error.what, "$error"), f" {message.error.advice}"))

    @on(FileArrived)
    def _arrived(self, message: FileArrived) -> None:
        self._content = message.content
        text = as_text(message.content[:SHOWN_BYTES])
        words = format.size(len(message.content))
        if text is None:
            self._say(Content(f"{words}, no text: f saves it   Escape closes"))
            return
        cut = f", the first {format.size(SHOWN_BYTES)} shown" if len(message.content) > SHOWN_BYTES else ""
        self._say(Content(f"{words}{cut}: / searches, y copies, f saves   Escape closes"))
        from pygments.lexers import TextLexer, get_lexer_for_filename
        from pygments.util import ClassNotFound

        try:
            lexer = get_lexer_for_filename(PurePosixPath(self._path).name, stripnl=False)
        except ClassNotFound:
            lexer = TextLexer(stripnl=False)
        self._text.show(text, lexer)
        self._text.display = True
        self._text.focus()

    def _say(self, words: Content) -> None:
        self.query_one("#state", Static).update(words)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Stop reading, and close."""
        self._reading.cancel()
        self.dismiss(None)

    def action_save(self) -> None:
        """Ask for a place, and write the whole file there."""
        content = self._content
        if content is not None and isinstance(self.app, NoticingApp):
            name = Path(printable(PurePosixPath(self._path).name))
            self.app.ask_where_to_save("this file", name, lambda target: _write(target, content))

    def action_search(self) -> None:
        """Type what to look for in the text."""
        if self._text.display:
            self._search.open(self._text)

    def action_next_match(self, step: int) -> None:
        """Go to the next match of the last search."""
        if self._text.display:
            self._text.next_match(step)

    def action_copy(self) -> None:
        """Copy the text, or what is selected of it."""
        text = as_text(self._content) if self._content is not None else None
        if text is not None and isinstance(self.app, NoticingApp):
            selected = self.get_selected_text()
            self.app.copy("the selection" if selected else "the file", selected or text)


def _write(target: Path, content: bytes) -> None:
    target.write_bytes(content)


def as_text(content: bytes) -> str | None:
    """A file's content as text, or None where it is none. A piece that ends within a sign is text too."""
    if b"\0" in content:
        return None
    for end in range(len(content), max(0, len(content) - 4), -1):
        try:
            return content[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None if content else ""
