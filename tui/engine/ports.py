"""Who holds a TCP port of this machine, as far as its own tables tell (Linux)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"
ANYBODY = "another program"


def listener_of(port: int, proc: Path = PROC) -> str:
    """The process that listens on a port of this machine: `the process python3 (4711)`, else `another program`."""
    inodes = {f"socket:[{inode}]" for inode in _listening(port, proc)}
    if inodes:
        for process in proc.glob("[0-9]*"):
            if _holds(process, inodes):
                with contextlib.suppress(OSError):
                    name = (process / "comm").read_text("utf-8", "replace").strip()
                    return f"the process {name} ({process.name})"
    return ANYBODY


def _listening(port: int, proc: Path) -> Iterator[str]:
    """The inodes of the sockets that listen there."""
    for table in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / table).read_text("ascii", "replace").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if len(fields) > 9 and fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _holds(process: Path, inodes: set[str]) -> bool:
    # Processes of others may not be looked into, and any may end while it is looked at.
    with contextlib.suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                if str(descriptor.readlink()) in inodes:
                    return True
    return False
