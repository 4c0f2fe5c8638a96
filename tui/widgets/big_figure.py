"""One number in large digits, with what it is above and its unit below: legible from the last row of a room."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Digits, Static


class BigFigure(Vertical):
    """A caption, big digits, and a line below."""

    DEFAULT_CSS = """
    BigFigure { height: auto; width: 1fr; align-horizontal: center; }
    BigFigure > Static { width: 100%; text-align: center; color: $foreground 60%; height: 1; }
    BigFigure > Digits { width: 100%; text-align: center; height: 3; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._caption = Static(classes="caption")
        self._digits = Digits("")
        self._below = Static(classes="below")

    def compose(self) -> ComposeResult:
        """Caption, digits, line below."""
        yield self._caption
        yield self._digits
        yield self._below

    def set(self, caption: str, digits: str, below: str) -> None:
        """Show `digits` (figures, points and a few signs only); classes of the widget give the colour."""
        self._caption.update(Content(caption), layout=False)
        self._digits.update(digits)
        self._below.update(Content(below), layout=False)
