"""The kinds of files that a tree has, so that one of them can be looked at alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.image.file_tree import FileTree, Mark

MARK_TITLES: dict[int, str] = {
    Mark.ADDED: "added",
    Mark.CHANGED: "changed",
    Mark.REMOVED: "removed",
    Mark.WASTED: "wasted copies",
    Mark.ONLY_LEFT: "only in the first image",
    Mark.ONLY_RIGHT: "only in the second image",
}
"""What files with a mark are called; those without one are no kind of their own."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """All files of one group, or all with one mark."""

    title: str
    group: int | None = None
    mark: int | None = None


def kinds_in(tree: FileTree, group_titles: Sequence[str]) -> tuple[FileKind, ...]:
    """The kinds of which there is a file, by group (with these titles), then by mark; empty where all are alike."""
    leaves = tree.leaves()
    groups = {tree.groups[node] for node in leaves}
    marks = {tree.marks[node] for node in leaves}
    kinds = [FileKind(group_titles[group], group=group) for group in sorted(groups)] if len(groups) > 1 else []
    kinds += [FileKind(title, mark=mark) for mark, title in MARK_TITLES.items() if mark in marks and len(marks) > 1]
    return tuple(kinds)
