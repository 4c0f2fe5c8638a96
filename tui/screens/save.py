"""Where to save something."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static


class SaveScreen(ModalScreen[Path | None]):
    """Answers with the file to write, or None. A file that exists is replaced only when it is said twice."""

    CSS_PATH = "save.tcss"
    BINDINGS = [Binding("escape", "give_up", "Cancel")]

    def __init__(self, what: str, suggestion: Path) -> None:
        super().__init__()
        self._what = what
        self._suggestion = suggestion
        self._warned_of: Path | None = None

    def compose(self) -> ComposeResult:
        """The path, what is wrong with it, two buttons."""
        with Vertical(id="card"):
            yield Static(Content(f"Save {self._what} to"), id="title")
            yield Input(str(self._suggestion), id="path")
            yield Static("", id="problem")
            with Horizontal(id="buttons"):
                yield Button("Save (Enter)", id="save", variant="primary")
                yield Button("Cancel (Escape)", id="cancel")

    def on_mount(self) -> None:
        """Typing at once."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#save")
    def _save(self) -> None:
        target = Path(self.query_one(Input).value).expanduser()
        problem = self._problem(target)
        if problem is None:
            self.dismiss(target)
            return
        self.query_one("#problem", Static).update(Content.styled(problem, "$warning"))

    @on(Button.Pressed, "#cancel")
    def action_give_up(self) -> None:
        """Close without saving."""
        self.dismiss(None)

    def _problem(self, target: Path) -> str | None:
        if target.is_dir():
            return f"{target} is a folder."
        if not target.parent.is_dir():
            return f"There is no folder {target.parent}."
        if target.exists() and self._warned_of != target:
            self._warned_of = target
            return f"{target.name} exists. Enter again replaces it."
        return None
