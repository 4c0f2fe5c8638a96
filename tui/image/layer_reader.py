"""One layer, read in one pass into the columns of a `LayerIndex`; nothing of it is kept but what they hold."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import chain

from xxhash import xxh3_64, xxh3_64_digest

from tui.image.byte_stream import ByteStream, Piece
from tui.image.content import Content
from tui.image.elf import MAGIC as ELF_MAGIC
from tui.image.elf import SMALLEST as SMALLEST_ELF
from tui.image.elf import read_program
from tui.image.follower import Follower, followed
from tui.image.model import DIGEST_BYTES, Kind, LayerIndex, Program
from tui.image.packing import PackedLength
from tui.image.tar_stream import Member, clean, read_members

HELD_BYTES = 64 << 20
"""A program up to this length is held in memory to be looked into as a whole …"""
HEAD_BYTES = 1 << 20
""" … and of a longer one, so much."""

_KINDS = {
    b"0": Kind.FILE,
    b"1": Kind.HARDLINK,
    b"2": Kind.SYMLINK,
    b"3": Kind.DEVICE,
    b"4": Kind.DEVICE,
    b"5": Kind.FOLDER,
    b"6": Kind.PIPE,
}
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_OF_THE_DRIVER = ".wh..wh."
"""Names that AUFS kept for itself; engines leave them out too."""
_NO_DIGEST = bytes(DIGEST_BYTES)


def read_layer(
    pieces: Iterable[Piece],
    name: str,
    *,
    packed_bytes: int | None = None,
    measure_packed: bool = False,
    is_verified: bool = False,
) -> LayerIndex:
    """Read a layer's uncompressed tar stream, to its very end.

    `name` begins a sentence about it: `The layer 1a2b…`. `packed_bytes` is the length that it had as it came;
    `measure_packed` packs it to know one where it came plain. A layer that `is_verified` is not held against its
    digest here: its `diff_id` is empty, and whoever knows it fills it in. Raises ArchiveDamaged.
    """
    digest = None if is_verified else hashlib.sha256()
    packer = PackedLength() if measure_packed and packed_bytes is None else None
    with ExitStack() as stack:
        followers = [stack.enter_context(Follower(one.update)) for one in (digest, packer) if one is not None]
        stream = ByteStream(followed(pieces, followers), name)
        columns = _Columns()
        for member in read_members(stream):
            columns.add(stream, member)
        for _ in stream.rest():
            pass
        for follower in followers:
            follower.finish()
    return columns.index(
        f"sha256:{digest.hexdigest()}" if digest else "", stream.position, packer.total() if packer else packed_bytes
    )


class _Columns:
    """What was read so far."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._kinds = bytearray()
        self._sizes = array("q")
        self._modes = array("H")
        self._uids = array("L")
        self._gids = array("L")
        self._digests = bytearray()
        self._links: dict[int, str] = {}
        self._programs: dict[int, Program] = {}

    def add(self, stream: ByteStream, member: Member) -> None:
        """Take one member, and its content out of the stream. Raises ArchiveDamaged."""
        kind, path = _KINDS.get(member.type), member.name
        if kind is not None and _WHITEOUT in path:
            kind, path = _whiteout(kind, path)
        if kind is None:
            return
        size, digest = 0, _NO_DIGEST
        number = len(self._paths)
        if kind is Kind.FILE:
            size = member.size
            digest, program = _read_file(stream, member)
            if program is not None:
                self._programs[number] = program
        elif kind is Kind.SYMLINK:
            size = len(member.target.encode("utf-8", "surrogateescape"))
            self._links[number] = member.target
        elif kind is Kind.HARDLINK:
            self._links[number] = clean(member.target)
        self._paths.append(path)
        self._kinds.append(kind)
        self._sizes.append(size)
        self._modes.append(member.mode)
        self._uids.append(member.uid)
        self._gids.append(member.gid)
        self._digests += digest

    def index(self, diff_id: str, tar_bytes: int, compressed_bytes: int | None) -> LayerIndex:
        """All of it, when the stream has ended."""
        self._leave_out_replaced()
        return LayerIndex(
            diff_id=diff_id,
            paths=tuple(self._paths),
            kinds=bytes(self._kinds),
            sizes=self._sizes,
            modes=self._modes,
            uids=self._uids,
            gids=self._gids,
            digests=bytes(self._digests),
            links=self._links,
            programs=self._programs,
            tar_bytes=tar_bytes,
            compressed_bytes=compressed_bytes,
        )

    def _leave_out_replaced(self) -> None:
        """Where a path comes twice, unpacking leaves the last one: those before it take no room, unless a hard link is
        another name of them."""
        if len(set(self._paths)) == len(self._paths):
            return
        brought: dict[str, int] = {}
        for number, path in enumerate(self._paths):
            kind = self._kinds[number]
            if kind in (Kind.WHITEOUT, Kind.OPAQUE):
                continue
            target = self._links[number] if kind == Kind.HARDLINK else path
            brought[path] = brought.get(target, number) if target != path else number
        left = set(brought.values())
        for number, kind in enumerate(self._kinds):
            if kind in (Kind.FILE, Kind.SYMLINK) and number not in left:
                self._sizes[number] = 0


def _whiteout(kind: Kind, path: str) -> tuple[Kind | None, str]:
    """What a name with the mark in it means: kind and path, no kind where it means nothing."""
    folder, slash, name = path.rpartition("/")
    if name == _OPAQUE:
        return Kind.OPAQUE, folder
    if any(part.startswith(_OF_THE_DRIVER) for part in path.split("/")):
        return None, path
    if name.startswith(_WHITEOUT):
        gone = name.removeprefix(_WHITEOUT)
        return (None if gone in ("", ".", "..") else Kind.WHITEOUT), folder + slash + gone
    return kind, path


def _read_file(stream: ByteStream, member: Member) -> tuple[bytes, Program | None]:
    """The digest of a file's content, and what it tells where it is a program. Of a sparse file: of what is stored."""
    length = member.stored
    if length < SMALLEST_ELF or length != member.size or stream.peek(len(ELF_MAGIC)) != ELF_MAGIC:
        whole = stream.view(length)
        return (_digest(stream.take(length)) if whole is None else xxh3_64_digest(whole)), None
    held = list(stream.take(length if length <= HELD_BYTES else HEAD_BYTES))
    content = Content(held)
    return _digest(chain(held, stream.take(length - content.length))), read_program(content)


def _digest(pieces: Iterable[Piece]) -> bytes:
    content = xxh3_64()
    for piece in pieces:
        content.update(piece)
    return content.digest()
