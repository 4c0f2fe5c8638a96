from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.image.file_kinds import FileKind, kinds_in
from tui.image.file_tree import ROOT, FileTree, Mark
from tui.image.tree_view import Order, TreeView

part = st.sampled_from(["a", "b", "B", "ü", "lib", "\udcff", "a b"])
path = st.lists(part, min_size=1, max_size=5).map("/".join)
entry = st.tuples(path, st.integers(0, 9), st.sampled_from(list(Mark)), st.integers(0, 2), st.booleans())
entries = st.lists(entry, max_size=25)
action = st.one_of(
    st.tuples(st.sampled_from(["open", "close", "open_all", "reveal"]), st.integers(0, 99)),
    st.tuples(st.just("order"), st.sampled_from(list(Order))),
    st.tuples(st.just("text"), st.sampled_from(["", "A", "lib/", "/b", "ü", "\udcff", "nothing"])),
    st.tuples(st.just("kind"), st.none() | st.builds(FileKind, st.just("of a mark"), mark=st.sampled_from(list(Mark)))),
    st.tuples(st.just("kind"), st.none() | st.builds(FileKind, st.just("of a group"), group=st.integers(0, 2))),
)
Entries = list[tuple[str, int, Mark, int, bool]]


def build(of: Entries) -> FileTree:
    paths, sizes, marks, groups, is_folder = zip(*of, strict=True) if of else ((), (), (), (), ())
    folders = [index for index, flag in enumerate(is_folder) if flag]
    return FileTree.build(paths, sizes, folders=folders, marks=marks, groups=groups)


def tree_of(
    *paths: str,
    sizes: list[int] | None = None,
    folders: list[int] | None = None,
    marks: list[int] | None = None,
    groups: list[int] | None = None,
) -> FileTree:
    return FileTree.build(paths, sizes or [1] * len(paths), folders=folders or (), marks=marks, groups=groups)


def shown(view: TreeView) -> list[str]:
    return [view.tree.paths[node] for node in view.rows[1:]]


def inside(tree: FileTree, node: int) -> range:
    return range(node + 1, tree.ends[node])


@given(entries)
def test_each_file_is_a_node_and_a_folder_adds_up_what_is_in_it(of: Entries) -> None:
    tree = build(of)
    files = [node for node in range(len(tree)) if not tree.is_folder[node]]
    assert sorted(tree.entries[node] for node in files) == [i for i, one in enumerate(of) if not one[4]]
    assert all((tree.paths[n], tree.sizes[n], tree.marks[n], tree.groups[n]) == of[tree.entries[n]][:4] for n in files)
    for node in range(len(tree)):
        if tree.is_folder[node]:
            below = [other for other in inside(tree, node) if not tree.is_folder[other]]
            assert tree.sizes[node] == sum(tree.sizes[other] for other in below)
            assert tree.files[node] == len(below)


@given(entries)
def test_nodes_stand_in_preorder_folders_first_and_by_name(of: Entries) -> None:
    tree = build(of)
    assert (tree.paths[ROOT], tree.parents[ROOT], tree.ends[ROOT]) == ("", -1, len(tree))
    for node in range(len(tree)):
        children = tree.children(node)
        assert children == [other for other in range(len(tree)) if tree.parents[other] == node]
        for first, second in pairwise(children):
            assert (not tree.is_folder[first], tree.name(first)) <= (not tree.is_folder[second], tree.name(second))
        for child in children:
            assert tree.depths[child] == tree.depths[node] + 1
            assert tree.paths[child].rpartition("/")[0] == tree.paths[node]


@given(entries)
def test_a_folder_has_the_mark_that_all_in_it_share_and_the_group_of_most_bytes(of: Entries) -> None:
    tree = build(of)
    for node in range(len(tree)):
        leaves = [other for other in inside(tree, node) if tree.ends[other] == other + 1]
        if leaves:
            marks = {tree.marks[leaf] for leaf in leaves}
            assert tree.marks[node] == (marks.pop() if len(marks) == 1 else Mark.CHANGED)
            sums = {g: sum(tree.sizes[leaf] for leaf in leaves if tree.groups[leaf] == g) for g in range(3)}
            assert sums[tree.groups[node]] == max(sums.values())


@given(entries)
def test_listed_folders_are_there_once_even_when_nothing_is_in_them(of: Entries) -> None:
    tree = build(of)
    folders = [tree.paths[node] for node in range(len(tree)) if tree.is_folder[node]]
    assert len(folders) == len(set(folders))
    assert {one[0] for one in of if one[4]} <= set(folders)


def test_a_wasted_copy_stands_beside_the_live_one() -> None:
    tree = tree_of("etc/passwd", "etc/passwd", sizes=[9, 7], marks=[Mark.WASTED, Mark.NONE])
    assert [tree.entries[node] for node in tree.children(1)] == [0, 1]
    assert tree.sizes[ROOT] == 16
    assert tree.marks[ROOT] == Mark.CHANGED


def test_a_listed_root_is_the_root() -> None:
    tree = tree_of("", "app", folders=[0, 1])
    assert (len(tree), tree.entries[ROOT], tree.entries[1], tree.is_folder[1]) == (2, 0, 1, 1)


def test_a_path_may_be_deeper_than_python_recurses() -> None:
    deep = "/".join("d" * 3000)
    tree = tree_of(deep, sizes=[5])
    assert tree.sizes[ROOT] == 5
    assert tree.depths[len(tree) - 1] == 3000
    view = TreeView(tree)
    assert view.reveal(len(tree) - 1) == 3000


def test_notes_belong_to_entries() -> None:
    tree = FileTree.build(["b", "a"], [1, 1], notes={0: "→ a"})
    assert [tree.note(node) for node in tree.children(ROOT)] == ["", "→ a"]


class Model:
    """The same in the plainest way: which folders are open, and the rows worked out anew for each look."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self.open = {ROOT}
        self.open_before: set[int] | None = None
        self.order = Order.NAME
        self.text = ""
        self.kind: FileKind | None = None

    @property
    def filtered(self) -> bool:
        return bool(self.text) or self.kind is not None

    def keeps(self, node: int) -> bool:
        tree = self.tree
        if tree.has_children(node):
            return any(self.keeps(child) for child in tree.children(node))
        is_of_kind = self.kind is None or (
            self.kind.mark in (None, tree.marks[node]) and self.kind.group in (None, tree.groups[node])
        )
        return is_of_kind and self.text.lower() in f"/{tree.paths[node]}".lower()

    def kept_files(self, node: int) -> list[int]:
        """The files in a folder that the filter keeps, or a file itself."""
        leaves = [node] if not self.tree.is_folder[node] else self.tree.leaves()
        return [
            leaf
            for leaf in leaves
            if not self.tree.is_folder[leaf]
            and (leaf == node or leaf in inside(self.tree, node))
            and (not self.filtered or self.keeps(leaf))
        ]

    def size(self, node: int) -> int:
        return sum(self.tree.sizes[leaf] for leaf in self.kept_files(node))

    def rows(self, node: int = ROOT) -> list[int]:
        children = self.tree.children(node) if node in self.open else []
        if self.filtered:
            children = [child for child in children if self.keeps(child)]
        if self.order is Order.SIZE:
            children = sorted(children, key=lambda child: (-self.size(child), child))
        return [node, *(row for child in children for row in self.rows(child))]

    def do_open(self, node: int) -> None:
        while node not in self.open and self.tree.has_children(node):
            self.open.add(node)
            children = self.tree.children(node)
            if len(children) == 1:
                node = children[0]

    def changed_filter(self) -> None:
        if self.filtered:
            self.open_before = self.open if self.open_before is None else self.open_before
            self.open = {node for node in range(len(self.tree)) if self.tree.is_folder[node]}
        elif self.open_before is not None:
            self.open, self.open_before = self.open_before, None

    def reveal(self, node: int) -> None:
        if self.filtered and not (node == ROOT or self.keeps(node)):
            self.text, self.kind = "", None
            self.changed_filter()
        self.open.update(self.tree.ancestors(node))


def do(view: TreeView, model: Model, what: str, how: object) -> None:
    row = how % len(view.rows) if isinstance(how, int) else 0
    node = view.rows[row]
    if what == "open":
        view.open(row)
        model.do_open(node)
    elif what == "close":
        view.close(row)
        model.open -= {node} - {ROOT}
    elif what == "open_all":
        view.open_all(row)
        model.open |= {other for other in (node, *inside(view.tree, node)) if view.tree.is_folder[other]}
    elif what == "reveal":
        assert isinstance(how, int)
        node = how % len(view.tree)
        row = view.reveal(node)
        assert view.rows[row] == node
        model.reveal(node)
    elif isinstance(how, Order):
        view.set_order(how)
        model.order = how
    elif isinstance(how, str):
        view.filter_text(how)
        model.text = how
        model.changed_filter()
    elif what == "kind":
        assert how is None or isinstance(how, FileKind)
        model.kind = how
        view.filter_kind(how)
        model.changed_filter()


@given(entries, st.lists(action, max_size=15))
def test_the_rows_are_those_of_a_plain_model_whatever_one_does(of: Entries, actions: list[tuple[str, object]]) -> None:
    view = TreeView(build(of))
    model = Model(view.tree)
    for what, how in actions:
        do(view, model, what, how)
        assert view.rows == model.rows()


@given(entries)
def test_each_sort_of_files_has_some_and_the_groups_together_have_all(of: Entries) -> None:
    view = TreeView(build(of))
    kinds = kinds_in(view.tree, ["base", "toolchain", "program"])
    matches = {kind: view.filter_kind(kind) for kind in kinds}
    assert all(matches.values())
    files = len(view.tree.leaves())
    assert sum(count for kind, count in matches.items() if kind.group is not None) in (0, files)
    assert all(count < files for count in matches.values()), "a sort that is all there is tells nothing"


@given(entries, st.sampled_from(list(Order)), st.sampled_from(list(Mark)))
def test_jumping_goes_through_all_files_of_a_mark_as_they_stand_and_around(
    of: Entries, order: Order, mark: Mark
) -> None:
    view = TreeView(build(of), order)
    everything = TreeView(view.tree, order)
    everything.open_all(0)
    expected = [n for n in everything.rows[1:] if view.tree.marks[n] == mark and not view.tree.has_children(n)]
    there = ROOT
    for wanted in [*expected, *expected[:1]]:
        there = view.next_marked(there, mark) or ROOT
        assert there == wanted
    for wanted in expected[:0:-1]:
        there = view.next_marked(there, mark, -1) or ROOT
        assert there == wanted
    if not expected:
        assert view.next_marked(ROOT, mark) is None


def test_opening_a_folder_opens_what_stands_alone_in_it() -> None:
    view = TreeView(tree_of("usr/local/go/src/a.go", "usr/local/go/VERSION"))
    assert view.open(1)
    assert shown(view) == ["usr", "usr/local", "usr/local/go", "usr/local/go/src", "usr/local/go/VERSION"]
    assert not view.open(1)
    assert view.close(1)
    assert shown(view) == ["usr"]


def test_a_file_and_the_root_neither_open_nor_close() -> None:
    view = TreeView(tree_of("file", "empty", folders=[1]))
    assert not any(view.toggle(row) for row in range(3))


def test_the_largest_file_and_the_files_of_a_group_are_found_in_closed_folders() -> None:
    view = TreeView(tree_of("a/small", "b/large", "c/program", sizes=[1, 9, 5], groups=[0, 0, 7]))
    largest, program = view.largest(), view.next_in_group(ROOT, 7)
    assert largest is not None and view.tree.paths[largest] == "b/large"
    assert program is not None and view.tree.paths[program] == "c/program"
    view.filter_text("/a/")
    largest = view.largest()
    assert largest is not None and view.tree.paths[largest] == "a/small"


def test_a_filter_tells_how_many_match_and_what_was_open_is_so_again_when_it_ends() -> None:
    view = TreeView(tree_of("a/one", "b/One", "b/two"))
    view.open(1)
    assert view.filter_text("ONE") == view.files(ROOT) == 2
    assert shown(view) == ["a", "a/one", "b", "b/One"]
    assert view.next_match(ROOT) == view.rows[2]
    assert view.filter_text("") == 0
    assert shown(view) == ["a", "a/one", "b"]


def test_a_path_that_the_filter_hides_ends_it_when_it_is_asked_for() -> None:
    view = TreeView(tree_of("a/one", "b/two"))
    view.filter_text("one")
    assert view.reveal(view.tree.find("/b/two") or ROOT) == 3
    assert not view.is_filtered


def test_closing_all_leaves_what_is_in_the_root() -> None:
    view = TreeView(tree_of("a/one/x", "b/two"))
    view.open_all(0)
    assert len(view.rows) == 6
    view.close_all()
    assert shown(view) == ["a", "b"]
