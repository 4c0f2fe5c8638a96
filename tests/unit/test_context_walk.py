"""What of a folder is wanted, and in which order it is told of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.engine.context.errors import ContextUnreadable
from tui.engine.context.patterns import Patterns
from tui.engine.context.walk import Selection, first_name_not_utf8, wanted


def make(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.write_text("")
    return root


def walked(root: Path, *excludes: str, includes: list[str] | None = None) -> list[str]:
    selection = Selection(Patterns(excludes), None if includes is None else Patterns(includes, "includepatterns"))
    return [path for path, _ in wanted(root, selection)]


def test_folders_come_before_what_is_in_them_and_names_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    make(tmp_path, "b/x", "b.txt", "b-c", "a", "é", "Z", "\U0001f600", "\uffee", os.fsdecode(b"\xff"))
    assert walked(tmp_path) == ["Z", "a", "b", "b/x", "b-c", "b.txt", "é", "\uffee", "\U0001f600", "\udcff"]


def test_a_folder_that_is_not_wanted_is_told_of_when_something_in_it_is(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c/kept", "a/b/c/lost", "a/other/lost", "z")
    assert walked(tmp_path, "a", "!a/b/c/kept") == ["a", "a/b", "a/b/c", "a/b/c/kept", "z"]


def test_a_folder_is_told_of_once(tmp_path: Path) -> None:
    make(tmp_path, "a/b/one", "a/c/two", "a/three")
    assert walked(tmp_path, "*", "!**/one", "!**/two", "!**/three") == [
        *("a", "a/b", "a/b/one", "a/c", "a/c/two", "a/three"),
    ]


def test_only_what_is_included_is_wanted(tmp_path: Path) -> None:
    make(tmp_path, "a/x", "a/y.md", "b/x", "c")
    assert walked(tmp_path, "**/*.md", includes=["a", "c"]) == ["a", "a/x", "c"]
    assert walked(tmp_path, includes=["b/x"]) == ["b", "b/x"]
    assert walked(tmp_path, includes=["*/x"]) == ["a", "a/x", "b", "b/x"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "root", "a")
    make(tmp_path, "outside/secret")
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "circle").symlink_to(root)
    assert walked(root) == ["a", "circle", "link"]


def test_a_folder_that_nothing_in_could_be_wanted_is_not_even_read(tmp_path: Path) -> None:
    make(tmp_path, "a", "node_modules/x")
    (tmp_path / "node_modules" / "x").unlink()
    (tmp_path / "node_modules").rmdir()
    (tmp_path / "node_modules").symlink_to("/absent")
    assert walked(tmp_path, "node_modules") == ["a"]


def test_a_folder_that_is_gone_has_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a/x", "b")
    walk = wanted(tmp_path, Selection(Patterns([])))
    assert next(walk)[0] == "a"
    (tmp_path / "a" / "x").unlink()
    (tmp_path / "a").rmdir()
    assert [path for path, _ in walk] == ["b"]


def test_a_context_that_is_no_folder_at_all_is_empty_or_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ContextUnreadable, match="cannot be read"):
        walked(tmp_path / ("x" * 300))


def test_the_first_name_that_is_not_utf8_is_found_among_those_that_are_wanted(tmp_path: Path) -> None:
    odd = os.fsdecode(b"odd-\xff")
    make(tmp_path, "a", f"b/{odd}", "é")
    assert first_name_not_utf8(tmp_path, Patterns([])) == f"b/{odd}"
    assert first_name_not_utf8(tmp_path, Patterns(["b"])) is None


parts = st.lists(st.sampled_from(["a", "b", "a.x", "a-", "é"]), min_size=1, max_size=4)


@given(tree=st.lists(parts, max_size=8), excludes=st.lists(parts.map("/".join), max_size=3), negated=st.booleans())
def test_whatever_is_wanted_its_folders_come_before_it_in_order(
    tmp_path_factory: pytest.TempPathFactory, tree: list[list[str]], excludes: list[str], negated: bool
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for names in tree:
        (root.joinpath(*names)).mkdir(parents=True, exist_ok=True)
        (root.joinpath(*names) / "file").write_text("")
    texts = [*excludes[:1], *("!" * negated + text for text in excludes[1:])]
    found = walked(root, *texts)
    order = [[os.fsencode(part) for part in path.split("/")] for path in found]
    assert order == sorted(order)
    assert len(set(found)) == len(found)
    assert {path.rpartition("/")[0] for path in found} <= {"", *found}
    matcher = Patterns(texts)
    everything = [path.relative_to(root).as_posix() for path in root.rglob("file")]
    assert [path for path in sorted(found) if path.endswith("file")] == sorted(
        path for path in everything if not matcher.matches(path)
    )
