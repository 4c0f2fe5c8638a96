"""No engine answers: what was tried, what to do on this system, and the way on without one."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.engine.errors import NoEngine
from tui.engine.model import Attempt
from tui.screens.choices import NoEngineChoice


class NoEngineScreen(ModalScreen[NoEngineChoice]):
    """Answers with what the learner chose: try again, a recorded build, or quit."""

    CSS_PATH = "no_engine.tcss"
    BINDINGS = [
        Binding("r", "choose('retry')", "Try again"),
        Binding("p", "choose('replay')", "Go on with a recorded build"),
        Binding("q", "choose('quit')", "Quit"),
        Binding("escape", "choose('replay')", "Go on", show=False),
    ]

    def __init__(self, error: NoEngine) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        """What happened, what to do, the places that were tried, three buttons."""
        with Vertical(id="card"):
            yield Static("No Docker engine answers", id="title")
            with VerticalScroll(id="story"):
                yield Static(Content(self._error.what), classes="what")
                yield Static(Content(self._error.advice), classes="advice")
                yield Static("What was tried", classes="heading")
                yield Static(Content("\n").join(map(_attempt, self._error.attempts)), classes="attempts")
                yield Static(
                    "A recorded build teaches the same: real output and real sizes, replayed, and marked as recorded.",
                    classes="note",
                )
            with Horizontal(id="buttons"):
                yield Button("Go on with a recorded build (p)", id="replay", variant="primary")
                yield Button("Try again (r)", id="retry")
                yield Button("Quit (q)", id="quit")

    def on_mount(self) -> None:
        """The way on is one Enter away."""
        self.query_one("#replay", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.action_choose(event.button.id or "")

    def action_choose(self, choice: str) -> None:
        """Close with this choice."""
        self.dismiss(NoEngineChoice(choice))


def _attempt(attempt: Attempt) -> Content:
    """One place: why it was tried, where it is, and the system's own words."""
    return Content.assemble(
        ("✗ ", "$warning"),
        (attempt.source, "bold"),
        f"  {attempt.endpoint}\n",
        (f"  {attempt.problem.value}: {attempt.detail}", "$foreground 60%"),
    )
