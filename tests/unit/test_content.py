"""A file's content in pieces is asked as the whole would be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.archives import cut
from tui.image.content import Content

PLACES = st.integers(-3, 40)


@given(st.binary(max_size=30), st.lists(st.integers(1, 9), max_size=6), PLACES, PLACES)
def test_any_part_is_that_of_the_whole(whole: bytes, lengths: list[int], start: int, end: int) -> None:
    content = Content([memoryview(piece) for piece in cut(whole, *lengths or [30])])
    assert content.length == len(whole)
    assert content.between(start, end) == whole[max(start, 0) : max(end, 0)]
