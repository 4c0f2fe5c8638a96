"""Patterns match as docker's do: held against what its own matcher made of random ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.engine.context.errors import PatternRefused
from tui.engine.context.patterns import Hits, Patterns, escaped

RECORDED = json.loads((Path(__file__).parent / "data" / "patterns.json").read_text("utf-8"))["cases"]

names = st.text(alphabet="ab.é[*1", min_size=1, max_size=3).filter(lambda name: name not in (".", ".."))
trees = st.lists(st.lists(names, min_size=1, max_size=3), min_size=1, max_size=8)
pieces = st.sampled_from(["**", "*", "a", "b", "a*", "?", "*.a", "[ab]", "[^a]", r"\*", "1", "é", "."])
patterns = st.builds(
    lambda negated, parts: "!" * negated + "/".join(parts), st.booleans(), st.lists(pieces, min_size=1, max_size=3)
)


def with_folders(tree: list[list[str]]) -> list[str]:
    """All paths of a tree, a folder before what is in it."""
    return sorted({"/".join(parts[:end]) for parts in tree for end in range(1, len(parts) + 1)})


def verdicts(matcher: Patterns, paths: list[str]) -> dict[str, tuple[bool, bool]]:
    """What is decided of each path: taken for a folder, and for a file."""
    hits: dict[str, Hits] = {"": matcher.top}
    found = {}
    for path in paths:
        above = hits[path.rpartition("/")[0]]
        as_folder, hits[path] = matcher.match_folder(path, above)
        as_file = matcher.files_in(above)
        found[path] = as_folder, as_file if isinstance(as_file, bool) else as_file(path)
    return found


@pytest.mark.parametrize("case", RECORDED, ids=[" ".join(case["patterns"]) for case in RECORDED])
def test_random_patterns_match_what_dockers_matcher_matches(case: dict[str, list[str]]) -> None:
    if "refused" in case:
        with pytest.raises(PatternRefused) as refusal:
            verdicts(Patterns(case["patterns"]), case["paths"])
        assert str(refusal.value).endswith(f": {case['refused']}")
        return
    found = verdicts(Patterns(case["patterns"]), case["paths"])
    assert found == {path: (path in case["matched"],) * 2 for path in case["paths"]}


@given(tree=trees, texts=st.lists(patterns, max_size=6))
def test_the_quick_test_of_files_agrees_with_the_thorough_one_of_folders(
    tree: list[list[str]], texts: list[str]
) -> None:
    found = verdicts(Patterns(texts), with_folders(tree))
    assert all(as_folder == as_file for as_folder, as_file in found.values())


@given(tree=trees, texts=st.lists(patterns, max_size=6))
def test_what_matches_below_a_folder_is_never_passed_by(tree: list[list[str]], texts: list[str]) -> None:
    matcher = Patterns(texts)
    paths = with_folders(tree)
    found = verdicts(matcher, paths)
    for folder in paths:
        below = [path for path in paths if path.startswith(f"{folder}/")]
        for path in below:
            if found[path][0] != found[folder][0]:
                assert matcher.may_match_below(folder, negated=found[folder][0])


@given(name=names, other=names)
def test_an_escaped_name_matches_itself_alone(name: str, other: str) -> None:
    assert Patterns([escaped(name)]).matches(name)
    assert Patterns([escaped(name)]).matches(other) == (other == name)


@pytest.mark.parametrize(
    ("texts", "path"),
    [
        (["**/*.go"], "a/b/c.go"),
        (["*.go"], "c.go"),
        (["a"], "a/b/c"),
        (["a/**"], "a/b/c"),
        (["**/b"], "b/c"),
        (["a", "!a/b", "a/b/c"], "a/b/c"),
        (["a[1]"], "a1"),
        (["a\\[1\\]"], "a[1]"),
        (["x|a*"], "xa"),
        (["[^a]"], "é"),
        (["./a//b/../c"], "a/c"),
    ],
)
def test_matches(texts: list[str], path: str) -> None:
    assert Patterns(texts).matches(path)


@pytest.mark.parametrize(
    ("texts", "path"),
    [
        (["*.go"], "a/c.go"),
        (["A"], "a"),
        (["a/**"], "a"),
        (["a*"], "b/a"),
        (["a", "!a/b"], "a/b/c"),
        (["/a"], "a"),
        (["?"], "ab"),
        (["*.{md,txt}"], "a.md"),
    ],
)
def test_does_not_match(texts: list[str], path: str) -> None:
    assert not Patterns(texts).matches(path)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["!", "*.md"], 'invalid excludepatterns: [! *.md]: illegal exclusion pattern: "!"'),
        (["[a"], "invalid excludepatterns: [[a]: syntax error in pattern"),
        (["a\\"], "invalid excludepatterns: [a\\]: syntax error in pattern"),
        (["[]"], "invalid excludepatterns: [[]]: syntax error in pattern"),
        (["[z-a]"], "failed to match excludepatterns: syntax error in pattern"),
    ],
)
def test_what_docker_refuses_is_refused_in_its_words(texts: list[str], words: str) -> None:
    with pytest.raises(PatternRefused) as refusal:
        Patterns(texts).matches("x")
    assert str(refusal.value) == words


def test_a_flawed_pattern_is_refused_only_when_its_turn_comes() -> None:
    matcher = Patterns(["a", "![z-a]"])
    assert not matcher.matches("b")
    with pytest.raises(PatternRefused):
        matcher.matches("a")


def test_many_stars_in_one_name_take_no_more_than_a_moment() -> None:
    assert not Patterns(["*a*a*a*a*a*a*a*a*b*c"]).matches("a" * 250)
