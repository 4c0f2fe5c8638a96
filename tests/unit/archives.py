"""Archives by hand: layers and the archives around them, in every dress that engines and tools give them.

Python's tarfile writes them and is the second opinion; the reader under test never uses it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EMPTY_LAYER = bytes(1024)
"""What engines write for an instruction that changed no file: the end mark alone."""

Pack = Callable[[bytes], bytes]


def plain(data: bytes) -> bytes:
    return data


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


def zstandard(data: bytes) -> bytes:
    return zstd.compress(data)


PACKINGS: dict[str, Pack] = {"plain": plain, "gzip": gzipped, "zstd": zstandard}


@dataclass
class Entry:
    """One member of a tar, as a test writes it down."""

    name: str
    content: bytes = b""
    type: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    pax: dict[str, str] = field(default_factory=dict)

    def info(self) -> tarfile.TarInfo:
        info = tarfile.TarInfo(self.name)
        info.type, info.linkname, info.size = self.type, self.target, len(self.content)
        info.mode, info.uid, info.gid, info.pax_headers = self.mode, self.uid, self.gid, self.pax
        return info


def folder(name: str, mode: int = 0o755) -> Entry:
    return Entry(name, type=tarfile.DIRTYPE, mode=mode)


def symlink(name: str, target: str) -> Entry:
    return Entry(name, type=tarfile.SYMTYPE, target=target)


def hard_link(name: str, target: str) -> Entry:
    return Entry(name, type=tarfile.LNKTYPE, target=target)


def tar_of(*entries: Entry, format: int = tarfile.PAX_FORMAT, pax: dict[str, str] | None = None) -> bytes:
    """A tar of these; `pax` goes into a global header."""
    data = io.BytesIO()
    with tarfile.open(
        fileobj=data, mode="w", format=format, encoding="utf-8", errors="surrogateescape", pax_headers=pax
    ) as tar:
        for entry in entries:
            tar.addfile(entry.info(), io.BytesIO(entry.content))
        end = tar.offset
    # Without what tarfile fills the last record up with: engines write the end mark alone.
    return data.getvalue()[:end] + bytes(1024)


def digest(data: bytes) -> str:
    """As engines write it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def config_of(layers: Sequence[bytes], **fields: object) -> bytes:
    """An image's configuration for these uncompressed layers."""
    diff_ids = [digest(layer) for layer in layers]
    config = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": diff_ids}, **fields}
    return json.dumps(config).encode()


def docker_archive(
    layers: Sequence[bytes],
    *,
    config: bytes | None = None,
    pack: Pack = plain,
    manifest_first: bool = False,
    tags: Sequence[str] | None = ("mine:1",),
) -> bytes:
    """As Docker wrote it up to version 24: `<id>/layer.tar`, a repeated layer as a link, the list at the end."""
    config = config_of(layers) if config is None else config
    entries: list[Entry] = []
    written: dict[bytes, str] = {}
    names: list[str] = []
    for number, layer in enumerate(layers):
        folder_name = hashlib.sha256(b"%d" % number).hexdigest()
        name = f"{folder_name}/layer.tar"
        entries += [folder(folder_name), Entry(f"{folder_name}/VERSION", b"1.0")]
        if layer in written:
            entries.append(symlink(name, f"../{written[layer]}"))
        else:
            entries.append(Entry(name, pack(layer)))
            written[layer] = name
        names.append(name)
    config_name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = [{"Config": config_name, "RepoTags": tags and list(tags), "Layers": names}]
    lists = [Entry(config_name, config), Entry("manifest.json", json.dumps(manifest).encode())]
    return tar_of(*lists, *entries) if manifest_first else tar_of(*entries, *lists)


class OciLayout:
    """An OCI layout to which images are added."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.listed: list[dict[str, object]] = []
        self.docker: list[dict[str, object]] = []

    def blob(self, data: bytes, **fields: object) -> dict[str, object]:
        """Add a blob; its descriptor."""
        self.blobs[f"blobs/{digest(data).replace(':', '/')}"] = data
        return {"digest": digest(data), "size": len(data), **fields}

    def manifest(self, layers: Sequence[bytes], pack: Pack = plain, **fields: object) -> dict[str, object]:
        """Add an image's blobs; the descriptor of its manifest."""
        config = self.blob(config_of(layers, **fields))
        packed = [self.blob(pack(layer)) for layer in layers]
        paths = [f"blobs/{str(blob['digest']).replace(':', '/')}" for blob in packed]
        self.docker.append(
            {"Config": f"blobs/{digest(config_of(layers, **fields)).replace(':', '/')}", "Layers": paths}
        )
        return self.blob(json.dumps({"schemaVersion": 2, "config": config, "layers": packed}).encode())

    def index(self, *manifests: dict[str, object]) -> dict[str, object]:
        """Add an index of several manifests; its descriptor."""
        return self.blob(json.dumps({"schemaVersion": 2, "manifests": manifests}).encode())

    def archive(self, *, with_docker_manifest: bool = False) -> bytes:
        """All of it; with Docker's own list as well, as Docker writes it from version 25 on."""
        entries = [folder("blobs"), folder("blobs/sha256")]
        entries += [Entry(name, data) for name, data in sorted(self.blobs.items())]
        entries += [
            Entry("index.json", json.dumps({"schemaVersion": 2, "manifests": self.listed}).encode()),
            Entry("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'),
        ]
        if with_docker_manifest:
            entries.insert(-1, Entry("manifest.json", json.dumps(self.docker).encode()))
        return tar_of(*entries)


def oci_archive(layers: Sequence[bytes], *, pack: Pack = plain, with_docker_manifest: bool = False) -> bytes:
    """An OCI layout of one image."""
    layout = OciLayout()
    layout.listed.append(layout.manifest(layers, pack))
    return layout.archive(with_docker_manifest=with_docker_manifest)


def cut(data: bytes, *lengths: int) -> Iterator[bytes]:
    """The data in pieces of these lengths, over and over; empty pieces included where a length is 0."""
    at, number = 0, 0
    usable = lengths if any(lengths) else (1 << 15,)
    while at < len(data):
        length = usable[number % len(usable)]
        yield data[at : at + length]
        at, number = at + length, number + 1


BASE = tar_of(folder("etc"), Entry("etc/os-release", b"Debian"))
APP = tar_of(Entry("app/main", b"program" * 300))


def listed(*entries: Entry, config: bytes | None = None, layers: object = ("l.tar",)) -> bytes:
    """An archive with a list of one image."""
    manifest = json.dumps([{"Config": "c.json", "RepoTags": None, "Layers": layers}]).encode()
    return tar_of(
        Entry("c.json", config_of([BASE]) if config is None else config), Entry("manifest.json", manifest), *entries
    )
