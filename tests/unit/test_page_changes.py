"""Which rows of a lesson's page are new: what stays above and below them is the same as before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.lesson_pane import changed_rows

PAGES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


@given(PAGES, PAGES)
def test_what_is_outside_of_the_changed_rows_was_there_before(before: list[str], after: list[str]) -> None:
    rows = changed_rows(before, after)
    if rows is None:
        assert before == after
        return
    first, end = rows
    assert 0 <= first < end
    assert before[:first] == after[:first]
    below = after[end:]
    assert not below or before[-len(below) :] == below


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ("ask, answer here, next", "ask, your answer, it is right, next", (1, 3)),
        ("ask", "ask, more", (1, 2)),
        ("ask, answer here, next", "ask, next", (1, 2)),
        ("same, same", "same, same, same", (2, 3)),
    ],
)
def test_the_changed_rows_are_as_few_as_can_be(before: str, after: str, rows: tuple[int, int]) -> None:
    assert changed_rows(before.split(", "), after.split(", ")) == rows
