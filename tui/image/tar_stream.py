"""The members of a tar stream, one 512-byte header after the other: nothing is extracted, nothing is sought.

Read are old (v7), POSIX (ustar, PAX) and GNU archives, with long names, sparse files and sizes past 8 GiB.
The format: https://www.gnu.org/software/tar/manual/html_node/Standard.html
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tui.image.byte_stream import ByteStream
from tui.image.errors import ArchiveDamaged

BLOCK = 512
ZEROS = bytes(BLOCK)

_HEADER = struct.Struct("100s8s8s8s12s12x8sc100s8s80x155s12x")
_CHECKSUM = slice(148, 156)
_ADLER_BASE = 65521
_POSIX = b"ustar\0"

_WITHOUT_CONTENT = frozenset(b"123456")
"""Links, devices, folders, pipes: a size in their header stands for nothing."""

_LONG_NAME, _LONG_TARGET, _PAX, _OLD_PAX, _GLOBAL_PAX = b"L", b"K", b"x", b"X", b"g"
_ABOUT_THE_NEXT = frozenset((_LONG_NAME, _LONG_TARGET, _PAX, _OLD_PAX, _GLOBAL_PAX))
_LONGEST_EXTENSION = 1 << 20
"""More than any set of attributes takes; it is held in memory."""
LONGEST_NAME = 4096
"""In bytes; of a link's target too. Linux takes no longer ones, and no engine can unpack them."""

_SPARSE = b"S"
_SPARSE_IS_LONGER, _SPARSE_REAL_SIZE = 482, slice(483, 495)
_SPARSE_GOES_ON = 504
_LARGEST = (1 << 63) - 1

_RECORDS = frozenset(
    (b"path", b"linkpath", b"size", b"uid", b"gid", b"GNU.sparse.name", b"GNU.sparse.size", b"GNU.sparse.realsize")
)
"""The PAX records that matter here."""
_NAMES = (b"path", b"linkpath", b"GNU.sparse.name")

_unclean = re.compile(r"(?:^|/)\.?(?:/|\Z)").search

Records = Mapping[bytes, bytes]


@dataclass(slots=True)
class Member:
    """One member of a tar stream."""

    name: str
    """Without leading `./` and `/`, doubled and trailing slashes; `..` stays."""
    type: bytes
    """The header's type flag; `0` for every regular file, sparse ones included."""
    size: int
    """The length of a regular file as a reader of it sees it; 0 for everything else."""
    stored: int
    """How many bytes of content follow in the stream, padding not counted."""
    mode: int
    uid: int
    gid: int
    target: str
    """Of a link, as it is written."""


def is_header(block: bytes) -> bool:
    """Whether a block begins a tar stream: a header with the right checksum, or the end mark of an empty one."""
    if len(block) < BLOCK:
        return False
    try:
        return block == ZEROS or _fits(block)
    except ValueError:
        return False


def read_members(stream: ByteStream, *, must_end: bool = False) -> Iterator[Member]:
    """Each member in turn. What is not taken of its content before the next one is asked for is left out.

    `must_end` wants the end mark: without it a stream may also end after a member. Raises ArchiveDamaged.
    """
    everywhere: dict[bytes, bytes] = {}
    records: dict[bytes, bytes] = {}
    while (block := _next_block(stream, must_end=must_end or bool(records))) is not None:
        kind = block[156:157]
        try:
            if kind in _ABOUT_THE_NEXT:
                target = everywhere if kind == _GLOBAL_PAX else records
                target.update(_extension(stream, kind, _number(block[124:136])))
                continue
            member = _member(block, {**everywhere, **records} if everywhere else records)
        except ValueError as error:
            raise ArchiveDamaged(
                f"{stream.name} has a header at byte {stream.position - BLOCK} that {error}."
            ) from None
        if kind == _SPARSE:
            _skip_sparse_map(stream, block)
        end = stream.position + _padded(member.stored)
        yield member
        stream.skip(end - stream.position)
        if records:
            records = {}


def clean(name: str) -> str:
    """A name as `tui.image.model` writes paths."""
    # As archives of whole file systems write their names: for some ten thousand of them, telling at once is worth it.
    if name.startswith("./"):
        name = name[2:]
    if name.endswith("/"):
        name = name[:-1]
    if ("/." in name or "//" in name or name.startswith(("/", "."))) and _unclean(name):
        return "/".join(part for part in name.split("/") if part not in ("", "."))
    return name


def _next_block(stream: ByteStream, *, must_end: bool) -> bytes | None:
    """The next header, or None at the end. Raises ArchiveDamaged."""
    if stream.is_at_end() and not must_end:
        return None
    block = stream.read(BLOCK)
    try:
        if _fits(block):
            return block
    except ValueError:
        pass
    if block == ZEROS:
        return None
    raise ArchiveDamaged(
        f"{stream.name} is damaged: the header at byte {stream.position - BLOCK} has a wrong checksum."
    )


def _fits(block: bytes) -> bool:
    """Whether a header's checksum is right. Raises ValueError where it holds none."""
    field = block[_CHECKSUM]
    expected = _octal(field)
    # The sum is taken as if the field itself held spaces. The low half of Adler-32 is 1 and the sum of all bytes.
    apart = sum(field) - 8 * ord(" ")
    if (expected + apart + 1) % _ADLER_BASE == zlib.adler32(block) & 0xFFFF:
        return True
    # Some old programs took the bytes as signed.
    signed: int = sum(struct.unpack("512b", block)) - sum(struct.unpack("8b", field)) + 8 * ord(" ")
    return expected == signed


def _member(block: bytes, records: Records) -> Member:
    """What a header says, and the records that go before it. Raises ValueError."""
    raw_name, mode, uid, gid, size, _, kind, raw_target, magic, prefix = _HEADER.unpack(block)
    name = _text(raw_name)
    if prefix[0] and magic.startswith(_POSIX):
        name = f"{_text(prefix)}/{name}"
    stored = real = _number(size)
    target = _text(raw_target) if raw_target[0] else ""
    owner, group = _number(uid), _number(gid)
    if records:
        name = _text(records.get(b"GNU.sparse.name") or records.get(b"path") or b"") or name
        target = _text(records.get(b"linkpath", b"")) or target
        stored = _decimal(records, b"size", stored)
        real = _decimal(records, b"GNU.sparse.realsize", _decimal(records, b"GNU.sparse.size", stored))
        owner, group = _decimal(records, b"uid", owner), _decimal(records, b"gid", group)
    if kind == _SPARSE:
        real = _number(block[_SPARSE_REAL_SIZE])
    if kind == b"\0":
        # Before POSIX, a folder was told by its name.
        kind = b"5" if name.endswith("/") else b"0"
    elif kind in (b"7", _SPARSE):
        kind = b"0"
    if kind[0] in _WITHOUT_CONTENT:
        stored = 0
    if not (0 <= stored <= _LARGEST and 0 <= real <= _LARGEST):
        raise ValueError("tells an impossible size")
    return Member(
        name=clean(name),
        type=kind,
        size=real if kind == b"0" else 0,
        stored=stored,
        mode=_number(mode) & 0o7777,
        uid=owner & 0xFFFFFFFF,
        gid=group & 0xFFFFFFFF,
        target=target,
    )


def _extension(stream: ByteStream, kind: bytes, size: int) -> dict[bytes, bytes]:
    """The records of a member that only tells about the next one. Raises ValueError, ArchiveDamaged."""
    if not 0 <= size <= _LONGEST_EXTENSION:
        raise ValueError("announces a name that is too long")
    content = stream.read(_padded(size))[:size]
    if kind in (_LONG_NAME, _LONG_TARGET):
        records = {b"path" if kind == _LONG_NAME else b"linkpath": content.partition(b"\0")[0]}
    else:
        records = dict(_pax_records(content))
    if any(len(records.get(key, b"")) > LONGEST_NAME for key in _NAMES):
        raise ValueError("announces a name that is too long")
    return records


def _pax_records(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Those of the `LENGTH KEY=VALUE` lines that matter. Raises ValueError."""
    at = 0
    while at < len(content):
        space = content.find(b" ", at, at + 20)
        length = int(content[at:space]) if space > at and content[at:space].isdigit() else 0
        line = content[space + 1 : at + length]
        key, equals, value = line.partition(b"=")
        if not (equals and line.endswith(b"\n")) or at + length > len(content):
            raise ValueError("is followed by extended attributes that cannot be read")
        if key in _RECORDS:
            if b"\0" in value:
                raise ValueError("is followed by a name with a zero byte in it")
            yield key, value[:-1]
        at += length


def _skip_sparse_map(stream: ByteStream, block: bytes) -> None:
    """Leave out the blocks in which the map of an old GNU sparse file goes on."""
    goes_on = block[_SPARSE_IS_LONGER]
    while goes_on:
        goes_on = stream.read(BLOCK)[_SPARSE_GOES_ON]


@lru_cache(maxsize=4096)
def _number(field: bytes) -> int:
    """An octal number, or one in base 256, as sizes past 8 GiB are written. Raises ValueError."""
    if field[0] & 0x80:
        number = int.from_bytes(field, "big", signed=True)
        return number if field[0] & 0x40 else number + (1 << 8 * len(field) - 1)
    return _octal(field)


def _octal(field: bytes) -> int:
    """The octal number in a field, up to its zero byte; 0 in an empty one. Raises ValueError."""
    digits = field.partition(b"\0")[0].strip()
    try:
        return int(digits, 8) if digits else 0
    except ValueError:
        raise ValueError("holds something else where a number should be") from None


def _decimal(records: Records, key: bytes, default: int) -> int:
    """A number out of the records. Raises ValueError."""
    value = records.get(key)
    if not value:
        return default
    if not value.isdigit() or len(value) > 20:
        raise ValueError(f"is followed by a wrong {key.decode()}")
    return int(value)


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK
