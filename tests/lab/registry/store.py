"""Writing images into docker-registry's store, in the layout of its `filesystem` driver; no engine has to push them.

The layout: https://github.com/distribution/distribution/blob/release/2.8/registry/storage/paths.go
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.layers import Layer

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
IN_TOTO = "application/vnd.in-toto+json"
PROVENANCE = "https://slsa.dev/provenance/v0.2"
PACKED_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CREATED = "2026-11-01T00:00:00Z"
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
"""This machine's architecture, in Go's words."""


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image that is to lie in the registry."""

    layers: tuple[Layer, ...]
    config: Mapping[str, object] = field(default_factory=dict)
    """`Env`, `Cmd`, `WorkingDir`, `Labels` … as in an image's configuration."""
    settings: tuple[str, ...] = ()
    """The instructions of its history that made no layer."""
    architecture: str = MACHINE


@dataclass(frozen=True, slots=True)
class Store:
    """The folder in which docker-registry keeps what it serves."""

    root: Path

    def has(self, repository: str) -> bool:
        """Whether there is a repository of this name."""
        return (self._repository(repository) / "_manifests").is_dir()

    def put(self, repository: str, tags: Sequence[str], images: Sequence[StoredImage]) -> None:
        """Store an image for one platform or several, behind an index and with attestations, as official images are."""
        manifests = [self._put_image(repository, image) for image in images]
        manifests += [self._put_attestation(repository, str(manifest["digest"])) for manifest in manifests]
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
        digest, _ = self._put_manifest(repository, index)
        for tag in tags:
            folder = self._repository(repository) / "_manifests" / "tags" / tag
            _link(folder / "index" / "sha256" / digest.removeprefix("sha256:"), digest)
            _link(folder / "current", digest)

    def _put_image(self, repository: str, image: StoredImage) -> dict[str, object]:
        history: list[dict[str, object]] = [
            {"created": CREATED, "created_by": layer.created_by} for layer in image.layers
        ]
        history += [{"created": CREATED, "created_by": words, "empty_layer": True} for words in image.settings]
        config = {
            "architecture": image.architecture,
            "os": "linux",
            "created": CREATED,
            "config": dict(image.config),
            "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in image.layers]},
            "history": history,
        }
        stored = self._put_blob(repository, CONFIG, json.dumps(config).encode())
        for layer in image.layers:
            self._put_file(layer)
            self._own(repository, layer.digest)
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": stored,
            "layers": [{"mediaType": PACKED_LAYER, "digest": one.digest, "size": one.size} for one in image.layers],
        }
        digest, size = self._put_manifest(repository, manifest)
        where = {"os": "linux", "architecture": image.architecture}
        return {"mediaType": MANIFEST, "digest": digest, "size": size, "platform": where}

    def _put_attestation(self, repository: str, image_digest: str) -> dict[str, object]:
        """A statement of how an image came about: it stands in the index as an image for no platform."""
        subject = [{"name": repository, "digest": {"sha256": image_digest.removeprefix("sha256:")}}]
        statement = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": PROVENANCE, "subject": subject}
        layer = self._put_blob(repository, IN_TOTO, json.dumps({**statement, "predicate": {}}).encode())
        config = {
            "architecture": "unknown",
            "os": "unknown",
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self._put_blob(repository, CONFIG, json.dumps(config).encode()),
            "layers": [{**layer, "annotations": {"in-toto.io/predicate-type": PROVENANCE}}],
        }
        digest, size = self._put_manifest(repository, manifest)
        return {
            "mediaType": MANIFEST,
            "digest": digest,
            "size": size,
            "annotations": {
                "vnd.docker.reference.digest": image_digest,
                "vnd.docker.reference.type": "attestation-manifest",
            },
            "platform": {"os": "unknown", "architecture": "unknown"},
        }

    def _put_blob(self, repository: str, media_type: str, content: bytes) -> dict[str, object]:
        digest, size = self._put_bytes(content)
        self._own(repository, digest)
        return {"mediaType": media_type, "digest": digest, "size": size}

    def _put_manifest(self, repository: str, manifest: Mapping[str, object]) -> tuple[str, int]:
        digest, size = self._put_bytes(json.dumps(manifest).encode())
        revisions = self._repository(repository) / "_manifests" / "revisions" / "sha256"
        _link(revisions / digest.removeprefix("sha256:"), digest)
        return digest, size

    def _put_bytes(self, content: bytes) -> tuple[str, int]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        blob = self._blob(digest)
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(content)
        return digest, len(content)

    def _put_file(self, layer: Layer) -> None:
        blob = self._blob(layer.digest)
        if not blob.exists():
            blob.parent.mkdir(parents=True, exist_ok=True)
            os.link(layer.file, blob)

    def _own(self, repository: str, digest: str) -> None:
        """A repository gives out the blobs that are linked to it, and no others."""
        _link(self._repository(repository) / "_layers" / "sha256" / digest.removeprefix("sha256:"), digest)

    def _repository(self, name: str) -> Path:
        return self.root / "docker/registry/v2/repositories" / name

    def _blob(self, digest: str) -> Path:
        hexadecimal = digest.removeprefix("sha256:")
        return self.root / "docker/registry/v2/blobs/sha256" / hexadecimal[:2] / hexadecimal / "data"


def _link(folder: Path, digest: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "link").write_text(digest)
