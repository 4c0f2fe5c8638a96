"""Leaving while containers run: stop them, leave them, clean up all that is ours, or stay."""

from __future__ import annotations

from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class LeaveChoice(StrEnum):
    """What becomes of the containers."""

    STOP = "stop"
    KEEP = "keep"
    CLEAN = "clean"
    """They are stopped, and all that is ours is listed, to be removed."""
    STAY = "stay"


class LeaveScreen(ModalScreen[LeaveChoice]):
    """Answers with what the learner chose."""

    CSS_PATH = "leave.tcss"
    BINDINGS = [
        Binding("s", "choose('stop')", "Stop"),
        Binding("l", "choose('keep')", "Leave"),
        Binding("X", "choose('clean')", "Clean up"),
        Binding("escape", "choose('stay')", "Stay"),
    ]

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        """Which containers, four buttons."""
        count = len(self._names)
        with Vertical(id="card"):
            are = "is" if count == 1 else "are"
            yield Static(f"{count} of your containers {are} still there", id="title")
            yield Static(Content("\n".join(self._names)), id="names")
            with Horizontal(id="buttons"):
                yield Button("Stop and remove (s)", id="stop", variant="primary")
                yield Button("Leave as they are (l)", id="keep")
                yield Button("Stay (Escape)", id="stay")
            yield Button("Stop, and clean up images and cached files too (X)", id="clean")

    def on_mount(self) -> None:
        """The tidy way is one Enter away."""
        self.query_one("#stop", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_choose(event.button.id or "stay")

    def action_choose(self, choice: str) -> None:
        """Close with this choice."""
        self.dismiss(LeaveChoice(choice))
