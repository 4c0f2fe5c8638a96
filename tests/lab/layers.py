"""Layers of images: what a step changed in a root file system, packed as registries hold it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from zlib_ng import gzip_ng_threaded

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

COMPRESSION = 3
THREADS = 2
CHUNK = 1 << 20
NOT_IN_IMAGES = ("dev", "proc", "sys", "run", "tmp")
"""Folders whose content is the machine's and not the image's."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One packed layer."""

    file: Path
    digest: str
    """sha256 of the packed bytes."""
    diff_id: str
    """sha256 of the unpacked ones."""
    size: int
    """Packed, in bytes."""
    created_by: str
    """The instruction that its image's history shows."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a recipe."""

    created_by: str
    make: Callable[[Path], None]
    """Changes the root folder that it is given."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps on an empty root, each of which becomes a layer."""

    name: str
    steps: tuple[Step, ...]
    version: str
    """Changes with whatever the steps are made of, so that old layers are not taken for new ones."""


def layers_of(recipe: Recipe, lab: Path, scratch: Callable[[str], Path]) -> tuple[Layer, ...]:
    """The recipe's layers, made where they are not kept already. `scratch` gives an empty folder by this name."""
    kept = lab / "layers"
    kept.mkdir(parents=True, exist_ok=True)
    keys = list(_keys(recipe))
    known = [_read(kept, key) for key in keys]
    if all(known):
        return tuple(layer for layer in known if layer is not None)
    root = scratch(recipe.name)
    layers: list[Layer] = []
    before: dict[str, _Entry] = {}
    for step, key in zip(recipe.steps, keys, strict=True):
        step.make(root)
        after = _snapshot(root)
        layers.append(_pack(root, before, after, kept / f"{key}.tar.gz", step.created_by))
        before = after
    for layer, key in zip(layers, keys, strict=True):
        written = json.dumps({**asdict(layer), "file": layer.file.name})
        (kept / f"{key}.json").write_text(written)
    return tuple(layers)


def _keys(recipe: Recipe) -> Iterable[str]:
    """A name for each step's layer: it stands for all that went before, too."""
    running = hashlib.sha256(f"{recipe.name}\n{recipe.version}".encode())
    for step in recipe.steps:
        running.update(step.created_by.encode())
        yield running.hexdigest()[:24]


def _read(kept: Path, key: str) -> Layer | None:
    file = kept / f"{key}.json"
    if not file.is_file():
        return None
    fields = json.loads(file.read_text())
    return Layer(**{**fields, "file": kept / fields["file"]})


_Entry = tuple[int, int, int, int, int, int]


def _snapshot(root: Path) -> dict[str, _Entry]:
    """All that lies in the root, by name, with what changes when it is written."""
    entries: dict[str, _Entry] = {}
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(root / folder) as found:
            for entry in found:
                name = f"{folder}{entry.name}"
                status = entry.stat(follow_symlinks=False)
                size = 0 if entry.is_dir(follow_symlinks=False) else status.st_size
                entries[name] = (
                    *(status.st_mode, status.st_uid, status.st_gid, size, status.st_mtime_ns, status.st_ino),
                )
                if entry.is_dir(follow_symlinks=False) and name not in NOT_IN_IMAGES:
                    folders.append(f"{name}/")
    return entries


def _pack(root: Path, before: dict[str, _Entry], after: dict[str, _Entry], file: Path, created_by: str) -> Layer:
    changed = {name for name, entry in after.items() if before.get(name) != entry}
    gone = {
        name for name in before if name not in after and name.rpartition("/")[0] not in before.keys() - after.keys()
    }
    with gzip_ng_threaded.open(  # type: ignore[no-untyped-call]
        file, "wb", compresslevel=COMPRESSION, threads=THREADS
    ) as packed:
        unpacked = _Digester(packed)
        with tarfile.open(fileobj=unpacked, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as archive:
            for name in sorted(changed):
                if not stat.S_ISSOCK(after[name][0]):
                    archive.add(root / name, arcname=name, recursive=False)
            for name in sorted(gone):
                parent, slash, last = name.rpartition("/")
                archive.addfile(tarfile.TarInfo(f"{parent}{slash}.wh.{last}"))
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    diff_id = f"sha256:{unpacked.sha256.hexdigest()}"
    return Layer(file, f"sha256:{digest}", diff_id, file.stat().st_size, created_by)


class _Digester(io.RawIOBase):
    """A file that digests what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        self.sha256.update(data)
        return self._file.write(data)
