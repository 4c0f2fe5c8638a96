from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.stacked_bars import part_cells

sizes = st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=8)


def test_parts_are_to_scale() -> None:
    assert part_cells([50, 25, 25], 100, 40) == [20, 10, 10]
    assert part_cells([50], 100, 40) == [20]


@given(sizes, st.integers(min_value=1, max_value=300))
def test_the_parts_of_the_largest_bar_fill_it_exactly(parts: list[int], width: int) -> None:
    assert sum(part_cells(parts, sum(parts), width)) == (width if sum(parts) else 0)


@given(sizes, st.integers(min_value=1, max_value=10**15), st.integers(min_value=1, max_value=300))
def test_what_exists_is_never_drawn_as_nothing_and_never_too_long(parts: list[int], other: int, width: int) -> None:
    cells = part_cells(parts, max(sum(parts), other), width)
    assert (sum(cells) > 0) == (sum(parts) > 0)
    assert sum(cells) <= width
    assert all(count >= 0 for count in cells)
