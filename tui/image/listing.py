"""Which files to list and what is to be said of each.

They are those of an image, of one of its layers, of what was left behind, or of two images compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.image.anatomy import Anatomy
from tui.image.file_tree import FileTree, Mark
from tui.image.leftover import LeftBehind
from tui.image.merge import Change, Fate, Place
from tui.image.model import Kind

CHANGE_MARKS = {Change.ADDED: Mark.ADDED, Change.CHANGED: Mark.CHANGED, Change.REMOVES: Mark.REMOVED}

LONGEST_MAKER = 40
"""So many characters of an instruction tell it from the others."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry of a list stands."""

    image: int
    """0, or 1 for the second of two that are compared."""
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """Files as a tree, with the place of each."""

    tree: FileTree
    sources: tuple[Source, ...]
    """By the tree's `entries`."""


class _Entries:
    """Gathers what a tree is built of."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._sizes: list[int] = []
        self._marks = bytearray()
        self._groups = bytearray()
        self._folders: list[int] = []
        self._notes: dict[int, str] = {}
        self._sources: list[Source] = []

    def add(self, anatomy: Anatomy, image: int, place: Place, mark: Mark, note: str = "") -> None:
        """List one member of an image."""
        layer, member = anatomy.layers[place.layer], place.member
        number = len(self._paths)
        kind = layer.kinds[member]
        if kind in (Kind.FOLDER, Kind.OPAQUE):
            self._folders.append(number)
        elif kind in (Kind.SYMLINK, Kind.HARDLINK) and not note:
            note = f"→ {layer.links[member]}"
        if note:
            self._notes[number] = note
        self._paths.append(layer.paths[member])
        self._sizes.append(layer.sizes[member])
        self._marks.append(mark)
        self._groups.append(anatomy.purposes[place.layer][member])
        self._sources.append(Source(image, place))

    def listing(self) -> Listing:
        """All of it."""
        tree = FileTree.build(
            self._paths,
            self._sizes,
            folders=self._folders,
            marks=self._marks,
            notes=self._notes,
            groups=self._groups,
        )
        return Listing(tree, tuple(self._sources))


def list_image(anatomy: Anatomy, image: int = 0) -> Listing:
    """What a container sees, and the copies that are carried for nothing, marked as waste."""
    merged = anatomy.merged
    return _list_copies(
        anatomy,
        image,
        (
            Place(index, member)
            for index, fates in enumerate(merged.fates)
            for member, fate in enumerate(fates)
            if fate == Fate.LIVE or merged.wasted[index][member]
        ),
    )


def list_left_behind(left: LeftBehind, image: int) -> Listing:
    """What was left behind of the larger image, which is the one of this number; waste is marked."""
    return _list_copies(left.larger, image, left.members())


def _list_copies(anatomy: Anatomy, image: int, places: Iterable[Place]) -> Listing:
    """These members of an image. Of what is carried for nothing it is said by what that came."""
    entries = _Entries()
    makers = layer_makers(anatomy)
    for place in places:
        if anatomy.merged.wasted[place.layer][place.member]:
            entries.add(anatomy, image, place, Mark.WASTED, ended_words(anatomy, place, makers))
        else:
            entries.add(anatomy, image, place, Mark.NONE)
    return entries.listing()


def layer_makers(anatomy: Anatomy, longest: int | None = LONGEST_MAKER) -> list[str]:
    """What made each layer: `4: RUN rm -rf /var/cache/…`, or `layer 4` where nothing tells.

    Instructions are cut to `longest` characters; None leaves them whole.
    """
    return [_maker(anatomy, index, longest) for index in range(len(anatomy.layers))]


def ended_words(anatomy: Anatomy, place: Place, makers: Sequence[str]) -> str:
    """What wastes a wasted member: `removed by 5: RUN rm -rf /tmp/cache`. `makers` are those of `layer_makers`."""
    words = "replaced" if anatomy.merged.fates[place.layer][place.member] == Fate.REPLACED else "removed"
    return f"{words} by {makers[anatomy.merged.ended_by[place.layer][place.member]]}"


def _maker(anatomy: Anatomy, index: int, longest: int | None) -> str:
    origin = anatomy.origins[index]
    words = origin.shown if origin is not None else ""
    if origin is None or not words:
        return f"layer {index + 1}"
    line = f"{origin.line}: " if origin.line is not None else ""
    return line + (words if longest is None or len(words) <= longest else f"{words[: longest - 1]}…")


def list_layer(anatomy: Anatomy, index: int, image: int = 0) -> Listing:
    """What one layer adds, changes and takes away."""
    entries = _Entries()
    changes, wasted = anatomy.merged.changes[index], anatomy.merged.wasted[index]
    for member in range(len(anatomy.layers[index].paths)):
        mark = Mark.WASTED if wasted[member] else CHANGE_MARKS[Change(changes[member])]
        entries.add(anatomy, image, Place(index, member), mark)
    return entries.listing()


def list_comparison(first: Anatomy, second: Anatomy) -> Listing:
    """What containers of the one and of the other see: in both alike, in both but different, or in one only."""
    entries = _Entries()
    theirs = dict(second.merged.live_members())
    for path, place in first.merged.live_members():
        other = theirs.pop(path, None)
        if other is None:
            entries.add(first, 0, place, Mark.ONLY_LEFT)
        elif _content(first, place) == _content(second, other):
            entries.add(first, 0, place, Mark.NONE)
        else:
            entries.add(first, 0, place, Mark.CHANGED, f"{_what(second, other)} in the other")
    for place in theirs.values():
        entries.add(second, 1, place, Mark.ONLY_RIGHT)
    return entries.listing()


def _what(anatomy: Anatomy, place: Place) -> str:
    place = anatomy.merged.content(place)
    kind = anatomy.merged.kind(place)
    if kind in (Kind.FILE, Kind.HARDLINK):
        return f"{anatomy.layers[place.layer].sizes[place.member]:,} bytes"
    return {Kind.FOLDER: "a folder", Kind.SYMLINK: "a link"}.get(kind, "a device")


def _content(anatomy: Anatomy, place: Place) -> tuple[int, bytes, str]:
    """What must be equal for two members to count as the same: kind, content, target of a link."""
    # By the content behind a hard link: which of the names comes first is chance.
    place = anatomy.merged.content(place)
    layer = anatomy.layers[place.layer]
    return layer.kinds[place.member], layer.digest(place.member), layer.links.get(place.member, "")
