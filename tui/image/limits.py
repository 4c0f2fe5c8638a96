"""Thresholds that an image must keep to, for scripts that check it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.image.anatomy import Anatomy
from tui.image.forbidden import forbidden_words
from tui.printable import printable

MOST_DIGITS = 14
"""Of a percentage; further down two floats that differ do so by chance."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an image must keep to; what is None or empty is not asked for."""

    max_bytes: int | None = None
    """Of the size that the engine reports, or unpacked where an archive is read."""
    max_waste_bytes: int | None = None
    max_waste_share: float | None = None
    """Of the unpacked size, from 0 to 1."""
    forbidden_paths: tuple[str, ...] = ()
    """Paths and patterns, as `read_pattern` reads them, that no container may see and no layer may hold."""
    require_static: bool = False
    require_non_root: bool = False


def violations(anatomy: Anatomy, size_bytes: int, limits: Limits) -> Iterator[str]:
    """A sentence for each limit that an image of this size breaks.

    Raises ValueError for a forbidden path that is none, as `read_pattern` does.
    """
    if limits.max_bytes is not None and size_bytes > limits.max_bytes:
        yield f"it has {size_bytes:,} bytes, and {limits.max_bytes:,} are allowed"
    waste = anatomy.waste_bytes
    if limits.max_waste_bytes is not None and waste > limits.max_waste_bytes:
        yield f"{waste:,} bytes are wasted, and {limits.max_waste_bytes:,} are allowed"
    share = waste / anatomy.unpacked_bytes if anatomy.unpacked_bytes else 0.0
    if limits.max_waste_share is not None and share > limits.max_waste_share:
        found, allowed = _shares(share, limits.max_waste_share)
        yield f"{found} of it is wasted, and {allowed} are allowed"
    yield from filter(None, (forbidden_words(anatomy, path) for path in limits.forbidden_paths))
    if limits.require_static:
        yield from _not_static(anatomy)
    if limits.require_non_root and anatomy.facts.runs_as_root:
        yield "it runs as root"


def _shares(share: float, limit: float) -> tuple[str, str]:
    """Two shares as percentages, with so many digits that the two differ."""
    for digits in range(1, MOST_DIGITS):
        words = f"{share:.{digits}%}", f"{limit:.{digits}%}"
        if words[0] != words[1]:
            return words
    return f"{share:.{MOST_DIGITS}%}", f"{limit:.{MOST_DIGITS}%}"


def _not_static(anatomy: Anatomy) -> Iterator[str]:
    if not anatomy.programs:
        yield "there is no program of yours in it that could be static"
    for found in anatomy.programs:
        if not found.program.is_static:
            needed = found.program.interpreter or "shared libraries"
            yield printable(f"/{found.path} is not static: it needs {needed}")
