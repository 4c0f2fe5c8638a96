"""A tree of files that one walks through: 60,000 of them open at once, as only the rows in sight are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.message import Message

from tui.image.file_kinds import FileKind
from tui.image.file_tree import ROOT, FileTree
from tui.image.tree_view import Order, TreeView
from tui.widgets.file_lines import FileLines


class FileExplorer(FileLines):
    """Shows one `FileTree`, with a cursor line that follows keys and mouse. Its owner has keys for order and jumps."""

    BINDINGS = [
        Binding("up", "cursor(-1)", show=False),
        Binding("down", "cursor(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("right", "open", show=False),
        Binding("left", "close", show=False),
        Binding("shift+right", "open_all", show=False),
        Binding("shift+left", "close_all", show=False),
        Binding("space", "open_or_close", show=False),
        Binding("enter", "choose", show=False),
        Binding("escape", "keep_all", show=False),
    ]

    class Chosen(Message):
        """Enter or a double click on a file; it is the one at the cursor."""

    class Filtered(Message):
        """Another filter rules, or none any more."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._is_at_match = False
        """Whether the cursor was brought to a match of the filter that rules."""

    def show(self, tree: FileTree, *, title: str = "/", colours: Sequence[str] = ("$accent",)) -> None:
        """Show this tree, closed, in the order of the one before. `title` names its root; `colours` are theme
        variables, one for each group.
        """
        self._is_at_match = False
        self.show_view(TreeView(tree, self._view.order), title, colours)

    # Where the cursor is.

    @property
    def file_tree(self) -> FileTree:
        """What is shown."""
        return self._view.tree

    @property
    def order(self) -> Order:
        """How the content of a folder is sorted."""
        return self._view.order

    @property
    def node_at_cursor(self) -> int:
        """The node in the cursor line."""
        return self._view.rows[self._cursor]

    @property
    def path_at_cursor(self) -> str:
        """Its path, without a leading slash; that of the root is ``."""
        return self.file_tree.paths[self.node_at_cursor]

    @property
    def entry_at_cursor(self) -> int:
        """Which of the entries that the tree was built of; -1 for a folder that none of them tells of."""
        return self.file_tree.entries[self.node_at_cursor]

    def go_to(self, node: int | None) -> bool:
        """Bring a node into sight, which ends a filter that hides it, and the cursor to it; False where it is none."""
        if node is None:
            return False
        was_filtered = self._view.is_filtered
        self._view.reveal(node)
        self._rows_changed(node)
        if was_filtered and not self._view.is_filtered:
            self.post_message(self.Filtered())
        return True

    def go_to_path(self, path: str) -> bool:
        """Likewise; False where there is no such path."""
        return self.go_to(self.file_tree.find(path))

    def go_to_largest(self) -> bool:
        """To the largest file of all that the filter keeps."""
        return self.go_to(self._view.largest())

    def go_to_marked(self, mark: int, step: int = 1) -> bool:
        """To the next file with this mark (with -1 to the one before), around the ends; False where there is none."""
        return self.go_to(self._view.next_marked(self.node_at_cursor, mark, step))

    def go_to_group(self, group: int, step: int = 1) -> bool:
        """To the next file of this group; likewise."""
        return self.go_to(self._view.next_in_group(self.node_at_cursor, group, step))

    # What is kept, and in which order.

    def set_order(self, order: Order) -> None:
        """Sort what is in each folder."""
        node = self.node_at_cursor
        self._view.set_order(order)
        self._rows_changed(node)

    def search(self, needle: str) -> int:
        """Keep what has this in its path (`/app/main`), in any case; empty keeps all. How many files match."""
        node = self.node_at_cursor
        return self._filtered(node, self._view.filter_text(needle))

    def keep(self, kind: FileKind | None) -> int:
        """Keep the files of this kind alone, besides; None keeps all. How many files match."""
        node = self.node_at_cursor
        return self._filtered(node, self._view.filter_kind(kind))

    def keep_all(self) -> None:
        """End all filters."""
        node = self.node_at_cursor
        self._view.filter_text("")
        self._filtered(node, self._view.filter_kind(None))

    @property
    def is_filtered(self) -> bool:
        """Whether some files are left out."""
        return self._view.is_filtered

    @property
    def sought(self) -> str:
        """What all paths that are left to see have in them, in small letters; empty where nothing is looked for."""
        return self._view.text

    @property
    def kept(self) -> FileKind | None:
        """The kind of files that is left to see; None where all are. What lies outside of it ends it when gone to."""
        return self._view.kind

    @property
    def shown_files(self) -> tuple[int, int]:
        """How many files are left to see, closed folders opened, and their bytes."""
        return self._view.files(ROOT), self._view.size(ROOT)

    def _filtered(self, node: int, matches: int) -> int:
        self._is_at_match = False
        if not self._view.is_filtered:
            # Where the reader came to by means of the filter stays in sight without it.
            self._view.reveal(node)
        self._rows_changed(node)
        self.post_message(self.Filtered())
        return matches

    def next_match(self, step: int = 1) -> bool:
        """Go to the next match of the filter; the first time to where the cursor is, if that is one."""
        node = self.node_at_cursor
        if self._is_at_match or not self._view.is_match(node):
            return self._at_match(self._view.next_match(node, step))
        return self._at_match(node)

    def _at_match(self, node: int | None) -> bool:
        self._is_at_match = node is not None
        return self.go_to(node)

    def action_keep_all(self) -> None:
        """End all filters; where there is none, Escape is for somebody else."""
        if not self.is_filtered:
            raise SkipAction
        self.keep_all()

    # Opening and closing, by the cursor.

    def action_open_all(self) -> None:
        """Open the folder in the cursor line, and all folders in it."""
        self._view.open_all(self._cursor)
        self._rows_changed(self.node_at_cursor)

    def action_close_all(self) -> None:
        """Close all folders."""
        node = self.node_at_cursor
        self._view.close_all()
        self._rows_changed(node)

    def action_cursor(self, step: int) -> None:
        """So many lines down."""
        self._move_to(self._cursor + step)

    def action_page(self, step: int) -> None:
        """So many pages down."""
        self._move_to(self._cursor + step * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the root."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the last line."""
        self._move_to(self.end_line - 1)

    def action_open(self) -> None:
        """Open a folder; step into one that is open."""
        node = self.node_at_cursor
        if self._view.open(self._cursor):
            self._rows_changed(node)
        elif self._view.is_open(node):
            self._move_to(self._cursor + 1)

    def action_close(self) -> None:
        """Close a folder, or go to the one that this is in."""
        node = self.node_at_cursor
        if self._view.close(self._cursor):
            self._rows_changed(node)
        elif node != ROOT:
            self._move_to(self._view.nearest_row(self.file_tree.parents[node]))

    def action_open_or_close(self) -> None:
        """Open or close a folder."""
        node = self.node_at_cursor
        if self._view.toggle(self._cursor):
            self._rows_changed(node)

    def action_choose(self) -> None:
        """Choose a file; open or close a folder."""
        node = self.node_at_cursor
        if self.file_tree.is_folder[node]:
            self.action_open_or_close()
        else:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """A click goes there; on an arrow, or twice, it opens as well."""
        # Two clicks would select all there is.
        event.prevent_default()
        row = round(self.scroll_y) + event.y
        if event.x >= self.size.width - 1 or row >= self.end_line or self.text_selection is not None:
            return
        self._move_to(row)
        if event.x in self.arrow_cells(row):
            self.action_open_or_close()
        elif event.chain == 2:
            self.action_choose()

    def _move_to(self, row: int) -> None:
        self._cursor = min(max(0, row), self.end_line - 1)
        self._keep_cursor_in_sight()
        self.refresh()

    def _rows_changed(self, node: int) -> None:
        """Lay the rows out anew, with the cursor on this node, or on the folder that hides it."""
        self._cursor = self._view.nearest_row(node)
        self.lines_replaced()
        self._keep_cursor_in_sight()

    def _keep_cursor_in_sight(self) -> None:
        top, height = round(self.scroll_y), self.size.height
        if self._cursor < top:
            self.scroll_to(y=self._cursor)
        elif height and self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1)
