"""F1: what the app is for, and every key."""

from __future__ import annotations

from itertools import groupby

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.session.actions import ACTIONS, Action
from tui.widgets.clickable import clickable

INTRODUCTION = """\
Read a step on the left, look at the Dockerfiles, build both variants on your own engine, and compare what they weigh.
Everything works with the keyboard alone, and with the mouse alone: all keys that are printed can be clicked.

Arrows, Page up and down, Home and End scroll the pane with the focus; Tab moves on to the next one.
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
            yield Static(
                Content.assemble(("Help", "bold $accent"), "   ", ("Escape closes", "$foreground 60%")), id="title"
            )
            with VerticalScroll(id="text"):
                yield Static(Content(INTRODUCTION))
                for group, actions in groupby(ACTIONS, key=lambda action: action.group):
                    yield Static(Content.styled(group.value, "bold"), classes="heading")
                    yield Static(Content("\n").join(map(_line, actions)))

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#text").focus()


def _line(action: Action) -> Content:
    equals = Content.styled(f"\n     = {action.equals}", "$foreground 60%") if action.equals else Content("")
    return Content.assemble(
        clickable(action.shown_key.rjust(3), action.id, "bold $accent"),
        "  ",
        action.title,
        (f". {action.help}", "$foreground 60%"),
        equals,
    )
