"""Manifests of images, of OCI's and of Docker's kind: https://github.com/opencontainers/image-spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_STAND_INS = {"arm": ("v8", "v7", "v6", "v5"), "arm64": ("v8",), "amd64": ("v1",)}
"""Variants from the newest on: a machine runs what is made for its own and for older ones."""


def read_manifest(content: object) -> Mapping[str, Any]:
    """A manifest or an index of the shape that the functions below expect. Raises ValueError on anything else."""
    if not isinstance(content, dict):
        raise ValueError("not an object")
    for name in ("layers", "manifests"):
        listed = content.get(name) or []
        if not isinstance(listed, list) or not all(map(_is_descriptor, listed)):
            raise ValueError(f"{name} is not a list of descriptors")
    if not _is_descriptor(content.get("config") or {"digest": ""}):
        raise ValueError("config is not a descriptor")
    return content


def _is_descriptor(content: object) -> bool:
    return (
        isinstance(content, dict)
        and isinstance(content.get("digest"), str)
        and isinstance(content.get("size", 0), int)
        and isinstance(content.get("platform") or {}, dict)
    )


def offered_platforms(index: Mapping[str, Any]) -> tuple[str, ...]:
    """What an index lists; attestations, which have no platform, are left out."""
    found = (platform_of(one.get("platform") or {}) for one in index.get("manifests") or ())
    return tuple(dict.fromkeys(platform for platform in found if platform and not platform.startswith("unknown")))


def pick(index: Mapping[str, Any], platform: str) -> Mapping[str, Any] | None:
    """The descriptor of the manifest for a platform, as an engine picks it."""
    listed: dict[str, Mapping[str, Any]] = {}
    for one in index.get("manifests") or ():
        listed.setdefault(platform_of(one.get("platform") or {}), one)
    return next((listed[name] for name in _fitting(platform) if name in listed), None)


def packed_bytes(manifest: Mapping[str, Any]) -> int:
    """What a pull of everything transfers: the layers as they are packed, and the configuration."""
    parts = [manifest.get("config") or {}, *(manifest.get("layers") or ())]
    return sum(int(part.get("size") or 0) for part in parts)


def platform_of(described: Mapping[str, Any]) -> str:
    """`linux/arm/v7`"""
    parts = (described.get("os"), described.get("architecture"), described.get("variant"))
    return "/".join(str(part) for part in parts if part)


def _fitting(platform: str) -> tuple[str, ...]:
    """The names under which an image for this platform may be listed, the best first."""
    system, _, rest = platform.partition("/")
    architecture, _, variant = rest.partition("/")
    variants = _STAND_INS.get(architecture, ())
    if variant in variants:
        variants = variants[variants.index(variant) :]
    bare = f"{system}/{architecture}"
    older = [f"{bare}/{one}" for one in variants]
    return tuple(dict.fromkeys([platform, *([bare, *older] if not variant else [*older, bare])]))
