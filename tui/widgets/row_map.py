"""Which line stands in which row: the same, or, when long lines wrap, several rows a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class RowMap:
    """Rows of lines that are appended at the end and dropped at the start. Lines and rows count from 0."""

    def __init__(self, width: int | None = None) -> None:
        self.width = width
        """Cells in a row; None where lines are never wrapped."""
        self._ends: list[int] = []
        self._dropped = 0
        self._lines = 0

    @property
    def rows(self) -> int:
        """Rows in all."""
        if self.width is None:
            return self._lines
        return self._ends[-1] - self._dropped if self._ends else 0

    def append(self, widths: Iterable[int]) -> None:
        """Add a line for each of these widths, in cells."""
        if self.width is None:
            self._lines += sum(1 for _ in widths)
            return
        end = self._ends[-1] if self._ends else self._dropped
        for width in widths:
            end += max(1, -(-width // self.width))
            self._ends.append(end)

    def drop(self, lines: int) -> int:
        """Take away so many lines at the start; how many rows that were."""
        if self.width is None:
            gone = min(lines, self._lines)
            self._lines -= gone
            return gone
        if lines <= 0 or not self._ends:
            return 0
        end = self._ends[min(lines, len(self._ends)) - 1]
        gone = end - self._dropped
        del self._ends[:lines]
        self._dropped = end
        return gone

    def drop_last(self) -> None:
        """Take away the last line."""
        if self.width is None:
            self._lines -= 1
        else:
            self._ends.pop()

    def line_at(self, row: int) -> tuple[int, int]:
        """The line of a row, and which of the line's rows it is."""
        if self.width is None:
            return row, 0
        line = bisect_right(self._ends, row + self._dropped)
        start = self._ends[line - 1] if line else self._dropped
        return line, row + self._dropped - start

    def row_of(self, line: int) -> int:
        """The first row of a line."""
        if self.width is None:
            return line
        return (self._ends[line - 1] if line else self._dropped) - self._dropped
