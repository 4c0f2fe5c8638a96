"""What the sources of COPY lead to, by way of links within the context."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.engine.context.links import follow_links


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("real/one", "real/two", "real/deep/three", "plain", "a[1]"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    for name, target in {
        "file": "plain",
        "folder": "real",
        "chain": "folder",
        "rooted": "/real/deep",
        "out": "../../../plain",
        "whole": ".",
        "circle": "circle",
        "grows": "grows/x",
        "dangling": "absent",
        "real/back": "../plain",
        "wild": "a[1]",
    }.items():
        (tmp_path / name).symlink_to(target)
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["plain"], ["plain"]),
        (["./plain/"], ["plain"]),
        (["file"], ["file", "plain"]),
        (["folder/one"], ["folder", "real/one"]),
        (["chain/one"], ["chain", "folder", "real/one"]),
        (["rooted/three"], ["real/deep/three", "rooted"]),
        (["real/back"], ["plain", "real/back"]),
        (["dangling"], ["absent", "dangling"]),
        (["f*"], ["f*", "plain", "real"]),
        (["absent", "real", "real/one"], ["absent", "real"]),
        (["wild"], ["a[1]", "wild"]),
    ],
)
def test_links_are_followed_to_their_ends(root: Path, paths: list[str], found: list[str]) -> None:
    assert follow_links(root, paths) == found


def test_a_link_that_leads_out_is_looked_for_within(root: Path) -> None:
    assert follow_links(root, ["out"]) == ["out", "plain"]
    assert follow_links(root, ["../../plain"]) == ["plain"]


def test_several_files_behind_one_link_are_all_found(root: Path) -> None:
    assert follow_links(root, ["folder/one", "folder/two"]) == ["folder", "real/one", "real/two"]


@pytest.mark.parametrize("path", ["whole", ".", "", "/", "whole/whole"])
def test_what_leads_to_the_whole_folder_is_no_filter(root: Path, path: str) -> None:
    assert follow_links(root, [path, "plain"]) == []


@pytest.mark.parametrize("path", ["circle", "circle/x", "grows"])
def test_circles_end(root: Path, path: str) -> None:
    assert path.partition("/")[0] in follow_links(root, [path])
