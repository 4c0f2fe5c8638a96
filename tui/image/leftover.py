"""What one image carries and another does not: what the second FROM left behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import compress

from tui.image.anatomy import Anatomy, Total
from tui.image.facts import contents
from tui.image.merge import Place
from tui.image.model import Kind, LayerIndex
from tui.image.purposes import PURPOSES, Purpose

LISTED_SHARE = 0.03
"""A folder is listed on its own when it holds this much of what was left behind."""
NEARLY_ALL = 0.9
"""So much of a folder stands for the whole folder when folders are chosen for the list."""


@dataclass(frozen=True, slots=True)
class LeftPart:
    """A folder with all in it, of what was left behind."""

    path: str
    """The root folder is ``."""
    size_bytes: int
    files: int
    is_rest: bool = False
    """Folders in it are listed on their own, and not counted here."""

    @property
    def label(self) -> str:
        """What it is called in a list: `/usr/lib`, `/usr/share (the rest of it)`, and `elsewhere` for all the rest."""
        if not self.is_rest:
            return f"/{self.path}"
        return f"/{self.path} (the rest of it)" if self.path else "elsewhere"


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """The bytes of the larger image that the smaller one does not carry."""

    larger: Anatomy
    flags: tuple[bytes, ...]
    """For each layer of the larger image a byte for each member: 1 where it was left behind."""
    size_bytes: int
    by_purpose: dict[Purpose, Total]
    folders: dict[str, Total] = field(repr=False)
    """Folder → all in it, to any depth. The root folder is ``."""

    def members(self) -> Iterator[Place]:
        """All that was left behind, layer by layer."""
        for layer, flags in enumerate(self.flags):
            for member in compress(range(len(flags)), flags):
                yield Place(layer, member)

    def by_directory(self, share: float = LISTED_SHARE) -> tuple[LeftPart, ...]:
        """The folders that matter, the largest first: each holds at least `share` of the whole.

        A folder whose bytes have one purpose is not broken up, and one that has little but another folder in it makes
        room for that. They add up to the whole: what is too little to be listed counts for the folder above.
        """
        least = max(1.0, share * self.size_bytes)
        own = _own_totals(self.larger, self.flags)
        candidates = self._candidates(least)
        listed: list[LeftPart] = []
        has_listed: set[str] = set()
        for folder in sorted(self.folders, key=_depth, reverse=True):
            total, above = own[folder], folder.rpartition("/")[0]
            if (folder in candidates and total.size_bytes >= least) or (not folder and total.size_bytes):
                listed.append(LeftPart(folder, total.size_bytes, total.files, is_rest=folder in has_listed))
                has_listed.add(above)
            elif folder:
                own[above] += total
                if folder in has_listed:
                    has_listed.add(above)
        return tuple(sorted(listed, key=_largest_first))

    def _candidates(self, least: float) -> set[str]:
        """The folders that may be listed."""
        main = _main_purpose_bytes(self.larger, self.flags)
        children: defaultdict[str, list[str]] = defaultdict(list)
        for folder, total in self.folders.items():
            if folder and total.size_bytes >= least:
                children[folder.rpartition("/")[0]].append(folder)
        found: set[str] = set()
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            size = self.folders[folder].size_bytes
            largest = max(children[folder], key=lambda child: self.folders[child].size_bytes, default=None)
            if largest is not None and self.folders[largest].size_bytes >= NEARLY_ALL * size:
                waiting.append(largest)
                continue
            found.add(folder)
            if main[folder] < NEARLY_ALL * size:
                waiting.extend(children[folder])
        return found

    def as_json(self) -> dict[str, object]:
        """Bytes, bytes by purpose, bytes by directory."""
        return {
            "bytes": self.size_bytes,
            "by_purpose": {purpose.value: total.size_bytes for purpose, total in self.by_purpose.items()},
            "by_directory": {
                f"/{part.path}".encode("utf-8", "surrogateescape").decode("utf-8", "replace"): part.size_bytes
                for part in self.by_directory()
            },
        }


def left_behind(larger: Anatomy, smaller: Anatomy) -> LeftBehind:
    """What `smaller` does not carry of `larger`.

    Layers that both have are carried as they are. Of the others what a container sees is carried where the smaller
    image has the same content, at whatever path, or the same symlink at the same path; waste never is.
    """
    shared = {layer.diff_id for layer in smaller.layers}
    theirs = {
        content
        for layer in smaller.layers
        for content, kind in zip(contents(layer), layer.kinds, strict=True)
        if kind == Kind.FILE
    }
    their_links = {link for layer in smaller.layers for link in _symlinks(layer)}
    flags = tuple(
        bytes(len(layer.paths)) if layer.diff_id in shared else _left(layer, wasted, theirs, their_links)
        for layer, wasted in zip(larger.layers, larger.merged.wasted, strict=True)
    )
    by_purpose = _by_purpose(larger, flags)
    size = sum(total.size_bytes for total in by_purpose.values())
    return LeftBehind(larger, flags, size, by_purpose, _folders(larger, flags))


def _left(
    layer: LayerIndex,
    wasted: bytes,
    theirs: Collection[tuple[tuple[bytes], int]],
    their_links: Collection[tuple[str, str]],
) -> bytes:
    flags = bytearray(len(layer.paths))
    for member, content in enumerate(contents(layer)):
        kind = layer.kinds[member]
        if kind == Kind.FILE:
            flags[member] = wasted[member] or content not in theirs
        elif kind == Kind.SYMLINK:
            link = layer.paths[member], layer.links.get(member, "")
            flags[member] = wasted[member] or link not in their_links
    return bytes(flags)


def _symlinks(layer: LayerIndex) -> Iterator[tuple[str, str]]:
    for member, target in layer.links.items():
        if layer.kinds[member] == Kind.SYMLINK:
            yield layer.paths[member], target


def _by_purpose(anatomy: Anatomy, flags: tuple[bytes, ...]) -> dict[Purpose, Total]:
    sizes, files = [0] * len(PURPOSES), [0] * len(PURPOSES)
    for layer, purposes, left in zip(anatomy.layers, anatomy.purposes, flags, strict=True):
        for purpose, size in compress(zip(purposes, layer.sizes, strict=True), left):
            sizes[purpose] += size
            files[purpose] += 1
    return {purpose: Total(sizes[number], files[number]) for number, purpose in enumerate(PURPOSES)}


def _own_totals(anatomy: Anatomy, flags: tuple[bytes, ...]) -> defaultdict[str, Total]:
    """Folder → what lies in it directly."""
    sizes: defaultdict[str, int] = defaultdict(int)
    files: defaultdict[str, int] = defaultdict(int)
    for layer, left in zip(anatomy.layers, flags, strict=True):
        for path, size in compress(zip(layer.paths, layer.sizes, strict=True), left):
            folder = path.rpartition("/")[0]
            sizes[folder] += size
            files[folder] += 1
    return defaultdict(Total, {folder: Total(size, files[folder]) for folder, size in sizes.items()})


def _main_purpose_bytes(anatomy: Anatomy, flags: tuple[bytes, ...]) -> dict[str, int]:
    """Folder → bytes in it, to any depth, of the purpose that has most of them there."""
    own: Counter[tuple[str, int]] = Counter()
    for layer, purposes, left in zip(anatomy.layers, anatomy.purposes, flags, strict=True):
        for path, purpose, size in compress(zip(layer.paths, purposes, layer.sizes, strict=True), left):
            own[path.rpartition("/")[0], purpose] += size
    whole: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for (folder, purpose), size in own.items():
        for above in _upwards(folder):
            whole[above][purpose] += size
    return defaultdict(int, {folder: max(sizes.values()) for folder, sizes in whole.items()})


def _folders(anatomy: Anatomy, flags: tuple[bytes, ...]) -> dict[str, Total]:
    """Folder → all in it, to any depth; the root is there even when it holds nothing."""
    whole: defaultdict[str, Total] = defaultdict(Total)
    whole[""] = Total()
    for folder, total in _own_totals(anatomy, flags).items():
        for above in _upwards(folder):
            whole[above] += total
    return dict(whole)


def _upwards(folder: str) -> Iterator[str]:
    """A folder and all above it, the root included."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _depth(folder: str) -> int:
    return folder.count("/") + bool(folder)


def _largest_first(part: LeftPart) -> tuple[int, str]:
    return -part.size_bytes, part.path
