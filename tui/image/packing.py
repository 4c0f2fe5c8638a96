"""Streams that are packed with gzip or zstd, and what a plain one would weigh if it were."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Protocol, cast

from tui.image.byte_stream import Piece
from tui.image.errors import ArchiveDamaged

PIECE_BYTES = 1 << 20
FIRST_STEP = 512
"""So much is handed to the next link of a chain at first, then twice as much each time."""
LEVEL = 6
"""What registries' clients use for gzip."""

_GZIP_WINDOW = 16 + 15


class Packing(Enum):
    """How a stream is packed, by the bytes that it begins with."""

    GZIP = b"\x1f\x8b\x08"
    ZSTD = b"\x28\xb5\x2f\xfd"


class _Unpacker(Protocol):
    """What the decoders of both packings have in common, as of Python 3.14."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: Piece, max_length: int = -1) -> bytes: ...


def packing_of(head: bytes) -> Packing | None:
    """How a stream that begins like this is packed; None for a plain one."""
    return next((packing for packing in Packing if head.startswith(packing.value)), None)


def unpack(pieces: Iterable[Piece], packing: Packing, name: str) -> Iterator[bytes]:
    """The plain stream, in pieces of at most a megabyte. Raises ArchiveDamaged, with `name` as in a ByteStream."""
    make, error = _gzip() if packing is Packing.GZIP else _zstd()
    unpacker = make()
    step = PIECE_BYTES
    for piece in pieces:
        whole, at = memoryview(piece), 0
        while at < len(whole) or not (unpacker.eof or unpacker.needs_input):
            if unpacker.eof:
                # Both packings are chains: what is packed piece by piece is put together by laying it end to end.
                if not whole[at] and not bytes(whole[at:]).strip(b"\0"):
                    break
                unpacker = make()
            data = whole[at : at + step] if unpacker.needs_input else b""
            try:
                plain = unpacker.decompress(data, PIECE_BYTES)
            except error as what:
                raise ArchiveDamaged(f"{name} is damaged: what is packed in it cannot be unpacked ({what}).") from None
            # What a link of a chain does not use is copied: short links must not be handed much more than they hold.
            at += len(data) - len(unpacker.unused_data)
            step = FIRST_STEP if unpacker.eof else min(2 * step, PIECE_BYTES)
            if plain:
                yield plain
    if not unpacker.eof:
        raise ArchiveDamaged(f"{name} is cut short: it ends in the middle of what is packed in it.")


class PackedLength:
    """The length of a stream as gzip would pack it."""

    def __init__(self) -> None:
        from zlib_ng import zlib_ng

        self._compressor = zlib_ng.compressobj(LEVEL, wbits=_GZIP_WINDOW)
        self._length = 0

    def update(self, piece: Piece) -> None:
        """Go on with the next piece."""
        self._length += len(self._compressor.compress(piece))

    def total(self) -> int:
        """The whole length in bytes; the end."""
        return self._length + len(self._compressor.flush())


class _GzipUnpacker:
    """Gzip behind the same face."""

    def __init__(self) -> None:
        from zlib_ng import zlib_ng

        self._inner = zlib_ng.decompressobj(_GZIP_WINDOW)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: Piece, max_length: int = -1) -> bytes:
        plain = self._inner.decompress(self._inner.unconsumed_tail or data, max_length)
        self.needs_input = not self._inner.unconsumed_tail
        return plain


def _gzip() -> tuple[Callable[[], _Unpacker], type[Exception]]:
    from zlib_ng import zlib_ng

    # Its type stubs take the class for an instance.
    return _GzipUnpacker, cast("type[Exception]", zlib_ng.error)


def _zstd() -> tuple[Callable[[], _Unpacker], type[Exception]]:
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdDecompressor, ZstdError
    else:
        from backports.zstd import ZstdDecompressor, ZstdError
    return ZstdDecompressor, ZstdError
