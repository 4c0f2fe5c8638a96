"""What files an image has, read from `docker save` past our own code."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass

import docker


@dataclass(frozen=True)
class ImageFile:
    """All that an image keeps of a file, except where it lies in the archive."""

    kind: bytes
    mode: int
    owner: tuple[int, int]
    size: int
    changed_at: float
    link: str
    device: tuple[int, int]
    attributes: tuple[tuple[str, str], ...]
    digest: str


def image_files(client: docker.DockerClient, reference: str) -> dict[str, ImageFile]:
    """The files of all layers by their paths; one that lies in several layers, as the last has it."""
    files: dict[str, ImageFile] = {}
    saved = io.BytesIO(b"".join(client.images.get(reference).save()))
    with tarfile.open(fileobj=saved) as archive:
        for layer in json.loads(_content(archive, "manifest.json"))[0]["Layers"]:
            with tarfile.open(fileobj=io.BytesIO(_content(archive, layer))) as members:
                files |= {member.name: _file(members, member) for member in members}
    return files


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo) -> ImageFile:
    return ImageFile(
        member.type,
        member.mode,
        (member.uid, member.gid),
        member.size,
        float(member.mtime),
        member.linkname,
        (member.devmajor, member.devminor),
        tuple(sorted((key, value) for key, value in member.pax_headers.items() if key.startswith("SCHILY."))),
        hashlib.sha256(_content(archive, member)).hexdigest() if member.isreg() else "",
    )


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo | str) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()
