"""The last line: what can be done here, each with its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.clickable import clickable


@dataclass(frozen=True, slots=True)
class KeyHint:
    """One entry: the key as it is printed, what it does in a word or two, and the action of a click."""

    key: str
    title: str
    action: str


class KeyBar(Widget):
    """Keys in the order of their weight; `last` always stays in sight, the others go from the end."""

    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    hints: reactive[tuple[KeyHint, ...]] = reactive(())
    last: reactive[tuple[KeyHint, ...]] = reactive(())

    def set_hints(self, hints: Sequence[KeyHint], last: Sequence[KeyHint]) -> None:
        """Show these keys."""
        self.hints, self.last = tuple(hints), tuple(last)

    def render(self) -> Content:
        """As many keys as fit."""
        end = [self._hint(hint) for hint in self.last]
        room = self.size.width - sum(part.cell_length for part in end)
        shown: list[Content] = []
        for part in map(self._hint, self.hints):
            if part.cell_length > room:
                break
            shown.append(part)
            room -= part.cell_length
        return Content.assemble(*shown, " " * max(0, room), *end)

    def _hint(self, hint: KeyHint) -> Content:
        return Content.assemble(
            clickable(hint.key, hint.action, "bold $accent"),
            clickable(f" {hint.title}", hint.action),
            "   ",
        )
