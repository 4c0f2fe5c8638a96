"""What an image carries for nothing, path by path, and which instruction made it so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import compress

from tui.image.anatomy import Anatomy
from tui.image.listing import ended_words, layer_makers
from tui.image.merge import Place


@dataclass(frozen=True, slots=True)
class Waste:
    """All copies at one path that no container sees."""

    path: str
    """Without a slash before it, as layers have it."""
    size_bytes: int
    why: str
    """`removed by 5: RUN rm -rf /tmp/cache`: of the copies, about the last. The instruction is whole."""


def largest_waste(anatomy: Anatomy, count: int) -> tuple[Waste, ...]:
    """The paths with most bytes that are carried for nothing, the largest first, at most `count`."""
    sizes: Counter[str] = Counter()
    places: dict[str, Place] = {}
    for index, (layer, flags) in enumerate(zip(anatomy.layers, anatomy.merged.wasted, strict=True)):
        for member in compress(range(len(flags)), flags):
            if layer.sizes[member]:
                sizes[layer.paths[member]] += layer.sizes[member]
                places[layer.paths[member]] = Place(index, member)
    makers = layer_makers(anatomy, longest=None)
    return tuple(
        Waste(path, size, ended_words(anatomy, places[path], makers)) for path, size in sizes.most_common(count)
    )
