"""Text of others as it may be shown: nothing in it can do anything to a terminal, and nothing in it is unseen."""

from __future__ import annotations

TAB_CELLS = 4


def printable(text: str) -> str:
    """A text with `\\x1b`, `\\u202e` and the like in place of what would do something to a terminal, or not show.

    A byte that is not UTF-8 is written as that byte: `\\xff`. What is printable already comes back as it is.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written_out(char) for char in text)


def printable_lines(text: str) -> str:
    """A text whose lines are `printable`, whichever of `\\n`, `\\r\\n` and `\\r` ends them. Tabs become spaces."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(TAB_CELLS).split("\n")
    return "\n".join(map(printable, lines))


def shortened(text: str, length: int) -> str:
    """A text of at most `length` characters, at least 1: what is too much is left out in its middle, and `…` says so.

    Names differ at their ends: `registry.example/…/echo:1.2`.
    """
    if len(text) <= length:
        return text
    end = (length - 1) // 2
    return f"{text[: length - 1 - end]}…{text[len(text) - end :]}"


def _written_out(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
