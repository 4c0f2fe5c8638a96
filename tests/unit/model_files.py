"""A file system as simple as can be, which writes down its layers as an engine does: what merging is held against."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from tests.unit.layers import Member, file, folder, hard_link, layer, opaque, symlink, whiteout
from tui.image.model import Kind, LayerIndex

NAMES = st.sampled_from(["a", "b", "c", "usr", "app"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@dataclass(frozen=True)
class Node:
    """What stands at a path; names of one file share the node. Whatever is written anew is another node."""

    member: Member
    born: int
    """The layer that wrote it."""
    number: int


@dataclass
class ModelFiles:
    """Files under a pen: operations change them, `commit` writes down what changed since the last time."""

    nodes: dict[str, Node] = field(default_factory=dict)
    layers: list[LayerIndex] = field(default_factory=list)
    listed: dict[str, int] = field(default_factory=dict)
    """Path → the last layer that lists it."""
    _before: dict[str, Node] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def write(self, path: str, size: int) -> None:
        if self._make_room(path):
            number = next(self._numbers)
            self.nodes[path] = Node(file(path, size, f"content {number}"), len(self.layers), number)

    def change_mode(self, path: str) -> None:
        node = self.nodes.get(path)
        if node and node.member.kind == 0:
            copy = Node(
                file(path, node.member.size, node.member.content, mode=0o700), len(self.layers), next(self._numbers)
            )
            self.nodes[path] = copy

    def make_folder(self, path: str) -> None:
        if path not in self.nodes and self._make_room(path):
            self._put_folder(path)

    def link(self, path: str, target: str) -> None:
        if self._make_room(path):
            self.nodes[path] = Node(symlink(path, target), len(self.layers), next(self._numbers))

    def hard_link(self, path: str, which: int) -> None:
        """Another name for one of the files and symlinks, as `ln` on an engine makes it."""
        target = self._linkable(path, which)
        if target is None or not self._make_room(path):
            return
        node = self.nodes[target]
        if not self._is_new(target):
            # A file of a layer below is copied up before it gets another name.
            node = Node(node.member, len(self.layers), next(self._numbers))
            self.nodes[target] = node
        self.nodes[path] = node

    def hard_link_below(self, path: str, which: int) -> None:
        """The same without a copy, as some builders write it: the layer links to a file of a layer below."""
        target = self._linkable(path, which)
        if target is None or path in self._before or self._before.get(target) is not self.nodes[target]:
            return
        if self._make_room(path):
            self.nodes[path] = self.nodes[target]

    def remove(self, path: str) -> None:
        for gone in self._within(path):
            del self.nodes[gone]

    def commit(self, order: Callable[[list[Member]], list[Member]], *, use_opaque: bool) -> None:
        """Write down a layer of all that changed, in an order of the caller's liking."""
        self._copy_up()
        marks: list[Member] = []
        for path in sorted(self._before):
            parent = path.rpartition("/")[0]
            if path in self.nodes or (parent and (parent not in self.nodes or not self._is_folder(parent))):
                continue
            if not (use_opaque and parent and self._is_new(parent)):
                marks.append(whiteout(path))
        for path, node in self.nodes.items():
            if use_opaque and node.member.kind == 1 and self._is_new(path) and path in self._before:
                marks.append(opaque(path))
        members = self._new_members()
        self.listed.update(dict.fromkeys((member.path for member in members), len(self.layers)))
        self.layers.append(layer(*order([*members, *marks])))
        self._before = dict(self.nodes)

    def _copy_up(self) -> None:
        """Links to a file of a layer below whose own name went in the same layer: they need a copy of it."""
        copies: dict[int, Node] = {}
        for path, node in self.nodes.items():
            if not self._is_new(path) and path not in self._before and self._kept_name(node) is None:
                if node.number not in copies:
                    copies[node.number] = Node(node.member, len(self.layers), next(self._numbers))
                self.nodes[path] = copies[node.number]

    def _kept_name(self, node: Node) -> str | None:
        """A name that it had in the layers below, and has still."""
        return next((path for path, old in self._before.items() if old is node and self.nodes.get(path) is node), None)

    def _new_members(self) -> list[Member]:
        members: list[Member] = []
        first: dict[int, str] = {}
        for path in sorted(self.nodes):
            node = self.nodes[path]
            if not self._is_new(path):
                kept = self._kept_name(node)
                if kept is not None and path not in self._before:
                    members.append(hard_link(path, kept))
            elif node.number in first:
                members.append(hard_link(path, first[node.number]))
            else:
                first[node.number] = path
                members.append(replace(node.member, path=path))
        return members

    def names(self) -> dict[int, list[str]]:
        """Node → all its names."""
        names: dict[int, list[str]] = {}
        for path, node in self.nodes.items():
            names.setdefault(node.number, []).append(path)
        return names

    @property
    def live_bytes(self) -> int:
        return sum(node.member.size for node in {node.number: node for node in self.nodes.values()}.values())

    def _make_room(self, path: str) -> bool:
        """Clear the path and make the folders above it; False where something that is no folder stands above."""
        parts = path.split("/")[:-1]
        above = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        if any(name in self.nodes and not self._is_folder(name) for name in above):
            return False
        for name in above:
            if name not in self.nodes:
                self._put_folder(name)
        self.remove(path)
        return True

    def _linkable(self, path: str, which: int) -> str | None:
        """One of the files and symlinks, other than what stands at `path`, or in it where that is a folder."""
        others = [
            name
            for name, node in self.nodes.items()
            if node.member.kind in (Kind.FILE, Kind.SYMLINK) and name != path and not name.startswith(f"{path}/")
        ]
        return others[which % len(others)] if others else None

    def _put_folder(self, path: str) -> None:
        self.nodes[path] = Node(folder(path), len(self.layers), next(self._numbers))

    def _is_folder(self, path: str) -> bool:
        return self.nodes[path].member.kind == 1

    def _is_new(self, path: str) -> bool:
        return self.nodes[path].born == len(self.layers)

    def _within(self, path: str) -> list[str]:
        return [name for name in self.nodes if name == path or name.startswith(f"{path}/")]


SIZES = st.integers(0, 1000)
CHOICES = st.integers(0, 20)
OPERATIONS = st.one_of(
    st.tuples(st.just("write"), PATHS, SIZES),
    st.tuples(st.just("change_mode"), PATHS),
    st.tuples(st.just("make_folder"), PATHS),
    st.tuples(st.just("link"), PATHS, PATHS.map("/{}".format)),
    # Twice each, so that files with several names are the rule.
    st.tuples(st.just("hard_link"), PATHS, CHOICES),
    st.tuples(st.just("hard_link"), PATHS, CHOICES),
    st.tuples(st.just("hard_link_below"), PATHS, CHOICES),
    st.tuples(st.just("hard_link_below"), PATHS, CHOICES),
    st.tuples(st.just("remove"), PATHS),
)


@st.composite
def model_files(draw: st.DrawFn) -> ModelFiles:
    """Files after one to five layers of random operations."""
    files = ModelFiles()
    for operations in draw(st.lists(st.lists(OPERATIONS, max_size=8), min_size=1, max_size=5)):
        for name, *arguments in operations:
            getattr(files, name)(*arguments)
        marks_first = draw(st.booleans())
        files.commit(
            lambda members, first=marks_first: sorted(members, key=lambda m: (m.kind >= 6) != first),  # type: ignore[misc]
            use_opaque=draw(st.booleans()),
        )
    return files
