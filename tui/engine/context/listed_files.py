"""Opening a file of the context that was listed before, and nothing else that may stand in its place by now."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui.engine.context.errors import ContextUnreadable

OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # A pipe that took a file's place must not hold the build up.
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

Identity = tuple[int, int]
"""A file's device and its number there, as they were when it was listed."""


def identity_of(status: os.stat_result) -> Identity:
    """What tells a file from another of the same name."""
    return status.st_dev, status.st_ino


def open_listed(name: str, identity: Identity) -> int:
    """A descriptor of the file. Raises OSError, and ContextUnreadable where something else has taken its place."""
    descriptor = os.open(name, OPEN_FLAGS)
    try:
        now = os.fstat(descriptor)
        if not stat.S_ISREG(now.st_mode):
            raise ContextUnreadable(f"{name} is no file any more: it was replaced while the build was reading it.")
        if identity_of(now) != identity:
            # Saved anew, most likely. But a folder above it may have become a link that leads out of the context.
            folder = Path(name).parent
            if folder.resolve() != folder:
                raise ContextUnreadable(f"{folder} has become a link while the build was reading it.")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
