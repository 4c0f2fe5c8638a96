"""The fingerprint of a course: one that was agreed to is known again, and one that was changed since is not."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

MAX_FILES = 5_000
MAX_BYTES = 200_000_000
PIECE_BYTES = 1 << 20


class CourseTooLarge(Exception):
    """A folder has more in it than a course may have; the message is a sentence."""


def course_digest(folder: Path) -> str:
    """64 hex digits over names and contents of all files in a folder. Links count as links: nothing outside is read.

    Raises CourseTooLarge, and OSError where a file cannot be read.
    """
    total = sha256()
    left = MAX_BYTES
    for number, path in enumerate(_paths(folder)):
        if number >= MAX_FILES:
            raise CourseTooLarge(f"{folder} has more than {MAX_FILES:,} files.")
        name = os.fsencode(path.relative_to(folder))
        content, size = _content(path, left)
        left -= size
        if left < 0:
            raise CourseTooLarge(f"{folder} has more than {MAX_BYTES:,} bytes.")
        total.update(b"%d:%s:%s" % (len(name), name, content))
    return total.hexdigest()


def _paths(folder: Path) -> list[Path]:
    """Everything but folders, in the order of names; no more than it takes to see that it is too much."""
    found: list[Path] = []
    for where, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(where, name).is_symlink()]
        found += [Path(where, name) for name in (*files, *links)]
        if len(found) > MAX_FILES:
            break
    return sorted(found)


def _content(path: Path, most: int) -> tuple[bytes, int]:
    """What a file adds to the fingerprint, and how many bytes were read for it."""
    if path.is_symlink():
        target = os.fsencode(path.readlink())
        return b"link:" + sha256(target).digest(), len(target)
    if not path.is_file():
        # A pipe or a device is never read; a builder leaves it out as well.
        return b"other", 0
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while size <= most and (piece := file.read(PIECE_BYTES)):
            digest.update(piece)
            size += len(piece)
    return b"file:" + digest.digest(), size
