"""Which images an archive holds: Docker's own manifest.json, or the index of an OCI layout.

The formats: https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format
and https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from tui.image.config import read_config
from tui.image.errors import ArchiveDamaged
from tui.image.json_values import as_list, as_object, as_text, as_texts, parse
from tui.image.model import ImageConfig

DOCKER_MANIFEST = "manifest.json"
OCI_INDEX = "index.json"

_TAG_ANNOTATIONS = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_CONFIG_TYPES = (
    "",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
_ATTESTATION = "vnd.docker.reference.type"
_DEEPEST = 8
MOST_IMAGES = 1000
"""No archive that a tool writes holds so many; a hostile list can name them without end."""

_digest_in = re.compile(r"(?:^|[/:])([0-9a-f]{64})(?:\.json)?$").search
_blob_of = re.compile(r"([a-z0-9+._-]+):([0-9a-zA-Z=_-]+)").fullmatch


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """One image as an archive lists it; files are named as they are in the archive."""

    config: ImageConfig
    layers: tuple[str, ...]
    """From the lowest to the highest."""
    tags: tuple[str, ...]


class Manifest:
    """Reads the listing out of the JSON `documents` of an archive; `others` are the names of its other files."""

    def __init__(self, documents: Mapping[str, bytes], others: Collection[str]) -> None:
        self._documents = documents
        self._others = others
        self._configs: dict[str, ImageConfig] = {}
        self._seen: dict[str, ImageEntry | None] = {}
        """Blobs that an index named, with the image that each is: none is read twice, however often it is named."""

    def images(self) -> list[ImageEntry]:
        """All images, in the order of the listing, at least one. Raises ArchiveDamaged."""
        if DOCKER_MANIFEST in self._documents:
            listed = self._docker_images()
        elif OCI_INDEX in self._documents:
            listed = self._oci_images(self._object(OCI_INDEX), (), _DEEPEST)
        else:
            raise ArchiveDamaged(
                f"The archive holds neither {DOCKER_MANIFEST} nor {OCI_INDEX}, which list the images in it."
            )
        images = list(islice(listed, MOST_IMAGES + 1))
        if not images:
            raise ArchiveDamaged("The archive lists no image.")
        if len(images) > MOST_IMAGES:
            raise ArchiveDamaged(f"The archive lists more than {MOST_IMAGES:,} images, which is the limit.")
        return images

    def _docker_images(self) -> Iterator[ImageEntry]:
        for entry in as_list(self._parsed(DOCKER_MANIFEST)):
            fields = as_object(entry)
            config = self._config(as_text(fields.get("Config")))
            yield ImageEntry(config, as_texts(fields.get("Layers")), as_texts(fields.get("RepoTags")))

    def _oci_images(self, index: dict[str, object], tags: tuple[str, ...], depth: int) -> Iterator[ImageEntry]:
        """The images of an index and of those in it. What was not exported of it is listed all the same."""
        if not depth:
            raise ArchiveDamaged(f"The archive's {OCI_INDEX} is nested too deeply.")
        for item in as_list(index.get("manifests")):
            described = as_object(item)
            annotations = as_object(described.get("annotations"))
            blob = _blob(described)
            if _ATTESTATION in annotations or blob not in self._documents:
                continue
            own_tags = tuple(as_text(annotations[key]) for key in _TAG_ANNOTATIONS if key in annotations)[:1] or tags
            if blob not in self._seen:
                manifest = self._object(blob)
                self._seen[blob] = self._oci_image(manifest)
                if "manifests" in manifest:
                    yield from self._oci_images(manifest, own_tags, depth - 1)
            image = self._seen[blob]
            if image is not None:
                yield replace(image, tags=own_tags)

    def _oci_image(self, manifest: dict[str, object]) -> ImageEntry | None:
        """The image of a manifest; None where it is an index, something else than an image, or was not exported."""
        layers = tuple(_blob(as_object(layer)) for layer in as_list(manifest.get("layers")))
        config = as_object(manifest.get("config"))
        if "manifests" in manifest or as_text(config.get("mediaType")) not in _CONFIG_TYPES:
            return None
        return ImageEntry(self._config(_blob(config)), layers, ()) if self._is_here(_blob(config), layers) else None

    def _is_here(self, config: str, layers: tuple[str, ...]) -> bool:
        """Whether any of an image was exported: another platform's may be listed only."""
        return config in self._documents or any(layer in self._others for layer in layers)

    def _config(self, name: str) -> ImageConfig:
        if name not in self._configs:
            data = self._object(name)
            if "rootfs" not in data:
                raise ArchiveDamaged(f"The archive's {name} is no image's configuration: it names no layers.")
            image_id = f"sha256:{hashlib.sha256(self._documents[name]).hexdigest()}"
            self._configs[name] = read_config(data, image_id)
        return self._configs[name]

    def _object(self, name: str) -> dict[str, object]:
        value = self._parsed(name)
        if not isinstance(value, dict):
            raise ArchiveDamaged(f"The archive's {name} is damaged: it is no JSON object.")
        return value

    def _parsed(self, name: str) -> object:
        content = self._documents.get(name)
        if content is None:
            why = "is no JSON" if name in self._others else "is not in the archive"
            raise ArchiveDamaged(f"The archive lists {name or 'a file without a name'}, which {why}.")
        promised = _digest_in(name)
        if promised and promised[1] != hashlib.sha256(content).hexdigest():
            raise ArchiveDamaged(f"The archive's {name} is damaged: its digest does not fit its name.")
        try:
            return parse(content)
        except ValueError as error:
            raise ArchiveDamaged(f"The archive's {name} is damaged: it is no JSON ({error}).") from None


def _blob(described: dict[str, object]) -> str:
    """The file that a descriptor stands for; empty where it has no proper digest."""
    digest = _blob_of(as_text(described.get("digest")))
    return f"blobs/{digest[1]}/{digest[2]}" if digest else ""
