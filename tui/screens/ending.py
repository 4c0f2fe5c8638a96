"""The ending: what the learner built, how much smaller it became, exercises, guesses; and all of it to take along."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.course.summary import Built
from tui.session import format
from tui.session.ending import Ending
from tui.widgets.ending_text import built_words, headline, rest
from tui.widgets.size_bars import Bar, SizeBars


class EndingScreen(ModalScreen[None]):
    """Shows an ending. Escape closes, f has it saved by the app."""

    CSS_PATH = "ending.tcss"
    BINDINGS = [
        Binding("escape,q,E", "close", "Close"),
        Binding("f", "save", "Save"),
    ]

    class SaveWanted(Message):
        """The learner wants to take it along."""

        def __init__(self, ending: Ending) -> None:
            super().__init__()
            self.ending = ending

    def __init__(self, ending: Ending) -> None:
        super().__init__()
        self._ending = ending

    def compose(self) -> ComposeResult:
        """The course, one scrolling page, two buttons."""
        summary = self._ending.summary
        with Vertical(id="card"):
            yield Static(Content.styled(summary.course, "bold $accent"), id="title")
            with VerticalScroll(id="page"):
                yield Static(headline(summary), id="headline")
                if summary.built is not None:
                    bars = SizeBars(id="bars")
                    bars.set_bars(_bars(summary.built))
                    yield bars
                yield Static(built_words(summary), id="built")
                yield Static(rest(self._ending), id="rest")
            yield Static(id="told")
            with Horizontal(id="buttons"):
                yield Button("Take it along (f)", id="save", variant="primary")
                yield Button("Close (Escape)", id="close")

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#page").focus()

    def tell(self, words: Content) -> None:
        """Say where it was written, or why not; it stays in sight."""
        self.query_one("#told", Static).update(words)

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Have it saved."""
        self.post_message(self.SaveWanted(self._ending))

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Back to the course."""
        self.dismiss(None)


def _bars(built: Built) -> tuple[Bar, Bar]:
    return (
        Bar("one stage", built.larger_bytes, format.size(built.larger_bytes), "$stage-builder"),
        Bar("two stages", built.smaller_bytes, format.size(built.smaller_bytes), "$stage-production"),
    )
