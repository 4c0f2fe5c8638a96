"""The content of one file as it came, in pieces: read at any place, with no more put together than is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from tui.image.byte_stream import Piece


class Content:
    """Bytes that can be asked for anywhere; where it has none, less is given, and never an error."""

    __slots__ = ("_begins", "_pieces", "length")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._begins = [0, *accumulate(map(len, pieces))]
        self.length = self._begins[-1]
        """In bytes."""

    def between(self, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`."""
        start, end = max(start, 0), min(end, self.length)
        if start >= end:
            return b""
        number = bisect_right(self._begins, start) - 1
        parts: list[Piece] = []
        while start < end:
            begin = self._begins[number]
            part = self._pieces[number][start - begin : end - begin]
            parts.append(part)
            start += len(part)
            number += 1
        return bytes(parts[0]) if len(parts) == 1 else b"".join(parts)
