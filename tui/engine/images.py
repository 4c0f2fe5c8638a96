"""An engine's answers about an image, read into `Image`. Pure functions over decoded JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tui.engine.model import HistoryLayer, Image, SizeBasis

NOP = re.compile(r"^/bin/sh -c #\(nop\)\s+")
RUN_SHELL = re.compile(r"^(?:RUN )?(?:\|\d+ .*? )?/bin/sh -c ")
PULLED = re.compile(r"^(?:frontend )?pulled from ([^@\s]+)")
BUILDKIT_NOTE = re.compile(r"\s*# buildkit$")


def read_image(inspected: dict[str, Any], history: list[dict[str, Any]], basis: SizeBasis) -> Image:
    """An image from `GET /images/{name}/json` (with `manifests=1` on the containerd store) and its `/history`."""
    packed, unpacked = _both_sizes(inspected)
    size = int(inspected.get("Size") or 0)
    if basis is SizeBasis.UNPACKED:
        unpacked = size
    elif packed is not None and unpacked is not None:
        size, basis = packed + unpacked, SizeBasis.PACKED_AND_UNPACKED
    else:
        packed, basis = size, SizeBasis.PACKED
    config = inspected.get("Config") or {}
    return Image(
        image_id=str(inspected["Id"]),
        tags=tuple(inspected.get("RepoTags") or ()),
        size_bytes=size,
        size_basis=basis,
        platform="/".join(
            p for p in (inspected.get("Os"), inspected.get("Architecture"), inspected.get("Variant")) if p
        ),
        created=parse_time(inspected.get("Created")),
        layers=tuple(_layer(entry) for entry in reversed(history)),
        user=str(config.get("User") or ""),
        labels=dict(config.get("Labels") or {}),
        unpacked_bytes=unpacked,
        packed_bytes=packed,
    )


def parse_time(text: str | None) -> datetime | None:
    """An RFC 3339 time with up to nine decimals, as the engine writes it; None for none and for year 1."""
    if not text or text.startswith("0001-"):
        return None
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", text))


def instruction_of(created_by: str) -> str:
    """A history entry's `CreatedBy` as an instruction, with what the builders wrap around it taken off."""
    text = BUILDKIT_NOTE.sub("", created_by.strip())
    if NOP.match(text):
        return NOP.sub("", text).strip()
    shell = RUN_SHELL.match(text)
    return f"RUN {text[shell.end() :]}" if shell else text


def _layer(entry: dict[str, Any]) -> HistoryLayer:
    created = entry.get("Created")
    return HistoryLayer(
        instruction_of(str(entry.get("CreatedBy") or "")),
        int(entry.get("Size") or 0),
        datetime.fromtimestamp(created, UTC) if isinstance(created, int) and created > 0 else None,
    )


def _both_sizes(inspected: dict[str, Any]) -> tuple[int | None, int | None]:
    """Packed and unpacked bytes of the image that is here, from the `Manifests` of API 1.48 and later."""
    for manifest in inspected.get("Manifests") or ():
        if manifest.get("Kind") == "image" and manifest.get("Available"):
            packed = manifest.get("Size", {}).get("Content")
            unpacked = (manifest.get("ImageData") or {}).get("Size", {}).get("Unpacked")
            return packed, unpacked
    return None, None


def read_cached_bases(usage: Mapping[str, Any]) -> dict[str, int]:
    """Unpacked bytes of each pulled image in the build cache, by its full name, from GET /system/df.

    Its records say `pulled from docker.io/library/golang:1.27@sha256:…`. One of no size is known and not fetched.
    """
    records = usage.get("BuildCache") or (usage.get("BuildCacheUsage") or {}).get("Items") or ()
    sizes: dict[str, int] = {}
    for record in records:
        if match := PULLED.match(str(record.get("Description") or "")):
            sizes[match[1]] = sizes.get(match[1], 0) + int(record.get("Size") or 0)
    return {name: size for name, size in sizes.items() if size > 0}
