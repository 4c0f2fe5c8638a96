"""A line of a terminal that is rewritten while something goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from tui.course.widths import cells
from tui.printable import printable

REWRITE_SECONDS = 0.1
CLEARED = "\r\x1b[K"


class LiveLine:
    """The last line of a terminal. `clear` it before anything else is printed there.

    `columns` tells how wide the terminal is now; a longer text is cut, as a line that wraps cannot be rewritten.
    """

    def __init__(
        self, terminal: TextIO, columns: Callable[[], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._terminal = terminal
        self._columns = columns
        self._clock = clock
        self._shown = ""
        self._shown_at = float("-inf")

    def show(self, text: str) -> None:
        """Put this into the line, unless it was rewritten a moment ago."""
        text = cut(printable(text), self._columns() - 1)
        if text == self._shown or self._clock() - self._shown_at < REWRITE_SECONDS:
            return
        self._shown, self._shown_at = text, self._clock()
        self._terminal.write(CLEARED + text)
        self._terminal.flush()

    def clear(self) -> None:
        """Take it away."""
        if self._shown:
            self._shown, self._shown_at = "", float("-inf")
            self._terminal.write(CLEARED)
            self._terminal.flush()


def cut(text: str, columns: int) -> str:
    """A text of at most so many columns; `…` stands for an end that is too much."""
    if cells(text) <= columns:
        return text
    while text and cells(text) > columns - 1:
        text = text[:-1]
    return text + "…"
