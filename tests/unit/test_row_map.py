from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.row_map import RowMap

counts = st.lists(st.integers(min_value=1, max_value=5), max_size=40)


@given(counts, st.integers(min_value=0, max_value=45), counts)
def test_every_row_belongs_to_the_line_that_a_plain_list_says(
    before: list[int], dropped: int, after: list[int]
) -> None:
    rows = RowMap(wrapped=True)
    rows.append(before)
    gone = rows.drop(dropped)
    rows.append(after)
    kept = before[dropped:] + after
    expected = [(line, part) for line, count in enumerate(kept) for part in range(count)]
    assert gone == sum(before[:dropped])
    assert rows.rows == len(expected)
    assert [rows.line_at(row) for row in range(rows.rows)] == expected
    assert [rows.row_of(line) for line in range(len(kept))] == [sum(kept[:line]) for line in range(len(kept))]


@given(counts, st.integers(min_value=0, max_value=45))
def test_without_wrapping_a_row_is_a_line(before: list[int], dropped: int) -> None:
    rows = RowMap()
    rows.append(before)
    assert rows.drop(dropped) == min(dropped, len(before))
    assert rows.rows == max(0, len(before) - dropped)
    assert rows.line_at(3) == (3, 0)


def test_the_last_line_can_be_measured_again() -> None:
    rows = RowMap(wrapped=True)
    rows.append([2, 3])
    rows.drop_last()
    rows.append([1])
    assert rows.rows == 3
