"""What of a file tree is in sight: open folders, the order, a filter, and the rows that come of these."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from enum import Enum
from itertools import chain, compress, islice

from tui.image.file_kinds import FileKind
from tui.image.file_tree import ROOT, FileTree


class Order(Enum):
    """How the content of a folder is sorted."""

    NAME = "name"
    """Folders before files."""
    SIZE = "size"
    """The largest first."""


class TreeView:
    """A tree as somebody looks at it. The root is always there, always open, in row 0.

    While a filter rules, only the files that match (and folders with nothing in them) are there, with all folders above
    them, and all of these are open; those that were open before are so again when the filter ends.
    """

    def __init__(self, tree: FileTree, order: Order = Order.NAME) -> None:
        self.tree = tree
        self.rows: list[int] = []
        """The nodes in sight, from top to bottom."""
        self.order = order
        self.text = ""
        """The filter: a part of the path, in small letters."""
        self.kind: FileKind | None = None
        """The filter: only files of this kind; None means all."""
        self._open = bytearray(len(tree))
        self._open[ROOT] = 1
        self._open_unfiltered: bytearray | None = None
        self._matches: list[int] = []
        self._kept: bytearray | None = None
        self._sizes, self._files = tree.sizes, tree.files
        self._lay_out()

    @property
    def is_filtered(self) -> bool:
        """Whether a filter rules."""
        return bool(self.text) or self.kind is not None

    def size(self, node: int) -> int:
        """Bytes of a file, or of all files in a folder that the filter keeps."""
        return self._sizes[node]

    def files(self, node: int) -> int:
        """How many files the filter keeps in a folder; 1 for a file."""
        return self._files[node]

    def is_open(self, node: int) -> bool:
        """Whether what is in a folder is in sight where the folder is."""
        return bool(self._open[node])

    def row_of(self, node: int) -> int | None:
        """The row of a node, where it is in sight."""
        return self.rows.index(node) if node in self.rows else None

    def nearest_row(self, node: int) -> int:
        """The row of a node, or of the innermost folder above it that is in sight."""
        while (row := self.row_of(node)) is None:
            node = self.tree.parents[node]
        return row

    # Opening and closing.

    def open(self, row: int) -> bool:
        """Open the folder in a row, and in it each folder that stands alone; False where there is nothing to open."""
        node = self.rows[row]
        if self._open[node] or not self.tree.has_children(node):
            return False
        inner: int | None = node
        while inner is not None:
            self._open[inner] = 1
            inner = self._only_folder_in(inner)
        self.rows[row + 1 : row + 1] = self._visible_in(node, self._open)
        return True

    def close(self, row: int) -> bool:
        """Close the folder in a row; False where it is none, or not open. What is open inside it stays so."""
        node = self.rows[row]
        if not self._open[node] or node == ROOT:
            return False
        self._open[node] = 0
        del self.rows[row + 1 : self._end_row(row)]
        return True

    def toggle(self, row: int) -> bool:
        """Open or close the folder in a row; False where neither can be."""
        return self.close(row) or self.open(row)

    def open_all(self, row: int) -> None:
        """Open the folder in a row and all folders inside it."""
        node = self.rows[row]
        inside = slice(node, self.tree.ends[node])
        self._open[inside] = self.tree.is_folder[inside]
        if self.tree.has_children(node):
            self.rows[row + 1 : self._end_row(row)] = self._visible_in(node, self._open)

    def close_all(self) -> None:
        """Close all folders but the root."""
        self._open = bytearray(len(self.tree))
        self._open[ROOT] = 1
        self._lay_out()

    def reveal(self, node: int) -> int:
        """Bring a node into sight: open what it is in, and end a filter that hides it. The node's row."""
        if self._kept is not None and not self._kept[node]:
            self.text, self.kind = "", None
            self._filter()
        for folder in self.tree.ancestors(node):
            if not self._open[folder]:
                row = self.nearest_row(folder)
                self._open[folder] = 1
                self.rows[row + 1 : row + 1] = self._visible_in(folder, self._open)
        return self.rows.index(node)

    def _only_folder_in(self, node: int) -> int | None:
        ends, inner = self.tree.ends, node + 1
        is_alone = inner < ends[node] and ends[inner] == ends[node] and self.tree.is_folder[inner]
        return inner if is_alone and self.tree.has_children(inner) else None

    def _end_row(self, row: int) -> int:
        """One past the last row that shows something inside the folder of this row."""
        node, end = self.rows[row], self.tree.ends[self.rows[row]]
        return bisect_left(self.rows, True, row + 1, key=lambda other: not node < other < end)

    # Order and filter.

    def set_order(self, order: Order) -> None:
        """Sort what is in each folder."""
        self.order = order
        self._lay_out()

    def filter_text(self, text: str) -> int:
        """Keep what has this in its path (`/app/main`), in any case; empty keeps all. How many match."""
        self.text = text.lower()
        return self._filter()

    def filter_kind(self, kind: FileKind | None) -> int:
        """Keep the files of this kind alone; None keeps all. How many match."""
        self.kind = kind
        return self._filter()

    def _filter(self) -> int:
        tree = self.tree
        self._matches = self._found()
        if self.is_filtered:
            if self._open_unfiltered is None:
                self._open_unfiltered = self._open
            self._open = bytearray(tree.is_folder)
            self._kept = _with_ancestors(self._matches, tree)
            self._sizes, self._files = _sums(self._matches, self._kept, tree)
        elif self._open_unfiltered is not None:
            self._open, self._open_unfiltered, self._kept = self._open_unfiltered, None, None
            self._sizes, self._files = tree.sizes, tree.files
        self._lay_out()
        return len(self._matches)

    def _found(self) -> list[int]:
        """The files that match, and folders with nothing in them; nothing while there is no filter."""
        tree, text, kind = self.tree, self.text, self.kind
        if not self.is_filtered:
            return []
        found = tree.leaves()
        if kind is not None and kind.mark is not None:
            found = [node for node in found if tree.marks[node] == kind.mark]
        if kind is not None and kind.group is not None:
            found = [node for node in found if tree.groups[node] == kind.group]
        if text:
            found = [node for node in found if text in f"/{tree.paths[node]}".lower()]
        return found

    # Going from file to file, in the order of the rows, into closed folders too, around the ends.

    def largest(self) -> int | None:
        """The largest file; None where there is none."""
        there = self._matches if self.is_filtered else self.tree.leaves()
        return max(there, key=self.tree.sizes.__getitem__, default=None)

    def next_marked(self, node: int, mark: int, step: int = 1) -> int | None:
        """The file with this mark that comes after a node (with -1: before it); None where there is none."""
        marks = self.tree.marks
        return self._next(lambda other: marks[other] == mark, node, step)

    def next_in_group(self, node: int, group: int, step: int = 1) -> int | None:
        """The file of this group that comes after a node (with -1: before it); None where there is none."""
        groups = self.tree.groups
        return self._next(lambda other: groups[other] == group, node, step)

    def next_match(self, node: int, step: int = 1) -> int | None:
        """What matches the filter and comes after a node (with -1: before it); None where there is none."""
        return self._next(self.is_match, node, step)

    def is_match(self, node: int) -> bool:
        """Whether a filter rules that this node itself fulfils."""
        return self._kept is not None and bool(self._kept[node]) and self._is_leaf(node)

    def _is_leaf(self, node: int) -> bool:
        return not self.tree.has_children(node) and node != ROOT

    def _next(self, is_wanted: Callable[[int], bool], node: int, step: int) -> int | None:
        everything = [ROOT, *self._visible_in(ROOT, self.tree.is_folder)][::step]
        here = everything.index(node) + 1 if node in everything else 0
        ahead = chain(islice(everything, here, None), islice(everything, here))
        return next((other for other in ahead if is_wanted(other) and self._is_leaf(other)), None)

    # Rows.

    def _lay_out(self) -> None:
        self.rows = [ROOT, *self._visible_in(ROOT, self._open)]

    def _visible_in(self, node: int, is_open: bytes | bytearray) -> list[int]:
        """The rows below a folder, where this one and those with a flag are open."""
        rows: list[int] = []
        waiting = [iter(self._shown_children(node))]
        while waiting:
            for child in waiting[-1]:
                rows.append(child)
                if is_open[child]:
                    waiting.append(iter(self._shown_children(child)))
                    break
            else:
                waiting.pop()
        return rows

    def _shown_children(self, node: int) -> list[int]:
        children = self.tree.children(node)
        kept = self._kept
        if kept is not None:
            children = [child for child in children if kept[child]]
        if self.order is Order.SIZE:
            children.sort(key=self._sizes.__getitem__, reverse=True)
        return children


def _sums(nodes: Iterable[int], kept: bytearray, tree: FileTree) -> tuple[array[int], array[int]]:
    """Bytes and number of these files, and of those among them that are in each folder. `kept` are both."""
    sizes, files = array("q", bytes(8 * len(tree))), array("i", bytes(4 * len(tree)))
    for node in nodes:
        sizes[node], files[node] = tree.sizes[node], tree.files[node]
    # Preorder: whatever is in a folder comes after it.
    for node in reversed(list(compress(range(ROOT + 1, len(tree)), kept[ROOT + 1 :]))):
        sizes[tree.parents[node]] += sizes[node]
        files[tree.parents[node]] += files[node]
    return sizes, files


def _with_ancestors(nodes: Iterable[int], tree: FileTree) -> bytearray:
    """A flag for each of these nodes, and for all folders that they are in."""
    flags, parents = bytearray(len(tree)), tree.parents
    flags[ROOT] = 1
    for node in nodes:
        while not flags[node]:
            flags[node] = 1
            node = parents[node]
    return flags
