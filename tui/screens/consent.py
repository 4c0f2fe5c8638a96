"""A course from elsewhere wants something run: what it may run, and the learner's word on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.session.consent import MayRun


class ConsentScreen(ModalScreen[bool]):
    """Answers whether the course may run what it lists."""

    CSS_PATH = "consent.tcss"
    BINDINGS = [Binding("escape", "refuse", "No")]

    def __init__(self, title: str, may_run: Sequence[MayRun]) -> None:
        super().__init__()
        self._title = title
        self._may_run = may_run

    def compose(self) -> ComposeResult:
        """The course, all that it may run, two buttons."""
        with Vertical(id="card"):
            yield Static(Content(f"“{self._title}” did not come with Jettison. May it use your engine?"), id="title")
            with VerticalScroll(id="list"):
                yield Static(Content("\n").join(map(_line, self._may_run)))
            yield Static("You are asked once, and again when the course has changed.", id="note")
            with Horizontal(id="buttons"):
                yield Button("No (Escape)", id="no", variant="primary")
                yield Button("Yes, it may", id="yes")

    def on_mount(self) -> None:
        """No is one Enter away; yes has to be meant."""
        self.query_one("#no", Button).focus()

    @on(Button.Pressed, "#yes")
    def _agree(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#no")
    def action_refuse(self) -> None:
        """Close, and run nothing."""
        self.dismiss(False)


def _line(one: MayRun) -> Content:
    file = f"\n    {_as_seen_from_here(one.dockerfile)}" if one.dockerfile is not None else ""
    return Content.assemble("• ", one.what, (f"  ({one.where}){file}", "$foreground 60%"))


def _as_seen_from_here(file: Path) -> Path:
    """A path as the learner would type it."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
