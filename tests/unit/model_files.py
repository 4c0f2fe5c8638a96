"""A file system as simple as can be, which writes down its layers as an engine does: what merging is held against."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.unit.layers import Member, file, folder, hard_link, layer, opaque, symlink, whiteout
from tui.image.model import LayerIndex

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

    def hard_link(self, path: str, target: str) -> None:
        node = self.nodes.get(target)
        if not node or node.member.kind != 0 or path == target or target.startswith(f"{path}/"):
            return
        if self._make_room(path):
            if node.born < len(self.layers):
                # A file of a layer below is copied up before it gets another name.
                node = Node(node.member, len(self.layers), next(self._numbers))
                self.nodes[target] = node
            self.nodes[path] = node

    def remove(self, path: str) -> None:
        for gone in self._within(path):
            del self.nodes[gone]

    def commit(self, order: Callable[[list[Member]], list[Member]], *, use_opaque: bool) -> None:
        """Write down a layer of all that changed, in an order of the caller's liking."""
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
        self.layers.append(layer(*order([*self._new_members(use_opaque), *marks])))
        self._before = dict(self.nodes)

    def _new_members(self, use_opaque: bool) -> list[Member]:
        members: list[Member] = []
        first: dict[int, str] = {}
        for path in sorted(self.nodes):
            node = self.nodes[path]
            if node.born < len(self.layers):
                continue
            if node.member.kind == 0 and node.number in first:
                members.append(hard_link(path, first[node.number]))
                continue
            first[node.number] = path
            made = node.member
            members.append(Member(path, made.kind, made.size, made.content, made.link, made.mode))
        return members

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

    def _put_folder(self, path: str) -> None:
        self.nodes[path] = Node(folder(path), len(self.layers), next(self._numbers))

    def _is_folder(self, path: str) -> bool:
        return self.nodes[path].member.kind == 1

    def _is_new(self, path: str) -> bool:
        return self.nodes[path].born == len(self.layers)

    def _within(self, path: str) -> list[str]:
        return [name for name in self.nodes if name == path or name.startswith(f"{path}/")]


SIZES = st.integers(0, 1000)
OPERATIONS = st.one_of(
    st.tuples(st.just("write"), PATHS, SIZES),
    st.tuples(st.just("change_mode"), PATHS),
    st.tuples(st.just("make_folder"), PATHS),
    st.tuples(st.just("link"), PATHS, PATHS.map("/{}".format)),
    st.tuples(st.just("hard_link"), PATHS, PATHS),
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
