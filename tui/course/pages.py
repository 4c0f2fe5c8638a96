"""Splitting a step's Markdown into prose and fenced blocks, with the line that each begins on.

Only what stands at the margin counts: a fence inside a list or a quotation is part of the prose.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_BLOCKS = 300

MOST_INDENT = 3
SHORTEST_FENCE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Prose, or one fenced block."""

    text: str
    """Without the fences."""
    line: int
    """The line of the file on which `text` begins."""
    info: str | None = None
    """What stands behind the opening fence; None for prose."""
    is_closed: bool = True


def split_page(text: str, first_line: int) -> tuple[Piece, ...]:
    """The pieces of a page whose first line is `first_line` of its file."""
    pieces: list[Piece] = []
    prose: list[str] = []
    prose_line = first_line
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        fence = _fence(lines[number])
        info = lines[number].strip()[len(fence) :].strip()
        if not fence or "`" in info:
            prose.append(lines[number])
            number += 1
            continue
        _end_prose(pieces, prose, prose_line)
        end = _closing(lines, number + 1, fence)
        body = lines[number + 1 : end]
        pieces.append(Piece("\n".join(body), first_line + number + 1, info, end < len(lines)))
        number = end + 1
        prose, prose_line = [], first_line + number
    _end_prose(pieces, prose, prose_line)
    return tuple(pieces)


def _fence(line: str) -> str:
    """The signs of a fence with which a line begins; empty where there is none."""
    text = line.lstrip(" ")
    sign = text[:1]
    fence = text[: len(text) - len(text.lstrip(sign))] if sign in ("`", "~") else ""
    return fence if len(fence) >= SHORTEST_FENCE and len(line) - len(text) <= MOST_INDENT else ""


def _closing(lines: list[str], start: int, opening: str) -> int:
    """Index of the line that closes a fence: the same sign, at least as often; beyond the end where none does."""
    for index in range(start, len(lines)):
        fence = _fence(lines[index])
        if fence.startswith(opening) and fence == lines[index].strip():
            return index
    return len(lines)


def _end_prose(pieces: list[Piece], prose: list[str], line: int) -> None:
    if any(text.strip() for text in prose):
        pieces.append(Piece("\n".join(prose), line))
