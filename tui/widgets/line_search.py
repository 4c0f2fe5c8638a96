"""Looking for a text in numbered lines, in any case: its occurrences in a line, and the next one from here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

Match = tuple[int, int]
"""Number of the line, and where in it, in characters."""


class LineSearch:
    """A text that is looked for, and the occurrence where the reader is."""

    def __init__(self, needle: str = "") -> None:
        self.needle = needle.lower()
        self.match: Match | None = None

    def __bool__(self) -> bool:
        return bool(self.needle)

    def is_in(self, text: str) -> bool:
        """Whether a line has it."""
        return bool(self.needle) and self.needle in text.lower()

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each occurrence in a line."""
        at = text.lower().find(self.needle)
        while at >= 0:
            yield at, at + len(self.needle)
            at = text.lower().find(self.needle, at + len(self.needle))

    def move(self, step: int, lines: range, top: int, text_of: Callable[[int], str]) -> Match | None:
        """Go to the next occurrence (with -1 to the one before), around the ends; None where there is none.

        `top` is the line to begin with where the reader is at no occurrence yet.
        """
        if not self.needle or not lines:
            return None
        line, column = self.match or (top, -1 if step > 0 else sys.maxsize)
        for distance in range(len(lines) + 1):
            number = lines.start + (line - lines.start + step * distance) % len(lines)
            text = text_of(number).lower()
            if step > 0:
                at = text.find(self.needle, column + 1 if distance == 0 else 0)
            elif distance == 0:
                at = text.rfind(self.needle, 0, max(0, min(column, len(text)) + len(self.needle) - 1))
            else:
                at = text.rfind(self.needle)
            if at >= 0:
                self.match = (number, at)
                return self.match
        return None
