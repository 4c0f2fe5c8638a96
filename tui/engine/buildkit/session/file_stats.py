"""What BuildKit is told of a file before it asks for it: fsutil's Stat, as its mkstat fills it in.

Owners are 0:0, as docker's command line sends them. https://github.com/tonistiigi/fsutil (stat.go, hardlinks.go)
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys

from tui.engine.buildkit.session.session_pb2 import Packet

GO_KIND = {
    stat.S_IFDIR: 1 << 31,
    stat.S_IFLNK: 1 << 27,
    stat.S_IFBLK: 1 << 26,
    stat.S_IFCHR: 1 << 26 | 1 << 21,
    stat.S_IFIFO: 1 << 25,
    # A socket has no bit of its own on the wire: it arrives as an empty file.
    stat.S_IFSOCK: 0,
    stat.S_IFREG: 0,
}
"""Go's os.FileMode, by the kind of file."""
GO_SPECIAL = ((stat.S_ISUID, 1 << 23), (stat.S_ISGID, 1 << 22), (stat.S_ISVTX, 1 << 20))


class StatPackets:
    """The packets of one walk, in its order: hard links refer to an earlier name of theirs."""

    def __init__(self) -> None:
        self._first_names: dict[tuple[int, int], bytes] = {}

    def packet(self, path: str, file: str, status: os.stat_result) -> bytes:
        """The packet for the file at `file`, which is called `path` in its folder. Raises OSError."""
        mode = status.st_mode
        kind = stat.S_IFMT(mode)
        packet = Packet()
        entry = packet.stat
        entry.path = name = os.fsencode(path)
        entry.mode = go_mode(mode)
        entry.modTime = status.st_mtime_ns
        if kind != stat.S_IFDIR:
            entry.size = status.st_size
            if kind == stat.S_IFLNK:
                entry.linkname = os.fsencode(os.readlink(file).replace(os.sep, "/"))  # noqa: PTH115 - Path would shorten it
            elif kind in (stat.S_IFCHR, stat.S_IFBLK):
                entry.devmajor, entry.devminor = os.major(status.st_rdev), os.minor(status.st_rdev)
            if status.st_nlink > 1 and kind != stat.S_IFLNK:
                first = self._first_names.setdefault((status.st_dev, status.st_ino), name)
                if first is not name:
                    entry.size, entry.linkname = 0, first
        for attribute, value in _attributes(file):
            entry.xattrs[attribute] = value
        return packet.SerializeToString()


def go_mode(mode: int, *, is_windows: bool = os.name == "nt") -> int:
    """Go's os.FileMode of an st_mode. Windows knows no modes: as there, all files are made executable."""
    go = (0o755 if is_windows else mode & 0o777) | GO_KIND.get(stat.S_IFMT(mode), 0)
    if mode & 0o7000:
        for bit, there in GO_SPECIAL:
            if mode & bit:
                go |= there
    return go


if sys.platform == "linux":

    def _attributes(file: str) -> list[tuple[str, bytes]]:
        try:
            names = os.listxattr(file, follow_symlinks=False)
        except OSError as error:
            if error.errno == errno.ENOTSUP:
                return []
            raise
        found: list[tuple[str, bytes]] = []
        for name in names:
            # One that may not be read, or is gone by now, is left out, as docker leaves it out.
            with contextlib.suppress(OSError):
                found.append((name, os.getxattr(file, name, follow_symlinks=False)))
        return found

else:

    def _attributes(file: str) -> list[tuple[str, bytes]]:
        return []  # Python cannot read them here.
