"""What is ours on the disk, and its removal: the cache folder (logs, what is known of layers), and work folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tui.session.paths import cache_folder, work_folder


@dataclass(frozen=True, slots=True)
class Cached:
    """One folder or file of ours."""

    path: Path
    files: int
    size_bytes: int
    """Of its files, as they are long."""
    name: str
    """What it is, by its name in the cache folder (`logs`) or in the work folder (`go-multi-stage/capstone`)."""


def cached_files() -> tuple[Cached, ...]:
    """All that lies in the cache folder, by name: it may be deleted at any time. Raises OSError."""
    return tuple(_weigh(path, path.name) for path in sorted(cache_folder().iterdir()))


def work_folders() -> tuple[Cached, ...]:
    """What the learner wrote, a folder for each exercise of a course: nobody makes it again. Raises OSError."""
    folders = (path for path in sorted(work_folder().glob("*/*")) if path.is_dir() and any(path.iterdir()))
    return tuple(_weigh(path, f"{path.parent.name}/{path.name}") for path in folders)


def remove_cached(chosen: Iterable[Cached]) -> int:
    """Delete these; the bytes freed. What a link points to is left alone. Raises OSError."""
    freed_bytes = 0
    for cached in chosen:
        if cached.path.is_dir() and not cached.path.is_symlink():
            shutil.rmtree(cached.path)
        else:
            cached.path.unlink(missing_ok=True)
        freed_bytes += cached.size_bytes
    return freed_bytes


def _weigh(path: Path, name: str) -> Cached:
    if path.is_symlink() or not path.is_dir():
        return Cached(path, 1, path.lstat().st_size, name)
    sizes = [(Path(folder) / file).lstat().st_size for folder, _, files in os.walk(path) for file in files]
    return Cached(path, len(sizes), sum(sizes), name)
