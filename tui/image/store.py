"""Indexes of layers, kept on disk by `diff_id`, so that none need be made twice. Safe to delete at any time."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from tui.image.layer_file import LayerFileDamaged, decode_layer, encode_layer
from tui.image.model import LayerIndex
from tui.whole_file import UNFINISHED, written_whole

MAX_BYTES = 200_000_000
SUFFIX = ".layer"

_hex_of = re.compile(r"sha256:([0-9a-f]{64})").fullmatch


class LayerStore:
    """One file a layer in `folder`, made on demand; `also` are folders that are looked into and never written.

    When the files take more than `max_bytes`, those go that nobody asked for the longest.
    """

    def __init__(self, folder: Path, *, also: Sequence[Path] = (), max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._also = tuple(also)
        self._max_bytes = max_bytes

    def get(self, diff_id: str) -> LayerIndex | None:
        """The index of a layer, or None where none is kept. A file that is damaged or not ours is removed."""
        name = _file_name(diff_id)
        if name is None:
            return None
        for folder in (self._folder, *self._also):
            layer = _read(folder / name, diff_id, own=folder is self._folder)
            if layer is not None:
                return layer
        return None

    def put(self, layer: LayerIndex) -> None:
        """Keep an index. It is on the disk when this returns. Raises OSError, and ValueError for a wrong `diff_id`."""
        name = _file_name(layer.diff_id)
        if name is None:
            raise ValueError(f"{layer.diff_id!r} is no digest of a layer")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with written_whole(self._folder / name) as file:
            file.writelines(encode_layer(layer))
        self._make_room()

    def _make_room(self) -> None:
        """Remove what was not asked for the longest, and what a crash left behind with it. Raises OSError."""
        files: list[tuple[float, int, Path]] = []
        for path in self._folder.iterdir():
            if path.suffix in (SUFFIX, UNFINISHED):
                # Another process may remove it at the same time.
                with contextlib.suppress(FileNotFoundError):
                    status = path.stat()
                    files.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._max_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size


def _read(path: Path, diff_id: str, *, own: bool) -> LayerIndex | None:
    """What one file holds; None where there is none that can be read."""
    try:
        layer = decode_layer(path.read_bytes())
        if layer.diff_id != diff_id:
            raise LayerFileDamaged
    except OSError:
        return None
    except LayerFileDamaged:
        if own:
            with contextlib.suppress(OSError):
                path.unlink()
        return None
    if own:
        # The time tells when it was asked for last.
        with contextlib.suppress(OSError):
            os.utime(path)
    return layer


def _file_name(diff_id: str) -> str | None:
    digest = _hex_of(diff_id)
    return digest[1] + SUFFIX if digest else None
