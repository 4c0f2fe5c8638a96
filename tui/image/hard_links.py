"""Hard links: which member has the bytes of each, and who has them when the name that brought them is gone.

A layer brings the bytes of a file under one name, and further names as links to it. Where a later layer replaces or
removes the first name alone, the bytes live on under another one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tui.image.model import DIGEST_BYTES, Kind, LayerIndex


@dataclass(frozen=True, slots=True)
class SettledLinks:
    """Layers in which every byte stands at a name that a container sees, where there is one. Members are numbered
    through all layers."""

    layers: tuple[LayerIndex, ...]
    """A link that took bytes over is a file here, and the name that brought them a link to it."""
    holders: dict[int, int]
    """Link → the member that has its bytes; a link that leads nowhere is missing."""
    brought_as: dict[int, str]
    """Member that took bytes over → the path under which the layer's tar stream has them."""


def settle_links(
    layers: tuple[LayerIndex, ...],
    starts: Sequence[int],
    holders: Mapping[int, int],
    is_live: Callable[[int], bool],
) -> SettledLinks:
    """Move the bytes of names that are gone to the first link that is not.

    `holders` are links as they were made: link → the member that brought the bytes, in the order of the members.
    `starts` are the numbers of each layer's first member. A link in a later layer takes the bytes into that layer.
    """
    heirs: dict[int, int] = {}
    for link, holder in holders.items():
        if is_live(link) and not is_live(holder):
            heirs.setdefault(holder, link)
    settled: dict[int, int] = dict(heirs)
    for link, holder in holders.items():
        now = heirs.get(holder, holder)
        if now != link:
            settled[link] = now
    drafts = _Drafts(layers, starts)
    brought_as = {heir: drafts.path(holder) for holder, heir in heirs.items()}
    for holder, heir in heirs.items():
        drafts.move(holder, heir)
    for link, holder in settled.items():
        # Written as a link to another link, or to a name that is gone.
        if is_live(link) and drafts.target(link) != drafts.path(holder):
            drafts.point(link, holder)
    return SettledLinks(drafts.layers(), settled, brought_as)


class _Draft:
    """The columns of one layer that can change hands."""

    def __init__(self, layer: LayerIndex) -> None:
        self.kinds = bytearray(layer.kinds)
        self.sizes = array("q", layer.sizes)
        self.digests = bytearray(layer.digests)
        self.links = dict(layer.links)
        self.programs = dict(layer.programs)


class _Drafts:
    """All layers; those that change are copied first."""

    def __init__(self, layers: tuple[LayerIndex, ...], starts: Sequence[int]) -> None:
        self._layers = layers
        self._starts = starts
        self._changed: dict[int, _Draft] = {}

    def path(self, number: int) -> str:
        """Of a member."""
        layer, member = self._place(number)
        return self._layers[layer].paths[member]

    def target(self, number: int) -> str | None:
        """Of a link, as it is written now."""
        layer, member = self._place(number)
        links = self._changed[layer].links if layer in self._changed else self._layers[layer].links
        return links.get(member)

    def point(self, link: int, holder: int) -> None:
        """Write a link anew."""
        draft, member = self._draft(link)
        draft.links[member] = self.path(holder)

    def move(self, holder: int, heir: int) -> None:
        """Give all that a member holds to a link of it, and make a link of the member."""
        old, member = self._draft(holder)
        new, link = self._draft(heir)
        new.kinds[link], old.kinds[member] = old.kinds[member], Kind.HARDLINK
        new.sizes[link], old.sizes[member] = old.sizes[member], 0
        given = slice(member * DIGEST_BYTES, (member + 1) * DIGEST_BYTES)
        new.digests[link * DIGEST_BYTES : (link + 1) * DIGEST_BYTES] = old.digests[given]
        old.digests[given] = bytes(DIGEST_BYTES)
        # A symlink may have further names too.
        target = old.links.pop(member, None)
        new.links.pop(link, None)
        if target is not None:
            new.links[link] = target
        program = old.programs.pop(member, None)
        if program is not None:
            new.programs[link] = program
        self.point(holder, heir)

    def layers(self) -> tuple[LayerIndex, ...]:
        """All of them, the changed ones as they are now."""
        return tuple(
            self._written(layer, self._changed[index]) if index in self._changed else layer
            for index, layer in enumerate(self._layers)
        )

    def _written(self, layer: LayerIndex, draft: _Draft) -> LayerIndex:
        return replace(
            layer,
            kinds=bytes(draft.kinds),
            sizes=draft.sizes,
            digests=bytes(draft.digests),
            links=draft.links,
            programs=draft.programs,
        )

    def _draft(self, number: int) -> tuple[_Draft, int]:
        layer, member = self._place(number)
        if layer not in self._changed:
            self._changed[layer] = _Draft(self._layers[layer])
        return self._changed[layer], member

    def _place(self, number: int) -> tuple[int, int]:
        layer = bisect_right(self._starts, number) - 1
        return layer, number - self._starts[layer]
