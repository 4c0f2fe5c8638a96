"""What lies in the cache folder, and its removal: logs of builds, what is known of layers, work folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tui.session.paths import cache_folder


@dataclass(frozen=True, slots=True)
class Cached:
    """One folder or file of ours that may be deleted at any time."""

    path: Path
    files: int
    size_bytes: int
    """Of its files, as they are long."""

    @property
    def name(self) -> str:
        """What it is, by its name in the cache folder: `logs`."""
        return self.path.name


def cached_files() -> tuple[Cached, ...]:
    """All that lies in the cache folder, by name. Raises OSError."""
    return tuple(_weigh(path) for path in sorted(cache_folder().iterdir()))


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


def _weigh(path: Path) -> Cached:
    if path.is_symlink() or not path.is_dir():
        return Cached(path, 1, path.lstat().st_size)
    sizes = [(Path(folder) / name).lstat().st_size for folder, _, names in os.walk(path) for name in names]
    return Cached(path, len(sizes), sum(sizes))
