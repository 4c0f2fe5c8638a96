"""The names of the panes in a row, each with its digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.clickable import clickable


@dataclass(frozen=True, slots=True)
class Tab:
    """One name in the row."""

    id: str
    key: str
    """The digit that chooses it."""
    title: str
    action: str
    """The action that a click carries out."""


class TabBar(Widget):
    """One line of tabs; the chosen one stands out. It shows, the screen switches."""

    DEFAULT_CSS = """
    TabBar { height: 1; background: $background; padding: 0; }
    """

    chosen: reactive[str] = reactive("")

    def __init__(self, tabs: Sequence[Tab], *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._tabs = tuple(tabs)

    def render(self) -> Content:
        """The row, with as much air between the names as the width allows."""
        words = sum(len(tab.key) + len(tab.title) + 1 for tab in self._tabs)
        pad = " " * (2 if words + 4 * len(self._tabs) <= self.size.width else 1)
        return Content.assemble(*(self._tab_name(tab, pad) for tab in self._tabs))

    def _tab_name(self, tab: Tab, pad: str) -> Content:
        style = "bold $foreground on $surface" if tab.id == self.chosen else "$foreground 60%"
        digit = "bold $accent on $surface" if tab.id == self.chosen else "$accent"
        return Content.assemble(
            clickable(f"{pad}{tab.key}", tab.action, digit),
            clickable(f" {tab.title}{pad}", tab.action, style),
        )
