"""Which line stands in which row: the same, or, when long lines wrap, several rows a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class RowMap:
    """Rows of lines that are appended at the end and dropped at the start. Lines and rows count from 0."""

    def __init__(self, *, wrapped: bool = False) -> None:
        self.wrapped = wrapped
        """Whether a line may have more rows than one."""
        self._ends: list[int] = []
        self._dropped = 0
        self._lines = 0

    @property
    def rows(self) -> int:
        """Rows in all."""
        if not self.wrapped:
            return self._lines
        return self._ends[-1] - self._dropped if self._ends else 0

    def append(self, row_counts: Sequence[int]) -> None:
        """Add a line for each of these numbers of rows."""
        if not self.wrapped:
            self._lines += len(row_counts)
            return
        end = self._ends[-1] if self._ends else self._dropped
        ends = accumulate(row_counts, initial=end)
        next(ends)
        self._ends.extend(ends)

    def drop(self, lines: int) -> int:
        """Take away so many lines at the start; how many rows that were."""
        if not self.wrapped:
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
        if self.wrapped:
            self._ends.pop()
        else:
            self._lines -= 1

    def line_at(self, row: int) -> tuple[int, int]:
        """The line of a row, and which of the line's rows it is."""
        if not self.wrapped:
            return row, 0
        line = bisect_right(self._ends, row + self._dropped)
        start = self._ends[line - 1] if line else self._dropped
        return line, row + self._dropped - start

    def row_of(self, line: int) -> int:
        """The first row of a line."""
        if not self.wrapped:
            return line
        return (self._ends[line - 1] if line else self._dropped) - self._dropped
