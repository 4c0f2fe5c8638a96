"""What is printed to a terminal of somebody's output can do nothing to that terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.session.logs import without_escapes

STEERING = {*map(chr, range(32)), *map(chr, range(127, 160))} - {"\t", "\n"}


def test_colours_titles_and_cursors_are_taken_out_and_words_stay() -> None:
    assert without_escapes("\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2Jand \x9b3J\bgrün\r") == "red and 3Jgrün"


@given(st.text(st.sampled_from("a\t\n\r\x07\x08\x1b\x9b[]0;mJ\\P")))
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    assert not STEERING & set(without_escapes(text))
