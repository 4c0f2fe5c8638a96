"""A file that is written whole or not at all: whatever happens meanwhile, the old one or the new one stands there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".part"
"""How the name of a file ends while it is written; a crash may leave one."""
OWNER_ALONE = 0o600


@contextmanager
def written_whole(path: Path, mode: int = OWNER_ALONE) -> Iterator[BinaryIO]:
    """What is written within takes the place of `path` at the end, and is on the disk then.

    Where anything is raised within, nothing new is there. Raises OSError.
    """
    descriptor, unfinished = tempfile.mkstemp(suffix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
