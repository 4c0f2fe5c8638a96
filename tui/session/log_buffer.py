"""The lines of a log, bounded in memory and numbered for good."""

from __future__ import annotations

MAX_LINES = 50_000
"""What is kept in memory; the whole log lies in a file."""


class LogBuffer:
    """Lines that arrive in pieces. A line keeps its number when older ones are dropped.

    A carriage return within a line starts it over, as it does on a terminal.
    """

    __slots__ = ("_lines", "_max_lines", "_open", "first")

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        self._lines: list[str] = []
        self._max_lines = max_lines
        self._open = False
        self.first = 0
        """Number of the oldest line that is kept; so many were dropped."""

    def feed(self, text: str) -> None:
        """Take a piece of output: any number of lines, the last one perhaps unfinished."""
        self.feed_split(text.split("\n"), overwrites="\r" in text)

    def feed_split(self, pieces: list[str], *, overwrites: bool) -> None:
        """The same, already split at line ends, so that several buffers share the strings.

        `overwrites` says that there is a carriage return somewhere.
        """
        first, last = pieces[0], pieces[-1]
        new = pieces[1:-1]
        if len(pieces) == 1:
            if not first:
                return
            last = self._lines.pop() + first if self._open else first
        else:
            new.insert(0, self._lines.pop() + first if self._open else first)
        self._open = bool(last)
        if self._open:
            new.append(last)
        if overwrites:
            new = [_overwritten(piece) for piece in new]
        self.add_lines(new)

    def add_lines(self, lines: list[str]) -> None:
        """Take whole lines, and drop the oldest ones where there are too many."""
        self._lines.extend(lines)
        excess = len(self._lines) - self._max_lines
        # In blocks: dropping a few lines at each call would move the whole list every time.
        if excess > self._max_lines // 10:
            del self._lines[:excess]
            self.first += excess

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def end(self) -> int:
        """One past the number of the newest line."""
        return self.first + len(self._lines)

    def lines(self, numbers: range) -> list[str]:
        """The lines of these numbers, all of which must be kept."""
        return self._lines[numbers.start - self.first : numbers.stop - self.first]

    def line(self, number: int) -> str:
        """The line of this number, escapes included. Raises IndexError where it is not kept."""
        if number < self.first:
            raise IndexError(number)
        return self._lines[number - self.first]


def _overwritten(line: str) -> str:
    """What remains visible of a line with carriage returns: the last stretch that holds anything."""
    stretches = [part for part in line.split("\r") if part]
    return stretches[-1] if stretches else ""
