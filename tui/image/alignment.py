"""The layers of two images side by side, and among them the instructions that the second one left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui.image.anatomy import Anatomy
from tui.image.instructions import keyword, likeness
from tui.image.model import Origin
from tui.image.pairing import best_pairs

ALIKE = 0.3
"""So much must two instructions have in common to stand beside each other."""
MAKE_LAYERS = ("FROM", "ADD", "COPY", "RUN", "WORKDIR")
"""Keywords of instructions that bring files."""


@dataclass(frozen=True, slots=True)
class AlignedLayer:
    """One layer of an image."""

    index: int
    """Counted from the lowest, from 0."""
    size_bytes: int
    """Unpacked."""
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """What stands side by side. On the right there is a layer, a discarded instruction, or nothing."""

    left: AlignedLayer | None
    right: AlignedLayer | None = None
    discarded: Origin | None = None
    """An instruction of a stage that the right image does not descend from: it made no layer of it."""
    is_shared: bool = False
    """Left and right are one and the same layer."""


def align(a: Anatomy, b: Anatomy, discarded: Sequence[Origin] = ()) -> tuple[AlignedRow, ...]:
    """The layers of `a` on the left, those of `b` on the right, from the lowest on.

    Layers that both have stand beside each other first of all, then those whose instructions read alike, in order.
    `discarded` are the instructions of the stages that `b` does not descend from; those that make layers stand before
    the first layer that is its own.
    """
    left, right = _layers(a), _layers(b)
    gone = [origin for origin in discarded if keyword(origin.instruction) in MAKE_LAYERS]
    theirs = [layer.diff_id for layer in b.layers]
    shared = best_pairs([[float(layer.diff_id == other) for other in theirs] for layer in a.layers])
    rows: list[AlignedRow] = []
    borders = [(-1, -1), *shared, (len(left), len(right))]
    for (left_before, right_before), (left_after, right_after) in pairwise(borders):
        beside: list[AlignedLayer | Origin] = [*right[right_before + 1 : right_after]]
        is_last = right_after == len(right)
        if gone and (beside or is_last):
            beside[:0] = gone
            gone = []
        rows += _beside(left[left_before + 1 : left_after], beside)
        if left_after < len(left):
            rows.append(AlignedRow(left[left_after], right[right_after], is_shared=True))
    return tuple(rows)


def _layers(anatomy: Anatomy) -> list[AlignedLayer]:
    return [
        AlignedLayer(index, size, origin)
        for index, (size, origin) in enumerate(zip(anatomy.merged.layer_bytes, anatomy.origins, strict=True))
    ]


def _beside(left: Sequence[AlignedLayer], right: Sequence[AlignedLayer | Origin]) -> list[AlignedRow]:
    """Rows of layers that are not shared, paired by their instructions."""
    pairs = best_pairs([[_worth(mine, theirs) for theirs in right] for mine in left])
    rows: list[AlignedRow] = []
    next_left = next_right = 0
    for left_end, right_end in [*pairs, (len(left), len(right))]:
        rows += (AlignedRow(mine) for mine in left[next_left:left_end])
        rows += (_row(None, theirs) for theirs in right[next_right:right_end])
        if left_end < len(left):
            rows.append(_row(left[left_end], right[right_end]))
        next_left, next_right = left_end + 1, right_end + 1
    return rows


def _row(left: AlignedLayer | None, right: AlignedLayer | Origin) -> AlignedRow:
    if isinstance(right, Origin):
        return AlignedRow(left, discarded=right)
    return AlignedRow(left, right)


def _worth(mine: AlignedLayer, theirs: AlignedLayer | Origin) -> float:
    one, other = mine.origin, theirs if isinstance(theirs, Origin) else theirs.origin
    if other is not None and keyword(other.instruction) == "FROM":
        # What a discarded stage started from stands beside what this image started from.
        return ALIKE if one is None or one.line is None else 0.0
    # What a base image's history says is no match for the Dockerfile's own.
    if one is None or other is None or (one.line is None) != (other.line is None):
        return 0.0
    alike = likeness(one.instruction, other.instruction)
    return alike if alike >= ALIKE else 0.0
