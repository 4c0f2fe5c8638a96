"""Bytes that come in pieces, as one stream that is read once, from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.image.errors import ArchiveDamaged

Piece = bytes | memoryview


class ByteStream:
    """Read forward only. What lies within one piece is handed on without a copy, so pieces must not change later."""

    __slots__ = ("_at", "_before", "_piece", "_pieces", "name")

    def __init__(self, pieces: Iterable[Piece], name: str) -> None:
        self._pieces = iter(pieces)
        self._piece = memoryview(b"")
        self._at = 0
        self._before = 0
        self.name = name
        """How a sentence about it begins: `The archive`."""

    @property
    def position(self) -> int:
        """How many bytes were taken."""
        return self._before + self._at

    def read(self, length: int) -> bytes:
        """The next `length` bytes. Raises ArchiveDamaged where the stream ends before."""
        end = self._at + length
        if end <= len(self._piece):
            data = bytes(self._piece[self._at : end])
            self._at = end
            return data
        return b"".join(self.take(length))

    def view(self, length: int) -> memoryview | None:
        """The next `length` bytes where they lie within one piece; None, and nothing is taken, where they do not."""
        end = self._at + length
        if end > len(self._piece):
            return None
        view = self._piece[self._at : end]
        self._at = end
        return view

    def take(self, length: int) -> Iterator[memoryview]:
        """The next `length` bytes as they come; those not asked for stay in the stream.

        Raises ArchiveDamaged where the stream ends before.
        """
        while length:
            view = self._piece[self._at : self._at + length]
            if view:
                self._at += len(view)
                length -= len(view)
                yield view
            elif not self._go_on():
                raise ArchiveDamaged(f"{self.name} is cut short: it ends at byte {self.position}.")

    def skip(self, length: int) -> None:
        """Leave out the next `length` bytes. Raises ArchiveDamaged where the stream ends before."""
        end = self._at + length
        if end <= len(self._piece):
            self._at = end
        else:
            for _ in self.take(length):
                pass

    def peek(self, length: int) -> bytes:
        """The next `length` bytes, fewer where the stream ends, without taking them."""
        view = self._piece[self._at : self._at + length]
        if len(view) == length:
            return bytes(view)
        held: list[Piece] = [self._piece[self._at :]]
        self._before += self._at
        missing = length - len(view)
        for piece in self._pieces:
            held.append(piece)
            missing -= len(piece)
            if missing <= 0:
                break
        self._piece, self._at = memoryview(b"".join(held)), 0
        return bytes(self._piece[:length])

    def rest(self) -> Iterator[memoryview]:
        """All that is left."""
        while self._at < len(self._piece) or self._go_on():
            view = self._piece[self._at :]
            self._at = len(self._piece)
            yield view

    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._piece) and not self._go_on()

    def _go_on(self) -> bool:
        """Turn to the next piece that is not empty, if there is one."""
        for piece in self._pieces:
            if piece:
                self._before += len(self._piece)
                self._piece, self._at = memoryview(piece), 0
                return True
        return False
