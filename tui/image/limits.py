"""Thresholds that an image must keep to, for scripts that check it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.image.anatomy import Anatomy


@dataclass(frozen=True, slots=True)
class Limits:
    """What an image must keep to; what is None or empty is not asked for."""

    max_bytes: int | None = None
    """Of the size that the engine reports, or unpacked where an archive is read."""
    max_waste_bytes: int | None = None
    max_waste_share: float | None = None
    """Of the unpacked size, from 0 to 1."""
    forbidden_paths: tuple[str, ...] = ()
    """Absolute paths that no container may see and no layer may hold."""
    require_static: bool = False
    require_non_root: bool = False


def violations(anatomy: Anatomy, size_bytes: int, limits: Limits) -> Iterator[str]:
    """A sentence for each limit that an image of this size breaks."""
    if limits.max_bytes is not None and size_bytes > limits.max_bytes:
        yield f"it has {size_bytes:,} bytes, and {limits.max_bytes:,} are allowed"
    waste = anatomy.waste_bytes
    if limits.max_waste_bytes is not None and waste > limits.max_waste_bytes:
        yield f"{waste:,} bytes are wasted, and {limits.max_waste_bytes:,} are allowed"
    share = waste / anatomy.unpacked_bytes if anatomy.unpacked_bytes else 0.0
    if limits.max_waste_share is not None and share > limits.max_waste_share:
        yield f"{share:.1%} of it is wasted, and {limits.max_waste_share:.1%} are allowed"
    for path in limits.forbidden_paths:
        yield from _forbidden(anatomy, path)
    if limits.require_static:
        yield from _not_static(anatomy)
    if limits.require_non_root and anatomy.facts.runs_as_root:
        yield "it runs as root"


def _forbidden(anatomy: Anatomy, path: str) -> Iterator[str]:
    if anatomy.facts.has_path(path):
        yield f"{path} is in it"
        return
    inner = path.strip("/")
    for number, layer in enumerate(anatomy.layers, 1):
        if any(
            size and (held == inner or held.startswith(inner + "/"))
            for held, size in zip(layer.paths, layer.sizes, strict=True)
        ):
            yield f"{path} is hidden in layer {number}"
            return


def _not_static(anatomy: Anatomy) -> Iterator[str]:
    if not anatomy.programs:
        yield "there is no program of yours in it that could be static"
    for found in anatomy.programs:
        if not found.program.is_static:
            yield f"/{found.path} is not static: it needs {found.program.interpreter or 'shared libraries'}"
