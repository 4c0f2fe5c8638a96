"""Terminal escapes in a line of output, read into plain text and the styles that they ask for.

Only colours and attributes (SGR) have an effect; every other escape is taken out, and stray control characters are
shown as a sign, so that no output can do anything to the terminal it is looked at in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.cells import cell_len

ESCAPE = re.compile(
    r"\x1b(?:\[([0-9;:]*)m|\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    r"|[PX^_][^\x1b\n]*(?:\x1b\\)?|[ -/]*[0-~]?)"
)
CONTROL = str.maketrans(dict.fromkeys((*range(9), *range(10, 32), *range(127, 160)), "\ufffd"))
TAB_CELLS = 8


@dataclass(frozen=True, slots=True)
class Look:
    """What escapes can ask for. A colour is a number of the 256, or red, green and blue, or None."""

    foreground: int | tuple[int, int, int] | None = None
    background: int | tuple[int, int, int] | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN = Look()
ATTRIBUTES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}


def parse(line: str) -> tuple[str, list[tuple[int, int, Look]]]:
    """The visible text of a line, and the stretches (start, end, look) of it that are not plain."""
    if "\t" in line:
        line = line.expandtabs(TAB_CELLS)
    if "\x1b" not in line:
        return _visible(line), []
    text: list[str] = []
    looks: list[tuple[int, int, Look]] = []
    look, position, length = PLAIN, 0, 0
    for match in ESCAPE.finditer(line):
        length = _add(text, looks, line[position : match.start()], look, length)
        position = match.end()
        if match[1] is not None:
            look = _changed(look, match[1])
    _add(text, looks, line[position:], look, length)
    return "".join(text), looks


def plain(line: str) -> str:
    """The visible text of a line, as `parse` has it, without its looks."""
    if "\t" in line:
        line = line.expandtabs(TAB_CELLS)
    if "\x1b" in line:
        line = ESCAPE.sub("", line)
    return _visible(line)


def visible_cells(lines: Sequence[str]) -> list[int]:
    """How many cells the visible text of each line takes; all in one go, as a noisy build has 200,000 a second."""
    block = "\n".join(lines)
    if "\t" in block:
        block = block.expandtabs(TAB_CELLS)
    if "\x1b" in block:
        block = ESCAPE.sub("", block)
    pieces = block.split("\n")
    if block.isascii():
        return list(map(len, pieces))
    return [len(piece) if piece.isascii() else cell_len(_visible(piece)) for piece in pieces]


def _add(text: list[str], looks: list[tuple[int, int, Look]], piece: str, look: Look, length: int) -> int:
    if not piece:
        return length
    text.append(_visible(piece))
    end = length + len(piece)
    if look is not PLAIN and look != PLAIN:
        looks.append((length, end, look))
    return end


def _visible(text: str) -> str:
    return text if text.isprintable() else text.translate(CONTROL)


def _changed(look: Look, sequence: str) -> Look:
    """The look after an SGR sequence; what is unknown or cut short is left out."""
    codes = [int(code or 0) for code in sequence.replace(":", ";").split(";")]
    while codes:
        code = codes.pop(0)
        changes: dict[str, Any] = {}
        if code == 0:
            look = PLAIN
        elif code in ATTRIBUTES:
            changes = {ATTRIBUTES[code]: True}
        elif code == 22:
            changes = {"bold": False, "dim": False}
        elif code - 20 in ATTRIBUTES:
            changes = {ATTRIBUTES[code - 20]: False}
        elif code in (38, 48):
            changes = {_ground(code): _extended(codes)}
        elif 30 <= code <= 49:
            changes = {_ground(code): code % 10 if code % 10 < 8 else None}
        elif 90 <= code <= 97 or 100 <= code <= 107:
            changes = {_ground(code - 60): code % 10 + 8}
        look = replace(look, **changes) if changes else look
    return look


def _ground(code: int) -> str:
    return "foreground" if code < 40 else "background"


def _extended(codes: list[int]) -> int | tuple[int, int, int] | None:
    """The colour after 38 or 48: `5;n` or `2;r;g;b`. Takes its numbers off `codes`."""
    kind = codes.pop(0) if codes else 0
    if kind == 5 and codes:
        return codes.pop(0) & 255
    if kind == 2 and len(codes) >= 3:
        red, green, blue = (codes.pop(0) & 255 for _ in range(3))
        return red, green, blue
    codes.clear()
    return None
