"""The daemon's side of FileSync/DiffCopy, without a network: it takes what it is sent and asks for what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tui.engine.buildkit.session.file_sync import FileSync, Folder, Synced, WholeFolder
from tui.engine.buildkit.session.session_pb2 import Packet, Stat

REGULAR = 0
GO_KIND = 0b1000_1111_0010 << 20
"""Go's os.ModeType: the bits of a mode that tell what is no regular file."""


@dataclass
class SyncDaemon:
    """A `Call` that behaves as fsutil's receiver. What it has got is in `stats` and `contents`."""

    metadata: Mapping[str, Sequence[str]]
    wants: Callable[[str], bool] = lambda path: True
    before_requests: Callable[[], None] = lambda: None
    """Called when all files have been told of and none has been asked for."""
    stats: dict[str, Stat] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    is_finished: bool = False
    largest_message: int = 0
    _to_ask: list[int] | None = None
    _has_ended: bool = False

    @property
    def paths(self) -> list[str]:
        """All that was told of, in the order in which it came."""
        return list(self.stats)

    @property
    def files(self) -> list[str]:
        """What was told of, without folders."""
        return [path for path, stat in self.stats.items() if not stat.mode & 1 << 31]

    def send(self, message: bytes, *, more: bool = False) -> None:
        """Take one message."""
        self.largest_message = max(self.largest_message, len(message))
        packet = Packet.FromString(message)
        if packet.type == Packet.PACKET_STAT and packet.HasField("stat"):
            self.stats[packet.stat.path.decode("utf-8", "surrogateescape")] = packet.stat
        elif packet.type == Packet.PACKET_STAT:
            regular = [
                number
                for number, (path, stat) in enumerate(self.stats.items())
                if not stat.mode & GO_KIND and not stat.linkname and self.wants(path)
            ]
            self._to_ask = regular[::-1]
            self.before_requests()
        elif packet.type == Packet.PACKET_DATA:
            path = self.paths[packet.ID]
            self.contents[path] = self.contents.get(path, b"") + packet.data
            if not packet.data:
                self.complete.add(path)
        elif packet.type == Packet.PACKET_ERR:
            self.errors.append(packet.data.decode())
        else:
            self.is_finished = packet.type == Packet.PACKET_FIN

    def receive(self) -> bytes | None:
        """The next request, or that nothing more is wanted."""
        assert self._to_ask is not None, "asked before the list was complete"
        if self._to_ask:
            return Packet(type=Packet.PACKET_REQ, ID=self._to_ask.pop()).SerializeToString()
        if self._has_ended:
            return None
        self._has_ended = True
        return Packet(type=Packet.PACKET_FIN).SerializeToString()


def sync(
    folder: Path | Folder,
    *,
    excludes: Iterable[str] = (),
    includes: Iterable[str] = (),
    follow: Iterable[str] = (),
    wants: Callable[[str], bool] = lambda path: True,
    before_requests: Callable[[], None] = lambda: None,
    report: Callable[[Synced], None] = lambda synced: None,
) -> SyncDaemon:
    """Let a daemon sync a folder. Raises what the handler raises."""
    metadata = {"dir-name": ["context"], "exclude-patterns": list(excludes), "include-patterns": list(includes)}
    daemon = SyncDaemon(metadata | {"followpaths": list(follow)}, wants, before_requests)
    serve(daemon, WholeFolder(folder) if isinstance(folder, Path) else folder, report)
    return daemon


def serve(daemon: SyncDaemon, folder: Folder, report: Callable[[Synced], None] = lambda synced: None) -> None:
    """Answer the call of a daemon that asks for the folder `context`."""
    (handler,) = FileSync({"context": folder}, report).handlers().values()
    handler(daemon)
