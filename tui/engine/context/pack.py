"""The build context as a tar stream, for builders that take no files by a session.

`.dockerignore` is applied here, on the client, as docker's command line does; a `<Dockerfile>.dockerignore` beside the
Dockerfile stands in for it. Symbolic links travel as links, and no file outside the folder is ever opened.
The rules: https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.engine.context.errors import ContextUnreadable, PackingStopped
from tui.engine.context.ignore_file import IGNORE_FILE, ignore_file_of, name_inside, read_whole
from tui.engine.context.listed_files import Identity, identity_of, open_listed
from tui.engine.context.patterns import Patterns, escaped
from tui.engine.context.walk import Selection, wanted

PIECE_BYTES = 256 * 1024
"""How much is read and sent at once; small enough that a cancelled upload ends at once."""

FOREIGN_DOCKERFILE = ".jettison.Dockerfile"
"""The name under which a Dockerfile from outside the context travels. Fixed, so that the cache holds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of the tar stream."""

    header: bytes
    size_bytes: int
    """Length of the content without padding; 0 for everything but regular files."""
    path: str | None = None
    """Where the content is read from."""
    identity: Identity = (0, 0)
    """Of the file at `path`."""
    content: bytes | None = None
    """The content itself, for members that are made up here."""


@dataclass(frozen=True, slots=True)
class PackedContext:
    """A context that is ready to be sent; file contents are read while it is."""

    entries: tuple[Entry, ...]
    dockerfile: str
    """The Dockerfile's name inside the context."""
    files: int
    """Regular files and links, folders not counted."""
    total_bytes: int
    """Length of the whole stream."""

    def stream(self, sent: Callable[[int], None]) -> Iterator[bytes]:
        """The tar stream in pieces; `sent` is told the running total after each. Raises ContextUnreadable."""
        total = 0
        for entry in self.entries:
            for piece in _pieces_of(entry):
                yield piece
                total += len(piece)
                sent(total)
        end = bytes(2 * tarfile.BLOCKSIZE)
        yield end
        sent(total + len(end))


def pack(context: Path, dockerfile: Path, *, stopped: Callable[[], bool] = lambda: False) -> PackedContext:
    """Decide what of `context` is sent. `dockerfile` is absolute or relative to it.

    Raises ContextUnreadable, and PackingStopped as soon as `stopped()` holds.
    """
    root = context.resolve()
    if not root.is_dir():
        raise ContextUnreadable(f"The context {context} is no folder.")
    file = dockerfile if dockerfile.is_absolute() else root / dockerfile
    if not file.is_file():
        raise ContextUnreadable(f"The Dockerfile {file} is not there.")
    inside = name_inside(root, file)
    name = inside or FOREIGN_DOCKERFILE
    ignored = ignore_file_of(root, file)
    ignores = Patterns(ignored.patterns)
    # The builder has to get these two even if they are ignored. The classic one then takes them out of the context
    # again, by the ignore file that it finds there.
    hidden = [one for one in (IGNORE_FILE, name) if ignores.matches(one)]
    replaced = [*ignored.patterns, *([] if inside else [name]), IGNORE_FILE]
    is_replaced = not inside or (ignored.is_own and name in hidden)
    excludes = Patterns([*ignored.patterns, *(f"!{escaped(one)}" for one in hidden)])

    entries: list[Entry] = []
    for relative, found in wanted(root, Selection(excludes)):
        if stopped():
            raise PackingStopped
        if relative == IGNORE_FILE and (ignored.is_own or is_replaced):
            # A builder that finds it would apply it a second time, on top of the file that rules.
            continue
        entry = _entry(relative, found)
        if entry is not None:
            entries.append(entry)
    if not inside:
        entries.append(_made_up(name, read_whole(file)))
    if is_replaced:
        entries.append(_made_up(IGNORE_FILE, "\n".join([*replaced, ""]).encode("utf-8", "surrogateescape")))
    total = sum(len(entry.header) + _padded(entry.size_bytes) for entry in entries) + 2 * tarfile.BLOCKSIZE
    files = sum(1 for entry in entries if entry.header[156:157] != tarfile.DIRTYPE)
    return PackedContext(tuple(entries), name, files, total)


def _entry(relative: str, found: os.DirEntry[str]) -> Entry | None:
    """The tar member for one name; None for sockets, pipes and devices, which no image can use."""
    try:
        status = found.stat(follow_symlinks=False)
        # As it is spelled: pathlib would shorten it.
        target = os.readlink(found.path) if stat.S_ISLNK(status.st_mode) else ""  # noqa: PTH115
    except OSError as error:
        raise ContextUnreadable(f"{found.path} cannot be read: {error.strerror}.") from error
    info = tarfile.TarInfo(relative)
    info.mode = stat.S_IMODE(status.st_mode)
    info.mtime = max(0, int(status.st_mtime))
    if stat.S_ISDIR(status.st_mode):
        info.type = tarfile.DIRTYPE
    elif stat.S_ISLNK(status.st_mode):
        info.type, info.linkname = tarfile.SYMTYPE, target
    elif stat.S_ISREG(status.st_mode):
        info.size = status.st_size
        return Entry(_header(info), info.size, found.path, identity_of(status))
    else:
        return None
    return Entry(_header(info), 0)


def _made_up(name: str, content: bytes) -> Entry:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o644
    return Entry(_header(info), info.size, content=content)


def _header(info: tarfile.TarInfo) -> bytes:
    # Owner 0:0, as Docker's CLI sends it; PAX, so that names of any length and any byte get through.
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _pieces_of(entry: Entry) -> Iterator[bytes]:
    yield entry.header
    if entry.content is not None:
        yield entry.content
    elif entry.path is not None and entry.size_bytes:
        yield from _file_pieces(entry.path, entry.identity, entry.size_bytes)
    padding = _padded(entry.size_bytes) - entry.size_bytes
    if padding:
        yield bytes(padding)


def _file_pieces(path: str, identity: Identity, size: int) -> Iterator[bytes]:
    """Exactly `size` bytes of a file, which must not have shrunk or become a link since it was listed."""
    left = size
    try:
        with os.fdopen(open_listed(path, identity), "rb") as file:
            while left:
                piece = file.read(min(left, PIECE_BYTES))
                if not piece:
                    raise ContextUnreadable(f"{path} became shorter while it was being sent.")
                left -= len(piece)
                yield piece
    except OSError as error:
        raise ContextUnreadable(f"{path} cannot be read: {error.strerror}.") from error


def _padded(size: int) -> int:
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
