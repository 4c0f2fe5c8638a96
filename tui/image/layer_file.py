"""A layer's index as the content of a file: a line that tells the version, then the columns, packed."""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from tui.image.json_values import as_list, as_object, as_text, as_texts
from tui.image.model import DIGEST_BYTES, Kind, LayerIndex, Program

FIRST_LINE = b"jettison layer 1\n"
"""A file that does not begin with it is of another version, or not ours."""

_HEADER_LENGTH = struct.Struct("<I")
_FAST = 1
_PERMISSIONS, _OWNERS, _COUNTS, _SIZES = "H", "I", "I", "q"
"""Types of the columns in the file. An owner takes 4 bytes there on every system."""


class LayerFileDamaged(Exception):
    """The file is of another version, damaged, or not ours."""


def encode_layer(layer: LayerIndex) -> Iterator[bytes]:
    """The file's content, piece by piece."""
    linked = sorted(layer.links)
    texts = [*layer.paths, *(layer.links[member] for member in linked)]
    # Every surrogate by itself: two of them side by side must not become one letter.
    text = "".join(texts).encode("utf-8", "surrogatepass")
    header = json.dumps(
        {
            "diff_id": layer.diff_id,
            "members": len(layer.paths),
            "links": len(linked),
            "text_bytes": len(text),
            "tar_bytes": layer.tar_bytes,
            "compressed_bytes": layer.compressed_bytes,
            "programs": [[member, asdict(program)] for member, program in layer.programs.items()],
        }
    ).encode()
    columns = (
        _HEADER_LENGTH.pack(len(header)),
        header,
        text,
        _column(_COUNTS, map(len, texts)),
        layer.kinds,
        _column(_SIZES, layer.sizes),
        _column(_PERMISSIONS, layer.modes),
        _column(_OWNERS, layer.uids),
        _column(_OWNERS, layer.gids),
        layer.digests,
        _column(_COUNTS, linked),
    )
    packer = zlib.compressobj(_FAST)
    yield FIRST_LINE
    for column in columns:
        yield packer.compress(column)
    yield packer.flush()


def decode_layer(content: bytes) -> LayerIndex:
    """The index that a file holds. Raises LayerFileDamaged."""
    if not content.startswith(FIRST_LINE):
        raise LayerFileDamaged
    try:
        return _decode(zlib.decompress(memoryview(content)[len(FIRST_LINE) :]))
    except (zlib.error, struct.error, ValueError, TypeError, KeyError) as error:
        raise LayerFileDamaged from error


class _Reader:
    """Takes columns off the content, one after the other. Raises ValueError where it is too short."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self._at = 0

    def bytes(self, length: int) -> bytes:
        """So many bytes."""
        part = self._content[self._at : self._at + length]
        if len(part) != length:
            raise ValueError("too short")
        self._at += length
        return bytes(part)

    def column(self, kind: str, length: int) -> array[int]:
        """So many numbers."""
        column = array(kind)
        column.frombytes(self.bytes(length * column.itemsize))
        if sys.byteorder == "big":
            column.byteswap()
        return column


def _decode(content: bytes) -> LayerIndex:
    reader = _Reader(content)
    header = as_object(json.loads(reader.bytes(*_HEADER_LENGTH.unpack(reader.bytes(_HEADER_LENGTH.size)))))
    members, links = _count(header, "members"), _count(header, "links")
    text = reader.bytes(_count(header, "text_bytes")).decode("utf-8", "surrogatepass")
    texts = _cut(text, reader.column(_COUNTS, members + links))
    kinds = reader.bytes(members)
    if kinds and max(kinds) > max(Kind):
        raise ValueError("unknown kind")
    sizes, modes = reader.column(_SIZES, members), reader.column(_PERMISSIONS, members)
    uids, gids = (array("L", reader.column(_OWNERS, members)) for _ in range(2))
    return LayerIndex(
        diff_id=as_text(header["diff_id"]),
        paths=tuple(texts[:members]),
        kinds=kinds,
        sizes=sizes,
        modes=modes,
        uids=uids,
        gids=gids,
        digests=reader.bytes(members * DIGEST_BYTES),
        links=dict(zip(reader.column(_COUNTS, links), texts[members:], strict=True)),
        programs=dict(_program(item) for item in as_list(header["programs"])),
        tar_bytes=_count(header, "tar_bytes"),
        compressed_bytes=None if header["compressed_bytes"] is None else _count(header, "compressed_bytes"),
    )


def _column(kind: str, numbers: Iterable[int]) -> bytes:
    column: array[int] = array(kind, numbers)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def _cut(text: str, lengths: array[int]) -> list[str]:
    """The texts that were laid end to end."""
    texts: list[str] = []
    at = 0
    for length in lengths:
        texts.append(text[at : at + length])
        at += length
    return texts


def _count(header: dict[str, object], key: str) -> int:
    number = header[key]
    if not isinstance(number, int) or number < 0:
        raise ValueError(f"no count: {key}")
    return number


def _program(item: object) -> tuple[int, Program]:
    member, fields = as_list(item)
    program = as_object(fields)
    if not isinstance(member, int):
        raise TypeError("no member")
    return member, Program(
        is_executable=program["is_executable"] is True,
        is_static=program["is_static"] is True,
        is_stripped=program["is_stripped"] is True,
        machine=as_text(program["machine"]),
        interpreter=as_text(program["interpreter"]),
        libraries=as_texts(program["libraries"]),
        go_version=as_text(program["go_version"]),
        go_module=as_text(program["go_module"]),
    )
