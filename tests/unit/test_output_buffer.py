"""Both outputs of a program in one log: every line knows where it went."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.engine.events import Stream
from tui.session.output_buffer import OutputBuffer

OUT, ERR = Stream.STDOUT, Stream.STDERR


def told(*pieces: tuple[Stream, str], most: int = 1000) -> OutputBuffer:
    buffer = OutputBuffer(most)
    for stream, text in pieces:
        buffer.feed_output(stream, text.split("\n"), overwrites="\r" in text)
    return buffer


def marked(buffer: OutputBuffer) -> list[tuple[Stream, str]]:
    return [(buffer.stream(number), buffer.line(number)) for number in range(buffer.first, buffer.end)]


def test_each_line_knows_its_output() -> None:
    assert marked(told((OUT, "one\ntwo\n"), (ERR, "bad\n"), (OUT, "three"))) == [
        (OUT, "one"),
        (OUT, "two"),
        (ERR, "bad"),
        (OUT, "three"),
    ]


def test_a_line_that_arrives_in_pieces_stays_one() -> None:
    assert marked(told((ERR, "half "), (ERR, "and half\nne"), (ERR, "xt\n"))) == [
        (ERR, "half and half"),
        (ERR, "next"),
    ]


def test_a_line_that_the_other_output_interrupts_goes_on_in_a_new_one() -> None:
    assert marked(told((OUT, "begun"), (ERR, "bad\n"), (OUT, " and ended\n"))) == [
        (OUT, "begun"),
        (ERR, "bad"),
        (OUT, " and ended"),
    ]


def test_a_line_that_is_no_longer_kept_has_no_output() -> None:
    buffer = told((OUT, "x\n" * 100), (ERR, "y\n" * 10), most=10)
    assert marked(buffer) == [(ERR, "y")] * 10
    with pytest.raises(IndexError):
        buffer.stream(buffer.first - 1)


@given(st.lists(st.tuples(st.sampled_from(Stream), st.text("ab\n", max_size=5)), max_size=30), st.integers(1, 20))
def test_of_each_output_nothing_is_lost_but_what_is_dropped(pieces: list[tuple[Stream, str]], most: int) -> None:
    buffer = told(*pieces, most=most)
    for stream in Stream:
        printed = "".join(text for one, text in pieces if one is stream).replace("\n", "")
        kept = "".join(line for one, line in marked(buffer) if one is stream)
        assert printed.endswith(kept) if buffer.first else printed == kept
