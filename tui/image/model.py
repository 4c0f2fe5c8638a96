"""The nouns of an image's inside, as frozen data: a layer's members, the programs among them, an image's settings.

Paths have no leading and no trailing slash (`app/main`); bytes of a name that are not UTF-8 are kept as surrogates
(`os.fsdecode` with `surrogateescape`), so that every name can be written back. Sizes are whole bytes.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum

from tui.printable import printable

DIGEST_BYTES = 8
"""Length of a file's XXH3 digest: enough to tell a few hundred thousand files apart, together with their sizes. It is
no proof against forgery, and need not be: whole layers are held against their SHA-256, by us or by the engine."""


class Kind(IntEnum):
    """What one member of a layer is."""

    FILE = 0
    FOLDER = 1
    SYMLINK = 2
    HARDLINK = 3
    """Another name of a file, which the same layer or one below brings."""
    DEVICE = 4
    """A character or block device."""
    PIPE = 5
    WHITEOUT = 6
    """Takes away what a layer below has at this path (`.wh.NAME` in the tar); a folder goes with all that is in it."""
    OPAQUE = 7
    """Takes away all that layers below have in the folder of this path (`.wh..wh..opq` in the tar)."""


@dataclass(frozen=True, slots=True)
class Program:
    """What an ELF file tells of itself."""

    is_executable: bool
    """It can be started; False for a shared library, an object file, a core."""
    is_static: bool
    """It asks for no interpreter and no shared library."""
    is_stripped: bool
    """It has no symbol table."""
    machine: str
    """In Go's words: `amd64`, `arm64`, …; `machine 42` for one that is not known here."""
    interpreter: str = ""
    """The dynamic loader that it asks for: `/lib64/ld-linux-x86-64.so.2`."""
    libraries: tuple[str, ...] = ()
    """The shared libraries that it asks for: `libc.so.6`."""
    go_version: str = ""
    """`go1.27.3`; empty where no Go toolchain made it."""
    go_module: str = ""
    """The path of its main module: `example.com/echo`; empty for the toolchain's own programs."""


@dataclass(frozen=True, slots=True)
class LayerIndex:
    """All members of one layer, in the order of its tar stream, as columns: position `i` of each belongs to member `i`.

    Columns, as an object for each of some hundred thousand files would cost more than the files' names.
    """

    diff_id: str
    """`sha256:` and 64 hex digits: the digest of the uncompressed tar stream; empty until whoever knows it says so."""
    paths: tuple[str, ...]
    """The root folder is ``. A whiteout has the path of what it takes away, an opaque mark that of its folder."""
    kinds: bytes
    """One `Kind` a member."""
    sizes: array[int]
    """Type `q`. A file's length, the length in bytes of a symlink's target, 0 for everything else: what a graph
    driver's `/history` counts. They add up to the layer's unpacked size."""
    modes: array[int]
    """Type `H`: the permission bits, set-uid, set-gid and sticky included."""
    uids: array[int]
    """Type `L`: owner; likewise `gids`."""
    gids: array[int]
    digests: bytes
    """`DIGEST_BYTES` a member: the XXH3 digest of a file's content (of a sparse file: of what is stored),
    zeros where there is none."""
    links: dict[int, str] = field(default_factory=dict)
    """Member → target of a symlink (as written) or of a hard link (a path, of this layer as a rule)."""
    programs: dict[int, Program] = field(default_factory=dict)
    """Member → what its ELF header tells, for each file that has one."""
    tar_bytes: int = 0
    """Length of the uncompressed tar stream."""
    compressed_bytes: int | None = None
    """Length of the layer as a registry would hold it: as found where it was packed already, computed by us (gzip,
    level 6) where that was asked for, otherwise None."""

    @property
    def size_bytes(self) -> int:
        """The layer's unpacked size."""
        return sum(self.sizes)

    def suffices(self, *, measure_packed: bool) -> bool:
        """Whether the layer need not be read once more, to know also what it weighs packed where that is asked for."""
        return not (measure_packed and self.compressed_bytes is None)

    def digest(self, member: int) -> bytes:
        """The digest of a member's content."""
        return self.digests[member * DIGEST_BYTES : (member + 1) * DIGEST_BYTES]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of an image's history, oldest first."""

    created_by: str
    """The instruction as the builder wrote it down."""
    is_empty: bool
    """It changed the settings only and has no layer."""


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """An image's settings: what its configuration file says."""

    image_id: str
    """`sha256:…`, the digest of the configuration; empty where that is not known."""
    diff_ids: tuple[str, ...]
    """The layers, from the lowest to the highest; empty and repeated ones included."""
    history: tuple[HistoryEntry, ...] = ()
    """May be missing, or not fit the layers: then layers have no instruction."""
    platform: str = ""
    """`linux/amd64`"""
    user: str = ""
    """Empty means root."""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    working_folder: str = ""
    environment: tuple[str, ...] = ()
    """`NAME=value`"""
    exposed_ports: tuple[str, ...] = ()
    """`8080/tcp`"""
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a layer comes from: one instruction of a Dockerfile."""

    instruction: str
    """As it is written: `COPY --from=builder /app/main /main`."""
    line: int | None
    """1-based line of the Dockerfile; None where only the history tells."""
    stage: str
    """The stage's name or number; empty where only the history tells."""

    @property
    def shown(self) -> str:
        """The instruction on one line, and nothing in it that is not printable."""
        return printable(" ".join(self.instruction.split()))
