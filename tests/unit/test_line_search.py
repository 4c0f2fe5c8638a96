"""Searching in lines: every occurrence is visited once a round, in either direction."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.line_search import LineSearch

LINES = st.lists(st.text("abA ", max_size=12), min_size=1, max_size=12)
NEEDLES = st.text("ab", min_size=1, max_size=3)


def all_starts(lines: list[str], needle: str) -> list[tuple[int, int]]:
    return [
        (number, at)
        for number, line in enumerate(lines)
        for at in range(len(line))
        if line.lower().startswith(needle, at)
    ]


@given(LINES, NEEDLES, st.sampled_from([1, -1]), st.data())
def test_a_round_visits_every_occurrence_once_and_comes_back(
    lines: list[str], needle: str, step: int, data: st.DataObject
) -> None:
    top = data.draw(st.integers(0, len(lines) - 1))
    search = LineSearch(needle)
    expected = all_starts(lines, needle)
    visited = [search.move(step, range(len(lines)), top, lines.__getitem__) for _ in expected]
    assert sorted(match for match in visited if match) == expected
    again = search.move(step, range(len(lines)), top, lines.__getitem__)
    assert again == (visited[0] if expected else None)


@given(LINES, NEEDLES)
def test_marked_places_do_not_overlap_and_hold_the_text(lines: list[str], needle: str) -> None:
    search = LineSearch(needle)
    for line in lines:
        places = list(search.places(line))
        assert all(line[start:end].lower() == needle for start, end in places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
        assert bool(places) == search.is_in(line)


def test_nothing_is_looked_for_without_a_text_or_without_lines() -> None:
    assert LineSearch("").move(1, range(3), 0, lambda _: "x") is None
    assert LineSearch("x").move(1, range(0), 0, lambda _: "x") is None
    assert not LineSearch("").is_in("x")
