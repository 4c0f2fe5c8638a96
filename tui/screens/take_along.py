"""Where to write certificate and guesses, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.session.ending import in_the_way


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """What was answered."""

    name: str
    """May be empty."""
    folder: Path


class TakeAlongScreen(ModalScreen[TakeAlong | None]):
    """Answers with name and folder, or None. Files that exist are replaced only when it is said twice."""

    CSS_PATH = "take_along.tcss"
    BINDINGS = [Binding("escape", "give_up", "Cancel")]

    def __init__(self, name: str, folder: Path, files: Iterable[str]) -> None:
        super().__init__()
        self._name_before = name
        self._folder = folder
        self._files = tuple(files)
        self._warned_of: Path | None = None

    def compose(self) -> ComposeResult:
        """The name, the folder, what is written, what is wrong, two buttons."""
        with Vertical(id="card"):
            yield Static("Your name, as the certificate has it")
            yield Input(self._name_before, placeholder="may be left empty", id="name")
            yield Static("The folder to write to")
            yield Input(str(self._folder), id="folder")
            yield Static(Content.styled(f"Written are {', '.join(self._files)}.", "$foreground 60%"), id="files")
            yield Static("", id="problem")
            with Horizontal(id="buttons"):
                yield Button("Write (Enter)", id="write", variant="primary")
                yield Button("Cancel (Escape)", id="cancel")

    def on_mount(self) -> None:
        """The name first, where it is not known yet."""
        self.query_one("#folder" if self._name_before else "#name").focus()

    @on(Input.Submitted, "#name")
    def _named(self) -> None:
        self.query_one("#folder").focus()

    @on(Input.Submitted, "#folder")
    @on(Button.Pressed, "#write")
    def _write(self) -> None:
        folder = Path(self.query_one("#folder", Input).value).expanduser()
        problem = self._problem(folder)
        if problem is None:
            self.dismiss(TakeAlong(self.query_one("#name", Input).value.strip(), folder))
        else:
            self.query_one("#problem", Static).update(Content.styled(problem, "$warning"))

    @on(Button.Pressed, "#cancel")
    def action_give_up(self) -> None:
        """Close without writing."""
        self.dismiss(None)

    def _problem(self, folder: Path) -> str | None:
        if folder.exists() and not folder.is_dir():
            return f"{folder} is a file."
        if not folder.exists() and not folder.absolute().parent.is_dir():
            return f"There is no folder {folder.absolute().parent}."
        there = in_the_way(folder, self._files)
        if there and self._warned_of != folder:
            self._warned_of = folder
            exist = "exists" if len(there) == 1 else "exist"
            return f"{', '.join(there)} {exist} there. Enter again replaces what is there."
        return None
