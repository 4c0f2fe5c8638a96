"""Serves a build's folders, from which BuildKit asks for the files it lacks: moby.filesync.v1.FileSync/DiffCopy.

Both sides send packets of https://github.com/tonistiigi/fsutil (receive.go describes the exchange): a STAT for each
file that is wanted, in fsutil's order, and an empty one; a REQ for each file that is asked for, by the number of its
STAT; DATA of that file, and an empty one; FIN.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote_plus

from tui.engine.buildkit.session.call import Call, CallRefused, Handlers, Status
from tui.engine.buildkit.session.file_stats import StatPackets
from tui.engine.buildkit.session.session_pb2 import Packet
from tui.engine.context.errors import ContextUnreadable
from tui.engine.context.ignore_file import IGNORE_FILE, own_ignore_file
from tui.engine.context.links import follow_links, without_covered
from tui.engine.context.listed_files import Identity, identity_of, open_listed
from tui.engine.context.patterns import Patterns
from tui.engine.context.walk import Selection, wanted

PIECE_BYTES = 256 * 1024
"""How much of a file goes into one message: old daemons take 4 MB at most."""
REPORT_BYTES = 1024 * 1024
"""How much is sent between two reports of progress within a file."""
INCLUDES = "includepatterns"
END_OF_LIST = Packet(type=Packet.PACKET_STAT).SerializeToString()
OPENED_A_SOCKET = (errno.ENXIO, errno.EOPNOTSUPP)
"""What opening a socket fails with: docker sends it as an empty file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the daemon wants of a folder."""

    includes: Sequence[str]
    excludes: Sequence[str]
    follow: Sequence[str]
    """Include patterns; what links among them lead to is wanted too."""

    @property
    def is_ignore_file(self) -> bool:
        """Whether only the ignore file is wanted, as before the context itself."""
        return {*self.includes, *self.follow} == {IGNORE_FILE}


@dataclass(frozen=True, slots=True)
class Found:
    """A file, a folder, a link or whatever else has a name."""

    path: str
    """From the top folder, with slashes."""
    file: str
    status: os.stat_result


@dataclass(frozen=True, slots=True)
class Synced:
    """How far a folder has been synced."""

    folder: str
    """The daemon's name for it: `context` or `dockerfile`."""
    listed: int
    """Files, folders and links that were told of."""
    files: int
    """Files that were sent."""
    size_bytes: int
    """Content that was sent."""
    is_complete: bool


class Folder(Protocol):
    """What can be synced."""

    def find(self, asked: Asked) -> Iterator[Found]:
        """What is wanted of it, in fsutil's order. Raises ContextUnreadable, and OSError with a file's name."""
        ...


@dataclass(frozen=True, slots=True)
class WholeFolder:
    """All of a folder, links as links."""

    root: Path

    def find(self, asked: Asked) -> Iterator[Found]:
        """As `Folder.find`."""
        includes = list(asked.includes)
        if targets := follow_links(self.root, asked.follow):
            includes = without_covered([*includes, *targets])
        selection = Selection(Patterns(asked.excludes), Patterns(includes, INCLUDES) if includes else None)
        for path, entry in wanted(self.root, selection):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # Gone since its folder was listed: as good as never there.
            yield Found(path, entry.path, status)


@dataclass(frozen=True, slots=True)
class SomeFiles:
    """Files from anywhere, each under a name without slashes: links are followed, nothing else can be had."""

    files: Mapping[str, Path]

    def find(self, asked: Asked) -> Iterator[Found]:
        """As `Folder.find`."""
        includes = Patterns([*asked.includes, *asked.follow], INCLUDES)
        is_included = includes.files_in(includes.top) if includes.rules else True
        for name in sorted(self.files, key=os.fsencode):
            if is_included is True or (is_included is not False and is_included(name)):
                yield Found(name, str(self.files[name]), self.files[name].stat())


def dockerfile_folder(dockerfile: Path) -> SomeFiles:
    """A Dockerfile, wherever it lies, and an ignore file of its own: all that a frontend asks of this folder."""
    files = {dockerfile.name: dockerfile.resolve()}
    if (ignore_file := own_ignore_file(dockerfile)) is not None:
        files[ignore_file.name] = ignore_file.resolve()
    return SomeFiles(files)


class FileSync:
    """Serves folders by the names under which the daemon asks for them."""

    def __init__(self, folders: Mapping[str, Folder], report: Callable[[Synced], None]) -> None:
        """Prepare to serve; `report` is called on the threads of calls, and often."""
        self._folders = folders
        self._report = report

    def handlers(self) -> Handlers:
        """What to serve in the session."""
        return {"/moby.filesync.v1.FileSync/DiffCopy": self.copy}

    def copy(self, call: Call) -> None:
        """Answer one call."""
        name = (_values(call, "dir-name") or [""])[0]
        folder = self._folders.get(name)
        if folder is None:
            raise CallRefused(Status.NOT_FOUND, f'no access allowed to dir "{name}"')
        asked = Asked(
            _values(call, "include-patterns"), _values(call, "exclude-patterns"), _values(call, "followpaths")
        )
        try:
            _Copy(call, name, _unreported if asked.is_ignore_file else self._report).run(folder.find(asked))
        except ContextUnreadable as error:
            words = str(error).encode("utf-8", "replace")
            # The daemon waits for one or the other, depending on how far it has got.
            call.send(Packet(type=Packet.PACKET_ERR, data=words).SerializeToString())
            raise CallRefused(Status.UNKNOWN, words.decode()) from error


_File = tuple[str, Identity]
"""What has to be remembered of a file until it is asked for."""


def _unreported(synced: Synced) -> None:
    """The ignore file's few bytes are no progress of the context."""


class _Copy:
    """One call of DiffCopy."""

    def __init__(self, call: Call, folder: str, report: Callable[[Synced], None]) -> None:
        self._call = call
        self._folder = folder
        self._report = report
        self._files: dict[int, _File] = {}
        self._listed = self._sent_files = self._sent_bytes = self._reported_bytes = 0

    def run(self, found: Iterable[Found]) -> None:
        """Tell of files, then send those that are asked for."""
        try:
            self._list(found)
        except OSError as error:
            raise _unreadable(str(error.filename), error) from error
        while (message := self._call.receive()) is not None:
            request = Packet.FromString(message)
            if request.type == Packet.PACKET_ERR:
                raise CallRefused(Status.UNKNOWN, f"error from receiver: {request.data.decode('utf-8', 'replace')}")
            if request.type == Packet.PACKET_FIN:
                self._call.send(Packet(type=Packet.PACKET_FIN).SerializeToString())
                break
            file = self._files.pop(request.ID, None)
            if file is None:
                raise CallRefused(Status.UNKNOWN, f"invalid file id {request.ID}")
            self._send(request.ID, file)
        self._tell(is_complete=True)

    def _list(self, found: Iterable[Found]) -> None:
        packets = StatPackets()
        for one in found:
            packet = packets.packet(one.path, one.file, one.status)
            if stat.S_ISREG(one.status.st_mode) or stat.S_ISSOCK(one.status.st_mode):
                self._files[self._listed] = (one.file, identity_of(one.status))
            self._listed += 1
            self._call.send(packet, more=True)
        self._call.send(END_OF_LIST)
        self._tell()

    def _send(self, number: int, file: _File) -> None:
        """Send a file as it is now, though it may have grown or shrunk since it was listed: as docker does.

        One that cannot be read is an error, where docker silently sends an empty file in its place: the daemon would
        keep that until the file is changed.
        """
        name, identity = file
        end = Packet(type=Packet.PACKET_DATA, ID=number).SerializeToString()
        head = end + b"\x22"
        try:
            descriptor = open_listed(name, identity)
            try:
                while piece := os.read(descriptor, PIECE_BYTES):
                    # The field `data` by hand: protobuf would copy it twice more.
                    self._call.send(b"%b%b%b" % (head, _varint(len(piece)), piece), more=True)
                    self._sent_bytes += len(piece)
                    if self._sent_bytes - self._reported_bytes >= REPORT_BYTES:
                        self._tell()
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno not in OPENED_A_SOCKET:
                raise _unreadable(name, error) from error
        self._call.send(end)
        self._sent_files += 1

    def _tell(self, *, is_complete: bool = False) -> None:
        self._reported_bytes = self._sent_bytes
        self._report(Synced(self._folder, self._listed, self._sent_files, self._sent_bytes, is_complete))


def _unreadable(name: str, error: OSError) -> ContextUnreadable:
    return ContextUnreadable(f"{name} cannot be read: {error.strerror}.")


def _values(call: Call, name: str) -> list[str]:
    """A header's values; the daemon escapes them all if one of them is not ASCII."""
    values = call.metadata.get(name, ())
    is_escaped = "1" in call.metadata.get(f"{name}-encoded", ())
    return [unquote_plus(value, errors="surrogateescape") for value in values] if is_escaped else list(values)


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
