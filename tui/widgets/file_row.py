"""How one file or folder of a tree is written in a row: size, mark, place in the tree, name."""

from __future__ import annotations

from dataclasses import dataclass

from tui.image.file_tree import ROOT, Mark
from tui.image.tree_view import TreeView
from tui.printable import printable
from tui.session import format

SIZE_CELLS = 7
INDENT_CELLS = 2
OPEN, CLOSED = "▾ ", "▸ "

SIGNS: dict[int, tuple[str, str]] = {
    Mark.NONE: (" ", ""),
    Mark.ADDED: ("+", "bold $success"),
    Mark.CHANGED: ("~", "$primary"),
    Mark.REMOVED: ("−", "bold $secondary"),
    Mark.WASTED: ("✗", "bold $warning"),
    Mark.ONLY_LEFT: ("<", "bold $stage-builder"),
    Mark.ONLY_RIGHT: (">", "bold $stage-production"),
}
"""Sign and look of each mark; the sign says it all where there are no colours."""

QUIET = "$foreground 60%"
GONE = frozenset({Mark.REMOVED, Mark.WASTED})


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as it is drawn, without the bar before it."""

    text: str
    looks: list[tuple[int, int, str]]
    """Start and end in characters, and a style with theme variables; a later one lies on top."""
    arrow_at: int | None
    """Where its arrow is, in cells; None where there is nothing to open."""


def file_row(view: TreeView, node: int, title: str) -> FileRow:
    """The row of a node; the root goes by `title`."""
    tree = view.tree
    mark = tree.marks[node]
    sign, sign_look = SIGNS[mark]
    can_open = node != ROOT and tree.has_children(node)
    arrow = "" if node == ROOT else (OPEN if view.is_open(node) else CLOSED) if can_open else "  "
    before = f"{format.size(view.size(node)):>{SIZE_CELLS}} {sign} {_indent(tree.depths[node])}{arrow}"
    name = printable(title) if node == ROOT else printable(tree.name(node)) + "/" * tree.is_folder[node]
    note = _note(view, node)
    name_end = len(before) + len(name)
    looks = [
        (SIZE_CELLS + 1, SIZE_CELLS + 2, sign_look),
        (len(before) - len(arrow), len(before), "$accent"),
        (len(before), name_end, "bold" if node == ROOT else QUIET if mark in GONE else ""),
        (name_end, name_end + len(note), QUIET),
        *_found(view.text, name, len(before)),
    ]
    return FileRow(before + name + note, [one for one in looks if one[2]], len(before) - 2 if can_open else None)


def _indent(depth: int) -> str:
    return " " * (INDENT_CELLS * max(0, depth - 1))


def _note(view: TreeView, node: int) -> str:
    """What stands behind the name: the note, and of a folder how many files are in it."""
    tree = view.tree
    parts = [printable(tree.note(node))] if tree.note(node) else []
    if tree.is_folder[node]:
        is_part = node == ROOT and view.is_filtered
        count = tree.files[ROOT] if is_part else view.files(node)
        parts.append((f"{view.files(node):,} of " if is_part else "") + format.files(count))
    return "".join(f"  {part}" for part in parts)


def _found(text: str, name: str, offset: int) -> list[tuple[int, int, str]]:
    """Where the name has what the filter looks for."""
    at = name.lower().find(text) if text else -1
    return [(offset + at, offset + at + len(text), "bold underline $accent")] if at >= 0 else []
