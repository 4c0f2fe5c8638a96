"""An archive of images, as `docker save` writes it, read once from beginning to end; nothing is ever written to a disk.

As the list of its layers may come last, every file in it that is a tar is read as a layer while it passes.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from xxhash import xxh3_64_digest

from tui.image.byte_stream import ByteStream, Piece
from tui.image.errors import ArchiveDamaged, ReadingStopped
from tui.image.layer_reader import read_layer
from tui.image.manifest import ImageEntry, Manifest
from tui.image.model import ImageConfig, LayerIndex
from tui.image.packing import Packing, packing_of, unpack
from tui.image.tar_stream import BLOCK, Member, clean, is_header, read_members

PIECE_BYTES = 1 << 20
"""Small pieces are put together up to this length: what is done with each costs less than their number."""
LARGEST_DOCUMENT = 16 << 20
"""No list of layers and no image's settings are longer; longer JSON is left out."""
MOST_DOCUMENTS = 64 << 20
"""All JSON of an archive together, in bytes."""
MOST_LAYERS = 1000
"""Of one image. Engines take some 127 at most."""

_MOST_LINKS = 16
_HARD_LINK, _SYMBOLIC_LINK = b"1", b"2"
_is_digest = re.compile(r"sha256:[0-9a-f]{64}").fullmatch
_blob = re.compile(r"blobs/sha256/([0-9a-f]{64})").fullmatch

Known = Callable[[str], LayerIndex | None]
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ArchivedImage:
    """One image of an archive."""

    config: ImageConfig
    tags: tuple[str, ...]
    """As they are written in the archive; may be none."""
    layers: tuple[LayerIndex, ...]
    """From the lowest to the highest, as many as the configuration's `diff_ids`; repeated ones are the same object."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds."""

    images: tuple[ArchivedImage, ...]
    """At least one, in the order of the archive's list."""
    packed: dict[str, str]
    """Of layers that stand in it under the digest of what they are packed as: that digest → `diff_id`."""


def read_archive(
    pieces: Iterable[bytes],
    *,
    known: Known = lambda _: None,
    known_packed: Known = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
    stopped: Stopped = lambda: False,
    measure_packed: bool = False,
    is_verified: bool = False,
) -> Archive:
    """Read a docker-archive or an OCI layout, as tar, plain or packed as a whole.

    `known` gives a layer by its `diff_id`, `known_packed` by the digest of what it is packed as; neither is read then,
    unless it must be to `measure_packed`. `progress` is told how many bytes have come,
    `measure_packed` computes what each plain layer would weigh packed. `is_verified` says that whoever sends it holds
    plain layers against their digests while they are read, as an engine does; here it is not done once more then.
    Raises ArchiveDamaged, and ReadingStopped as soon as `stopped()` holds.
    """
    stream = _opened(pieces, progress, stopped)
    contents = _Contents(known, known_packed, stopped, measure_packed=measure_packed, is_verified=is_verified)
    for member in read_members(stream, must_end=True):
        contents.add(stream, member)
    # To the very end, so that a packed archive's own check is made.
    for _ in stream.rest():
        pass
    return Archive(tuple(contents.image(entry) for entry in contents.listed()), contents.packed)


def extract(
    pieces: Iterable[bytes],
    path: str,
    size_bytes: int,
    digest: bytes,
    *,
    progress: Callable[[int], None] = lambda _: None,
    stopped: Stopped = lambda: False,
) -> bytes:
    """The content of the file that stands at `path` in whichever layer, with this length and digest.

    `progress` and `stopped` as for `read_archive`. Raises ReadingStopped, ArchiveDamaged where there is no such file.
    """
    stream = _opened(pieces, progress, stopped)
    for member in read_members(stream, must_end=True):
        if member.type != b"0":
            continue
        name = f"The layer {member.name}"
        packing = packing_of(stream.peek(BLOCK))
        stored = stream.take(member.stored)
        layer = ByteStream(stored if packing is None else _unpacked(stored, packing, name, stopped), name)
        if not is_header(layer.peek(BLOCK)):
            continue
        for inner in read_members(layer):
            if inner.name == path and inner.size == inner.stored == size_bytes:
                content = layer.read(inner.stored)
                if xxh3_64_digest(content) == digest:
                    return content
    raise ArchiveDamaged(f"The archive has no file {path!r} of {size_bytes:,} bytes.")


def _opened(pieces: Iterable[bytes], progress: Callable[[int], None], stopped: Stopped) -> ByteStream:
    """The plain tar stream of an archive. Raises ArchiveDamaged, ReadingStopped."""
    stream = ByteStream(_gathered(_watched(pieces, progress, stopped)), "The archive")
    packing = packing_of(stream.peek(BLOCK))
    if packing is not None:
        stream = ByteStream(_unpacked(stream.rest(), packing, stream.name, stopped), stream.name)
    if not is_header(stream.peek(BLOCK)):
        raise ArchiveDamaged("This is no archive of images: it does not begin as a tar file does.")
    return stream


def _watched(pieces: Iterable[bytes], progress: Callable[[int], None], stopped: Stopped) -> Iterator[bytes]:
    """The same pieces, counted. Raises ReadingStopped."""
    total = 0
    for piece in pieces:
        if stopped():
            raise ReadingStopped
        yield piece
        total += len(piece)
        progress(total)
    if stopped():
        # A stream that was cut off on purpose is not damaged.
        raise ReadingStopped


def _unpacked(pieces: Iterable[Piece], packing: Packing, name: str, stopped: Stopped) -> Iterator[bytes]:
    """The plain stream. Raises ArchiveDamaged, ReadingStopped: a few packed bytes can be very many plain ones."""
    for plain in unpack(pieces, packing, name):
        if stopped():
            raise ReadingStopped
        yield plain


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in large pieces."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= PIECE_BYTES:
            yield held[0] if len(held) == 1 else b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def _digest_in(name: str) -> str | None:
    """The digest under which a file stands in an OCI layout: `sha256:…`; None for any other file."""
    blob = _blob(name)
    return f"sha256:{blob[1]}" if blob else None


class _Checked:
    """Pieces, and the digest of all of them when they have passed."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()

    def pieces(self) -> Iterator[Piece]:
        """The same pieces."""
        for piece in self._pieces:
            self._hash.update(piece)
            yield piece

    @property
    def digest(self) -> str:
        """`sha256:…`"""
        return f"sha256:{self._hash.hexdigest()}"


class _Contents:
    """What has come of an archive so far, by the names in it."""

    def __init__(
        self, known: Known, known_packed: Known, stopped: Stopped, *, measure_packed: bool, is_verified: bool
    ) -> None:
        self._known = known
        self._known_packed = known_packed
        self._stopped = stopped
        self._measure_packed = measure_packed
        self._is_verified = is_verified
        self.packed: dict[str, str] = {}
        """As in `Archive`."""
        self._layers: dict[str, LayerIndex] = {}
        self._documents: dict[str, bytes] = {}
        self._document_bytes = 0
        self._links: dict[str, str] = {}
        self._others: set[str] = set()

    def add(self, stream: ByteStream, member: Member) -> None:
        """Take one member, and its content out of the stream. Raises ArchiveDamaged."""
        if member.type == _SYMBOLIC_LINK:
            beside = posixpath.join(posixpath.dirname(member.name), member.target)
            self._links[member.name] = posixpath.normpath(beside).lstrip("/")
        elif member.type == _HARD_LINK:
            self._links[member.name] = clean(member.target)
        elif member.type == b"0":
            self._add_file(stream, member)

    def _add_file(self, stream: ByteStream, member: Member) -> None:
        head = stream.peek(min(member.stored, BLOCK))
        layer = self._layer(stream, member, head)
        if layer is not None:
            self._layers[member.name] = layer
        elif head.lstrip()[:1] in (b"{", b"[") and member.stored <= LARGEST_DOCUMENT:
            self._documents[member.name] = self._document(stream, member)
        else:
            self._others.add(member.name)

    def _document(self, stream: ByteStream, member: Member) -> bytes:
        self._document_bytes += member.stored
        if self._document_bytes > MOST_DOCUMENTS:
            raise ArchiveDamaged(f"The archive has more than {MOST_DOCUMENTS:,} bytes of lists and settings.")
        return stream.read(member.stored)

    def _layer(self, stream: ByteStream, member: Member, head: bytes) -> LayerIndex | None:
        """The layer that a file is; None for any other file, of which some may be taken then."""
        name = f"The layer {member.name}"
        packing = packing_of(head)
        if packing is not None:
            return self._packed_layer(stream, member, packing, name)
        if not is_header(head):
            return None
        known = self._enough(self._known, _digest_in(member.name))
        if known is not None:
            return known
        return read_layer(
            stream.take(member.stored), name, measure_packed=self._measure_packed, is_verified=self._is_verified
        )

    def _packed_layer(self, stream: ByteStream, member: Member, packing: Packing, name: str) -> LayerIndex | None:
        digest = _digest_in(member.name)
        known = self._enough(self._known_packed, digest)
        if known is not None:
            return known
        checked = _Checked(stream.take(member.stored))
        plain = ByteStream(_unpacked(checked.pieces(), packing, name, self._stopped), name)
        if not is_header(plain.peek(BLOCK)):
            return None
        layer = read_layer(plain.rest(), name, packed_bytes=member.stored)
        # Known by it from now on, so it has to be true.
        if digest is not None:
            if checked.digest != digest:
                raise ArchiveDamaged(f"{name} is damaged: its digest is {checked.digest}.")
            self.packed[digest] = layer.diff_id
        return layer

    def _enough(self, known: Known, digest: str | None) -> LayerIndex | None:
        """The layer of this digest, where all that is wanted of it is known."""
        layer = known(digest) if digest is not None else None
        return layer if layer is not None and layer.suffices(measure_packed=self._measure_packed) else None

    def listed(self) -> list[ImageEntry]:
        """The images, by the archive's own list. Raises ArchiveDamaged."""
        return Manifest(self._documents, self._others | self._layers.keys()).images()

    def image(self, entry: ImageEntry) -> ArchivedImage:
        """One of them, with its layers. Raises ArchiveDamaged where they do not fit its configuration."""
        promised = entry.config.diff_ids
        if len(promised) != len(entry.layers):
            raise ArchiveDamaged(
                f"The archive lists {len(entry.layers)} layers for an image whose configuration has {len(promised)}."
            )
        if len(promised) > MOST_LAYERS:
            raise ArchiveDamaged(f"An image has {len(promised):,} layers, and {MOST_LAYERS:,} is the limit.")
        layers = tuple(self._found(name, diff_id) for name, diff_id in zip(entry.layers, promised, strict=True))
        return ArchivedImage(entry.config, entry.tags, layers)

    def _found(self, name: str, diff_id: str) -> LayerIndex:
        """The layer of this name. Raises ArchiveDamaged where there is none, or it has another digest."""
        target = self._target(name)
        layer = self._layers[target]
        if not layer.diff_id:
            if not _is_digest(diff_id):
                raise ArchiveDamaged(f"The image's settings call the layer {name} {diff_id!r}, which is no digest.")
            layer = self._layers[target] = replace(layer, diff_id=diff_id)
        if layer.diff_id != diff_id:
            raise ArchiveDamaged(
                f"The layer {name} is damaged: its digest is {layer.diff_id}, the image's settings say {diff_id}."
            )
        return layer

    def _target(self, name: str) -> str:
        """The file of a layer, by way of links. Raises ArchiveDamaged."""
        target = clean(name)
        for _ in range(_MOST_LINKS):
            if target not in self._links:
                break
            target = self._links[target]
        if target in self._layers:
            return target
        is_file = target in self._others or target in self._documents
        why = "which is no tar file" if is_file else "which is not in it"
        raise ArchiveDamaged(f"The archive lists the layer {name}, {why}.")
