"""What is known of the insides of one image, or of two beside each other: what the screens show and commands print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.image.alignment import AlignedRow, align
from tui.image.anatomy import Anatomy
from tui.image.leftover import LeftBehind, left_behind
from tui.image.model import Origin


@dataclass(frozen=True, slots=True)
class Inside:
    """One image that was looked into."""

    subject: str
    """`current/simple`"""
    title: str
    """`Single stage`"""
    image_id: str
    """By the engine, or of the configuration where an archive was read."""
    anatomy: Anatomy


@dataclass(frozen=True, slots=True)
class Insight:
    """One or two images."""

    images: tuple[Inside, ...]
    rows: tuple[AlignedRow, ...]
    """The layers of both beside each other; empty with one image."""
    left_behind: LeftBehind | None
    """What the larger one carries and the smaller one does not; None with one image."""
    shared_bytes: int
    """In layers that both have."""

    @property
    def larger_number(self) -> int:
        """Which image has more in it; the first where they are alike."""
        return _larger_number(self.images)

    @property
    def larger(self) -> Inside:
        """The image with more in it."""
        return self.images[self.larger_number]

    @property
    def smaller(self) -> Inside:
        """The other one."""
        return self.images[len(self.images) - 1 - self.larger_number]


def gain_insight(images: Sequence[Inside], discarded: Sequence[Origin] = ()) -> Insight:
    """Put one or two images beside each other. `discarded` are instructions of stages that the second left behind."""
    if len(images) < 2:
        return Insight(tuple(images), (), None, 0)
    first, second = images[0].anatomy, images[1].anatomy
    larger, smaller = (second, first) if _larger_number(images) else (first, second)
    theirs = {layer.diff_id for layer in second.layers}
    shared = {layer.diff_id: layer.size_bytes for layer in first.layers if layer.diff_id in theirs}
    return Insight(tuple(images), align(first, second, discarded), left_behind(larger, smaller), sum(shared.values()))


def _larger_number(images: Sequence[Inside]) -> int:
    return max(range(len(images)), key=lambda number: images[number].anatomy.unpacked_bytes)
