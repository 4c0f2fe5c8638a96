"""Many paths as one tree: what is in which folder, how large that is, and what became of it.

The nodes stand in preorder, in columns: a folder comes before all that is in it, and `ends` tells where that is over.
So a whole subtree is a slice, and 200,000 files cost no object each. Node 0 is the root; folders come before files,
each sorted by name.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import repeat

ROOT = 0
"""The node that everything is in. It is there even when nothing else is."""


class Mark(IntEnum):
    """What is to be said of a file."""

    NONE = 0
    ADDED = 1
    CHANGED = 2
    """For a folder: not all of its files have the same mark."""
    REMOVED = 3
    WASTED = 4
    """A copy that is carried along, though nothing can see it any more."""
    ONLY_LEFT = 5
    """Of two images that are compared: the first has it, the second has not."""
    ONLY_RIGHT = 6


@dataclass(frozen=True, slots=True)
class FileTree:
    """The tree. Columns: position `i` of each belongs to node `i`."""

    paths: list[str]
    """Without a leading slash; that of the root is ``. Two nodes may have the same."""
    sizes: array[int]
    """Bytes; a folder has the sum of all files in it."""
    files: array[int]
    """How many files are in it; 1 for a file."""
    depths: array[int]
    """0 for the root, 1 for what is in it."""
    ends: array[int]
    """One past the last node of the subtree."""
    parents: array[int]
    """The folder it is in; -1 for the root."""
    entries: array[int]
    """Which of the entries that the tree was built of it is; -1 for a folder that none of them tells of."""
    marks: bytes
    """A `Mark` each; a folder has the one that all in it share, or CHANGED."""
    groups: bytes
    """Of a folder: the group that has most of its bytes."""
    is_folder: bytes
    """1 for a folder, else 0."""
    notes: Mapping[int, str]
    """Entry → what else is to be said of it; `note` finds it by the node."""

    @classmethod
    def build(
        cls,
        paths: Sequence[str],
        sizes: Sequence[int],
        *,
        folders: Collection[int] = (),
        marks: Sequence[int] | None = None,
        notes: Mapping[int, str] | None = None,
        groups: Sequence[int] | None = None,
    ) -> FileTree:
        """A tree of these entries, in any order, each a path without a leading slash.

        `folders` are the entries that are folders; the folders above an entry need not be listed. An entry's group,
        0 to 255, is whatever its owner sorts bytes by. The same path may come again: each file is a node of its own.
        """
        builder = _Builder(paths, sizes, marks or bytes(len(paths)), groups or bytes(len(paths)))
        builder.add_entries(frozenset(folders))
        builder.emit()
        return cls(
            builder.node_paths,
            builder.node_sizes,
            builder.files,
            builder.depths,
            builder.ends,
            builder.parents,
            builder.entries,
            bytes(builder.node_marks),
            bytes(builder.node_groups),
            bytes(builder.is_folder),
            notes or {},
        )

    def __len__(self) -> int:
        return len(self.paths)

    def name(self, node: int) -> str:
        """The last part of its path."""
        return self.paths[node].rpartition("/")[2]

    def note(self, node: int) -> str:
        """What else is to be said of it; may be empty."""
        return self.notes.get(self.entries[node], "")

    def has_children(self, node: int) -> bool:
        """Whether it is a folder with something in it."""
        return self.ends[node] > node + 1

    def children(self, node: int) -> list[int]:
        """What is directly in a folder."""
        ends, child, end = self.ends, node + 1, self.ends[node]
        found: list[int] = []
        while child < end:
            found.append(child)
            child = ends[child]
        return found

    def leaves(self) -> list[int]:
        """All files, and the folders with nothing in them; not the root."""
        return [node for node, end in enumerate(self.ends) if end == node + 1 and node != ROOT]

    def ancestors(self, node: int) -> list[int]:
        """The folders that it is in, the root first."""
        found: list[int] = []
        while (node := self.parents[node]) >= 0:
            found.append(node)
        return found[::-1]

    def find(self, path: str) -> int | None:
        """The first node of a path, with or without slashes around it."""
        path = path.strip("/")
        return self.paths.index(path) if path in self.paths else None


class _Builder:
    """Sorts entries into folders, then lays the folders out as columns."""

    def __init__(self, paths: Sequence[str], sizes: Sequence[int], marks: Sequence[int], groups: Sequence[int]) -> None:
        self.paths = paths
        self.sizes = sizes
        self.marks = marks
        self.groups = groups
        # Folders by number, in the order in which they turn up.
        self.numbers: dict[str, int] = {"": 0}
        self.folder_paths = [""]
        self.sources = [-1]
        self.folders_in: list[list[int]] = [[]]
        self.files_in: list[list[int]] = [[]]
        self.nodes: list[int] = []
        self.group_sizes: list[dict[int, int]] = []
        # The columns.
        self.node_paths: list[str] = []
        self.node_sizes = array("q")
        self.files = array("i")
        self.depths = array("i")
        self.ends = array("i")
        self.parents = array("i")
        self.entries = array("i")
        self.node_marks = bytearray()
        self.node_groups = bytearray()
        self.is_folder = bytearray()

    def add_entries(self, folders: frozenset[int]) -> None:
        """Sort all entries into their folders."""
        numbers, files_in = self.numbers, self.files_in
        for entry, path in enumerate(self.paths):
            if entry in folders:
                number = self._folder(path)
                if self.sources[number] < 0:
                    self.sources[number] = entry
                continue
            folder = path.rpartition("/")[0]
            known = numbers.get(folder)
            files_in[self._folder(folder) if known is None else known].append(entry)

    def _folder(self, path: str) -> int:
        """The number of a folder, which is made with all above it where it is not there yet."""
        missing: list[str] = []
        while path not in self.numbers:
            missing.append(path)
            path = path.rpartition("/")[0]
        number = self.numbers[path]
        for path in reversed(missing):
            parent, number = number, len(self.folder_paths)
            self.numbers[path] = number
            self.folder_paths.append(path)
            self.sources.append(-1)
            self.folders_in[parent].append(number)
            self.folders_in.append([])
            self.files_in.append([])
        return number

    def emit(self) -> None:
        """Lay the folders out, each with its folders, then its files. No recursion: a path can be deeper than it."""
        self.nodes = [-1] * len(self.folder_paths)
        self.group_sizes = [{} for _ in self.folder_paths]
        waiting = [0]
        within: list[int] = []
        while waiting:
            number = waiting.pop()
            if number < 0:
                within.pop()
                self._leave(~number, len(within))
                continue
            self._enter(number, within[-1] if within else -1, len(within))
            within.append(self.nodes[number])
            waiting.append(~number)
            waiting.extend(sorted(self.folders_in[number], key=self.folder_paths.__getitem__, reverse=True))

    def _enter(self, number: int, parent: int, depth: int) -> None:
        self.nodes[number] = len(self.node_paths)
        self.node_paths.append(self.folder_paths[number])
        self.parents.append(parent)
        self.depths.append(depth)
        self.entries.append(self.sources[number])
        # What is in it tells these, when it is left.
        self.node_sizes.append(0)
        self.files.append(0)
        self.ends.append(0)
        self.node_marks.append(Mark.NONE)
        self.node_groups.append(0)
        self.is_folder.append(1)

    def _leave(self, number: int, depth: int) -> None:
        """Its folders are laid out: now its files, and what they add up to."""
        node = self.nodes[number]
        inner = [self.nodes[child] for child in self.folders_in[number]]
        first = len(self.node_paths)
        self._emit_files(self.files_in[number], node, depth + 1)
        end = len(self.node_paths)
        self.ends[node] = end
        if end == node + 1:
            self._tell_of_empty(number, node)
            return
        sizes, files, marks = self.node_sizes, self.files, self.node_marks
        sizes[node] = sum(sizes[first:]) + sum(map(sizes.__getitem__, inner))
        files[node] = end - first + sum(map(files.__getitem__, inner))
        shared = set(marks[first:]).union(map(marks.__getitem__, inner))
        marks[node] = shared.pop() if len(shared) == 1 else Mark.CHANGED
        by_group = self._sizes_by_group(number, first)
        self.node_groups[node] = max(by_group, key=lambda group: (by_group[group], -group))

    def _emit_files(self, entries: list[int], parent: int, depth: int) -> None:
        entries.sort(key=self.paths.__getitem__)
        count, first = len(entries), len(self.node_paths)
        self.node_paths.extend(map(self.paths.__getitem__, entries))
        self.node_sizes.extend(map(self.sizes.__getitem__, entries))
        self.files.extend(repeat(1, count))
        self.depths.extend(repeat(depth, count))
        self.ends.extend(range(first + 1, first + count + 1))
        self.parents.extend(repeat(parent, count))
        self.entries.extend(entries)
        self.node_marks.extend(map(self.marks.__getitem__, entries))
        self.node_groups.extend(map(self.groups.__getitem__, entries))
        self.is_folder.extend(bytes(count))

    def _tell_of_empty(self, number: int, node: int) -> None:
        entry = self.sources[number]
        if entry >= 0:
            self.node_marks[node] = self.marks[entry]
            self.node_groups[node] = self.groups[entry]
        self.group_sizes[number] = {self.node_groups[node]: 0}

    def _sizes_by_group(self, number: int, first: int) -> dict[int, int]:
        """How many bytes of each group are in a folder whose own files begin at node `first`."""
        by_group: dict[int, int] = {}
        for group, size in zip(self.node_groups[first:], self.node_sizes[first:], strict=True):
            by_group[group] = by_group.get(group, 0) + size
        for child in self.folders_in[number]:
            for group, size in self.group_sizes[child].items():
                by_group[group] = by_group.get(group, 0) + size
        self.group_sizes[number] = by_group
        return by_group
