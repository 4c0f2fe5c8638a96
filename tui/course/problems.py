"""What is wrong with a course, told so that its author finds the place: file, line, column, the line and a caret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN_COLUMNS = 76
"""So much of a line is shown; a longer one is cut around the column."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, halves of surrogate pairs, and signs that turn the direction of what is shown after them, so that
a text could look like another one."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a course."""

    file: str
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1."""
    message: str
    text: str = ""
    """The line itself."""

    def __post_init__(self) -> None:
        # What it tells of may be there to do harm: no part of it may steer the terminal on which it is printed.
        for part in ("file", "message", "text"):
            object.__setattr__(self, part, harmless(getattr(self, part)))

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: {self.message}"
        if not self.text.strip():
            return where
        start = max(0, self.column - SHOWN_COLUMNS) if len(self.text) > SHOWN_COLUMNS else 0
        return f"{where}\n    {self.text[start : start + SHOWN_COLUMNS]}\n    {' ' * (self.column - 1 - start)}^"


class CourseError(Exception):
    """A course cannot be read; the message tells every fault with its file, line and column."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
        """At least one, in the order of files and lines."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file of a course."""

    file: str
    """As it is told to people."""
    text: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, file: str, text: str) -> Source:
        """A text that has been read."""
        return cls(file, text, tuple(text.split("\n")))

    def problem(self, message: str, line: int = 1, column: int = 1) -> Problem:
        """A fault at a place of this file; a place beyond its end is drawn back to it."""
        line = min(max(1, line), len(self.lines))
        text = self.lines[line - 1]
        return Problem(self.file, line, min(max(1, column), len(text) + 1), message, text)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a position in the text."""
        line = self.text.count("\n", 0, offset) + 1
        return line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1


def is_forbidden(sign: str) -> bool:
    """Whether a sign could steer a terminal, or turn what stands behind it around."""
    return _FORBIDDEN.match(sign) is not None


def forbidden_sign(text: str) -> int | None:
    """Position of the first sign that no text of a course may have."""
    found = _FORBIDDEN.search(text)
    return found.start() if found else None


def harmless(text: str) -> str:
    """A text with every sign that could steer a terminal replaced by a dot."""
    return _FORBIDDEN.sub("·", text).replace("\n", " ").replace("\t", " ")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file, line and column."""
    return tuple(sorted(set(problems)))
