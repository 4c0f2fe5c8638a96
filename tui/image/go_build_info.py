"""What Go's linker writes into a program: the version of the toolchain and the main module.

Read as Go's own debug/buildinfo does: https://pkg.go.dev/debug/buildinfo
"""

from __future__ import annotations

from typing import Literal, Protocol

from tui.image.content import Content

MAGIC = b"\xff Go buildinf:"
SECTION = b".go.buildinfo"

_ALIGNED_TO = 16
_PIECE_BYTES = 1 << 20
_POINTER_SIZE_AT, _FLAGS_AT, _POINTERS_AT, _INLINE_AT = 14, 15, 16, 32
_IS_BIG, _IS_INLINE = 1, 2
_SENTINEL = 16
"""The module's description stands between two marks of this length."""
_LONGEST = 1 << 20


class Mapped(Protocol):
    """What is asked of an executable."""

    content: Content

    def section_span(self, name: bytes) -> tuple[int, int] | None:
        """Where a section begins and ends in the file."""
        ...

    def writable_span(self) -> tuple[int, int] | None:
        """Where the first part that is mapped writable begins and ends in the file."""
        ...

    def offset_of(self, address: int) -> int | None:
        """Where in the file an address is mapped from."""
        ...


def read_go_build_info(file: Mapped) -> tuple[str, str]:
    """Version (`go1.27.3`) and path of the main module, each empty where it is not told."""
    at = _find(file)
    if at is None:
        return "", ""
    head = file.content.between(at, at + _INLINE_AT).ljust(_INLINE_AT, b"\0")
    if head[_FLAGS_AT] & _IS_INLINE:
        version, at = _inline(file.content, at + _INLINE_AT)
        described, _ = _inline(file.content, at)
    else:
        version, described = (_pointed_at(file, head, number) for number in (0, 1))
    return version.decode("utf-8", "replace"), _main_module(described)


def _find(file: Mapped) -> int | None:
    """Where it lies: in a section of its own, or, where sections are gone, at a round place of the data."""
    start, end = file.section_span(SECTION) or file.writable_span() or (0, 0)
    # Piece by piece: what is writable may be most of a large file. A mark at a round place lies in one piece.
    for begin in range(start, min(end, file.content.length), _PIECE_BYTES):
        part = file.content.between(begin, min(begin + _PIECE_BYTES, end))
        at = part.find(MAGIC)
        while at >= 0 and at % _ALIGNED_TO:
            at = part.find(MAGIC, at + 1)
        if at >= 0:
            return begin + at
    return None


def _inline(content: Content, at: int) -> tuple[bytes, int]:
    """A text with its length in front, as a varint, and where it ends."""
    length = shift = 0
    for byte in content.between(at, at + 4):
        at += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return (content.between(at, at + length), at + length) if length <= _LONGEST else (b"", at)


def _pointed_at(file: Mapped, head: bytes, number: int) -> bytes:
    """The text that one of the two pointers leads to, as Go wrote them before 1.18: by way of a string's header."""
    size = head[_POINTER_SIZE_AT]
    if size not in (4, 8):
        return b""
    order: Literal["big", "little"] = "big" if head[_FLAGS_AT] & _IS_BIG else "little"

    def word(at: int) -> int:
        return int.from_bytes(file.content.between(at, at + size), order)

    pointer = _POINTERS_AT + number * size
    header = file.offset_of(int.from_bytes(head[pointer : pointer + size], order))
    if header is None:
        return b""
    text, length = file.offset_of(word(header)), word(header + size)
    return file.content.between(text, text + length) if text is not None and length <= _LONGEST else b""


def _main_module(described: bytes) -> str:
    """The path in the line `mod PATH VERSION SUM`."""
    for line in described[_SENTINEL:-_SENTINEL].decode("utf-8", "replace").split("\n"):
        kind, _, rest = line.partition("\t")
        if kind == "mod":
            return rest.partition("\t")[0]
    return ""
