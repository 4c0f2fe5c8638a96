"""The docker command that equals what the app does: shown, so that the learner takes it home."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.clickable import clickable


class CommandBar(Widget):
    """One line: `$ docker build …`, and the key that copies it. The middle of a long command is left out."""

    DEFAULT_CSS = """
    CommandBar { height: 1; background: $panel 60%; padding: 0 1; }
    """

    command: reactive[str] = reactive("")

    def render(self) -> Content:
        """The command, shortened in the middle where it does not fit; copying takes the whole."""
        if not self.command:
            return Content("")
        hint = Content.assemble(
            "  ", clickable("c", "copy-command", "bold $accent"), clickable(" copy", "copy-command")
        )
        room = self.size.width - hint.cell_length - 2
        shown = self.command
        if len(shown) > room > 1:
            tail = room // 2
            shown = f"{shown[: room - tail - 1]}…{shown[-tail:]}"
        return Content.assemble(("$ ", "$accent"), shown, " " * max(0, room - len(shown)), hint)
