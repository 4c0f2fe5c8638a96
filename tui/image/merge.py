"""Layers laid over each other: the file system that a container sees, and what became of each member of each layer.

The rules are those of the OCI image specification: a whiteout takes away what layers below have, never what its own
layer brings, wherever in the stream it stands; a folder over a folder merges, anything else takes the place of what
was there. https://github.com/opencontainers/image-spec/blob/main/layer.md
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, compress
from typing import NamedTuple

from tui.image.errors import ArchiveDamaged
from tui.image.hard_links import settle_links
from tui.image.model import Kind, LayerIndex

MAX_LINKS = 40
"""So many symlinks are followed on the way to one path, as Linux does."""

MOST_FOLDER_LETTERS = 100_000_000
"""A million folders of a hundred letters each."""


class Fate(IntEnum):
    """What became of a member in the layers above."""

    LIVE = 0
    """A container sees it."""
    REPLACED = 1
    """Something else stands at its path now."""
    REMOVED = 2
    """A later layer took it away, by itself or with a folder above it."""
    MARK = 3
    """It is a whiteout or an opaque mark, and never was a file."""
    MERGED = 4
    """It is a folder that a later entry lists once more: that one has the say of its owner and its rights."""


class Change(IntEnum):
    """What a member did to the file system when its layer came."""

    ADDED = 0
    CHANGED = 1
    """Something stood at its path before."""
    REMOVES = 2
    """It is a whiteout or an opaque mark."""


class Place(NamedTuple):
    """Where a member stands."""

    layer: int
    """Counted from the lowest, from 0."""
    member: int


def place_of(starts: Sequence[int], number: int) -> Place:
    """Where the member of this number stands, when those of all layers are counted through; `starts` as in `Merged`."""
    layer = bisect_right(starts, number) - 1
    return Place(layer, number - starts[layer])


@dataclass(frozen=True, slots=True)
class Merged:
    """Layers laid over each other. Columns as in `LayerIndex`: one for each layer, a byte for each member."""

    layers: tuple[LayerIndex, ...]
    """As they were laid, but for files with several names: their bytes stand at a name that a container sees, where
    there is one, and the other names are hard links to that."""
    live: dict[str, int]
    """Path → number of the member that a container sees there; `place` tells where that stands."""
    implied: frozenset[str]
    """Folders that no layer lists: something in them is all that tells of them."""
    fates: tuple[bytes, ...]
    """A `Fate` each."""
    changes: tuple[bytes, ...]
    """A `Change` each."""
    ended_by: tuple[dict[int, int], ...]
    """Member → the layer that replaced, removed or merged it."""
    wasted: tuple[bytes, ...]
    """1 where a member is carried for nothing: its fate is REPLACED or REMOVED, and no live name has its bytes."""
    layer_bytes: tuple[int, ...]
    """Bytes of each layer, unpacked."""
    layer_waste: tuple[int, ...]
    """Bytes of each layer that are carried for nothing."""
    starts: tuple[int, ...]
    """The number of each layer's first member, when the members of all layers are counted through."""
    holders: dict[int, int]
    """Number of a hard link → number of the member that has its bytes; a link that leads nowhere is missing."""
    brought_as: dict[int, str]
    """Number of a member that took bytes over → the path under which the layer's tar stream has them."""

    @property
    def unpacked_bytes(self) -> int:
        """All copies in all layers."""
        return sum(self.layer_bytes)

    @property
    def waste_bytes(self) -> int:
        """All copies without the live ones: without them a container sees the rest, each hard link once."""
        return sum(self.layer_waste)

    def place(self, number: int) -> Place:
        """Where the member of this number stands."""
        return place_of(self.starts, number)

    def find(self, path: str) -> Place | None:
        """The live member at a path, with or without slashes around it; no link is followed."""
        number = self.live.get(path.strip("/"))
        return None if number is None else self.place(number)

    def kind(self, place: Place) -> Kind:
        """What the member at a place is."""
        return Kind(self.layers[place.layer].kinds[place.member])

    def content(self, place: Place) -> Place:
        """Where the content of a member stands: behind a hard link at another place, otherwise at its own."""
        holder = self.holders.get(self.starts[place.layer] + place.member)
        return place if holder is None else self.place(holder)

    def archived_path(self, place: Place) -> str:
        """The path at which the layer's tar stream has the content of a member that is no hard link."""
        number = self.starts[place.layer] + place.member
        return self.brought_as.get(number) or self.layers[place.layer].paths[place.member]

    def has(self, path: str) -> bool:
        """Whether something is live at a path, listed or implied; no link is followed."""
        path = path.strip("/")
        return path in self.live or path in self.implied or not path

    def resolve(self, path: str) -> str | None:
        """Where a path leads when every symlink on the way is followed; None where that is nowhere or a circle."""
        waiting = path.split("/")[::-1]
        reached = ""
        links = 0
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                reached = reached.rpartition("/")[0]
                continue
            here = f"{reached}/{part}" if reached else part
            target = self._target(here)
            if target is None:
                if not self.has(here):
                    return None
                reached = here
                continue
            links += 1
            if links > MAX_LINKS:
                return None
            if target.startswith("/"):
                reached = ""
            waiting.extend(target.split("/")[::-1])
        return reached

    def live_members(self) -> Iterator[tuple[str, Place]]:
        """All that a container sees, with where it stands."""
        for path, number in self.live.items():
            yield path, self.place(number)

    def _target(self, path: str) -> str | None:
        found = self.find(path)
        place = None if found is None else self.content(found)
        if place is None or self.kind(place) is not Kind.SYMLINK:
            return None
        return self.layers[place.layer].links.get(place.member, "")


def merge(layers: Sequence[LayerIndex]) -> Merged:
    """Lay layers over each other, the lowest first. Raises ArchiveDamaged where their folders know no bounds."""
    merger = _Merger(layers)
    for index in range(len(layers)):
        merger.lay(index)
    return merger.result()


class _Merger:
    """The file system while layers are laid over each other."""

    def __init__(self, layers: Sequence[LayerIndex]) -> None:
        self.layers = tuple(layers)
        counts = [len(layer.paths) for layer in layers]
        self.starts = tuple(accumulate(counts[:-1], initial=0)) if counts else ()
        self.fates = [bytearray(count) for count in counts]
        self.changes = [bytearray(count) for count in counts]
        self.ended_by: list[dict[int, int]] = [{} for _ in counts]
        self.live: dict[str, int] = {}
        self.tree: dict[str, list[str]] = {}
        """Folder → paths of what was put into it; may still name what is gone, and name things twice."""
        self.implied: dict[str, int] = {}
        """Folder without a live member of its own → the layer that first put something into it."""
        self.folder_letters = 0
        """Of the paths of all folders: a deep path implies one for each part of it."""
        self.gone: dict[str, int] = {}
        """What the whiteouts of the layer that is being laid took away."""
        self.holders: dict[int, int] = {}
        """Hard link → the member that brought its bytes."""

    def result(self) -> Merged:
        settled = settle_links(self.layers, self.starts, self.holders, self._is_live)
        layers = settled.layers
        wasted = self._wasted(settled.holders)
        return Merged(
            layers=layers,
            live=self.live,
            implied=frozenset(self.implied),
            fates=tuple(map(bytes, self.fates)),
            changes=tuple(map(bytes, self.changes)),
            ended_by=tuple(self.ended_by),
            wasted=wasted,
            layer_bytes=tuple(layer.size_bytes for layer in layers),
            layer_waste=tuple(sum(compress(a.sizes, flags)) for a, flags in zip(layers, wasted, strict=True)),
            starts=self.starts,
            holders=settled.holders,
            brought_as=settled.brought_as,
        )

    def lay(self, index: int) -> None:
        """Put the next layer on top."""
        layer, live, tree = self.layers[index], self.live, self.tree
        self.gone = {}
        if Kind.WHITEOUT in layer.kinds or Kind.OPAQUE in layer.kinds:
            self._take_away(index)
        gone, changes = self.gone, self.changes[index]
        start = number = self.starts[index]
        # Plain numbers: of an enumeration, each of some hundred thousand comparisons would take twice as long.
        first_mark, hard_link = int(Kind.WHITEOUT), int(Kind.HARDLINK)
        for path, kind in zip(layer.paths, layer.kinds, strict=True):
            if kind < first_mark:
                if path in live or path in tree or path in gone:
                    changes[number - start] = self._put_over(index, path, kind)
                if kind == hard_link:
                    self._link(number, path, layer.links.get(number - start, ""))
                live[path] = number
                folder = path.rpartition("/")[0]
                siblings = tree.get(folder)
                if siblings is None:
                    siblings = self._open(index, folder)
                if path:
                    siblings.append(path)
            number += 1

    def _take_away(self, index: int) -> None:
        """What the layer's whiteouts and opaque marks hit; nothing of the layer itself is laid yet."""
        layer = self.layers[index]
        for member, kind in enumerate(layer.kinds):
            if kind < Kind.WHITEOUT:
                continue
            self.fates[index][member] = Fate.MARK
            self.changes[index][member] = Change.REMOVES
            path = layer.paths[member]
            if kind == Kind.WHITEOUT:
                self._remove(index, path)
            self._remove_inside(index, path)

    def _put_over(self, index: int, path: str, kind: int) -> Change:
        """Clear the way for a member at a path where something is or was; tells what that makes of the member."""
        change = Change.ADDED
        below = self.live.get(path, self.gone.pop(path, None))
        if below is not None:
            place = self._place(below)
            change = Change.CHANGED if place.layer < index else Change(self.changes[index][place.member])
            goes_on = kind == Kind.FOLDER and self._is_folder(below)
            self._end(place, Fate.MERGED if goes_on else Fate.REPLACED, index)
        implied_by = self.implied.pop(path, index)
        if implied_by < index:
            change = Change.CHANGED
        if kind != Kind.FOLDER:
            self._remove_inside(index, path)
        return change

    def _link(self, number: int, path: str, target: str) -> None:
        """Make a hard link to what stands at its target now, which may be of a layer below; a folder has no links."""
        holder = self.live.get(target)
        # Its own path was cleared for it.
        if holder is None or target == path or self._is_folder(holder):
            return
        if self._kind(holder) != Kind.HARDLINK:
            self.holders[number] = holder
        elif holder in self.holders:
            self.holders[number] = self.holders[holder]

    def _open(self, index: int, folder: str) -> list[str]:
        """Make a folder of a path into which something is put for the first time."""
        siblings = self.tree[folder] = []
        self._count(folder)
        # No recursion: a path can be deeper than it.
        while folder:
            number = self.live.get(folder)
            if number is not None:
                if self._is_folder(number):
                    break
                self._end(self._place(number), Fate.REPLACED, index)
                del self.live[folder]
            self.implied.setdefault(folder, index)
            above = folder.rpartition("/")[0]
            beside = self.tree.get(above)
            if beside is not None:
                beside.append(folder)
                break
            self.tree[above] = [folder]
            self._count(above)
            folder = above
        return siblings

    def _count(self, folder: str) -> None:
        self.folder_letters += len(folder)
        if self.folder_letters > MOST_FOLDER_LETTERS:
            raise ArchiveDamaged("The image has more and deeper folders than any file system would take.")

    def _remove_inside(self, index: int, folder: str) -> None:
        """Take away all that lies in a folder, to any depth."""
        waiting = [folder]
        while waiting:
            for path in self.tree.pop(waiting.pop(), ()):
                self._remove(index, path)
                if path in self.tree:
                    waiting.append(path)

    def _remove(self, index: int, path: str) -> None:
        self.implied.pop(path, None)
        number = self.live.pop(path, None)
        if number is not None:
            self.gone[path] = number
            self._end(self._place(number), Fate.REMOVED, index)

    def _end(self, place: Place, fate: Fate, by: int) -> None:
        self.fates[place.layer][place.member] = fate
        self.ended_by[place.layer][place.member] = by

    def _place(self, number: int) -> Place:
        return place_of(self.starts, number)

    def _kind(self, number: int) -> int:
        place = self._place(number)
        return self.layers[place.layer].kinds[place.member]

    def _is_folder(self, number: int) -> bool:
        return self._kind(number) == Kind.FOLDER

    def _is_live(self, number: int) -> bool:
        place = self._place(number)
        return self.fates[place.layer][place.member] == Fate.LIVE

    def _wasted(self, holders: Mapping[int, int]) -> tuple[bytes, ...]:
        """1 for each member that is gone and whose bytes no live name has."""
        wasted = [column.translate(_ENDED) for column in self.fates]
        for link, holder in holders.items():
            if self._is_live(holder):
                place = self._place(link)
                wasted[place.layer][place.member] = 0
        return tuple(map(bytes, wasted))


_ENDED = bytes(int(fate in (Fate.REPLACED, Fate.REMOVED)) for fate in range(256))
