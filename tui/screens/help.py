"""F1: what the app is for, and every key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tui.session.actions import ACTIONS, Action
from tui.widgets.clickable import clickable

DIM = "$foreground 60%"
KEY_CELLS = 3
INTRODUCTION = """\
Read the page of a step: d does what it asks for next, j goes on.
Look at the Dockerfiles, build both variants on your own engine, and compare what they weigh.
Everything works with the keyboard alone, and with the mouse alone: all keys that are printed can be clicked.

Arrows, Page up and down, Home and End scroll the pane with the focus; Tab moves on to the next one.
Among files, right and left open and close a folder, with Shift all that are in it, or all there are.
Text can be selected with the mouse in every pane; y copies it."""


class HelpScreen(ModalScreen[None]):
    """All actions by group, each with its key and the docker command that it equals."""

    CSS_PATH = "help.tcss"
    BINDINGS = [
        Binding("escape,f1,q", "dismiss", "Close"),
    ]

    def compose(self) -> ComposeResult:
        """One scrolling card."""
        with Vertical(id="card"):
            yield Static(Content.assemble(("Help", "bold $accent"), "   ", ("Escape closes", DIM)), id="title")
            with VerticalScroll(id="text"):
                yield Static(Content(INTRODUCTION))
                for group, actions in groupby(ACTIONS, key=lambda action: action.group):
                    yield Static(Content.styled(group.value, "bold"), classes="heading")
                    yield ActionLines(tuple(actions))

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#text").focus()


class ActionLines(Widget):
    """Actions below each other; what does not fit on a line goes on under its words, not under its key."""

    DEFAULT_CSS = """
    ActionLines { height: auto; }
    """

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = actions

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows at this width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """All of them."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        return [line for action in self._actions for line in _lines(action, width)]


def _lines(action: Action, width: int) -> Iterator[Content]:
    """An action with its key, and the command that it equals."""
    key = clickable(action.shown_key.rjust(KEY_CELLS), action.id, "bold $accent")
    words = Content.assemble(action.title, (f". {action.help}", DIM))
    yield from _hung(Content.assemble(key, "  "), words, width)
    if action.equals:
        yield from _hung(Content(" " * (KEY_CELLS + 2)), Content.styled(f"= {action.equals}", DIM), width)


def _hung(head: Content, words: Content, width: int) -> Iterator[Content]:
    """Words after a head, wrapped beside it."""
    indent = Content(" " * head.cell_length)
    for number, line in enumerate(words.wrap(max(1, width - head.cell_length))):
        yield Content.assemble(indent if number else head, line)
