"""Lines tell how much room they take, whoever draws them."""

from __future__ import annotations

import pytest

from tui.widgets.line_paint import Span
from tui.widgets.shown_lines import MAX_LINE_CHARACTERS, ShownLines


class Words(ShownLines):
    """A line for each of these."""

    def __init__(self, *words: str) -> None:
        self.words = words

    @property
    def first_line(self) -> int:
        return 0

    @property
    def end_line(self) -> int:
        return len(self.words)

    def line_text(self, number: int) -> str:
        return self.words[number]

    def line_spans(self, number: int) -> list[Span]:
        return []


@pytest.mark.parametrize(
    ("width", "counts"), [(4, [1, 1, 1, 3, 3]), (5, [1, 1, 1, 2, 2]), (10, [1] * 5)], ids=lambda value: str(value)
)
def test_a_wrapped_line_has_as_many_rows_as_its_cells_need(width: int, counts: list[int]) -> None:
    lines = Words("", "a", "four", "ten of abc", "世界世界世")
    lines.row_width = width
    assert lines.row_counts(range(5)) == counts
    assert [lines.row_span(3, part) for part in range(2)] == [(0, width), (width, 2 * width)]


def test_one_can_scroll_to_the_end_of_the_longest_line_as_far_as_it_is_drawn() -> None:
    assert Words("a", "世界", "abc").widest(range(3)) == 4
    assert Words("a" * (MAX_LINE_CHARACTERS + 1)).widest(range(1)) == MAX_LINE_CHARACTERS
    assert Words().widest(range(0)) == 0
