from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.session.log_buffer import LogBuffer


def lines(buffer: LogBuffer) -> list[str]:
    return [buffer.line(number) for number in range(buffer.first, buffer.end)]


@given(st.lists(st.text(alphabet="ab\n", max_size=6)))
def test_lines_do_not_depend_on_how_the_text_was_cut_into_pieces(pieces: list[str]) -> None:
    whole, cut = LogBuffer(), LogBuffer()
    whole.feed("".join(pieces))
    for piece in pieces:
        cut.feed(piece)
    assert lines(cut) == lines(whole)


@given(st.lists(st.integers(min_value=1, max_value=30), max_size=30))
def test_lines_keep_their_numbers_when_older_ones_are_dropped(counts: list[int]) -> None:
    buffer = LogBuffer(max_lines=20)
    total = 0
    for count in counts:
        buffer.feed("".join(f"{total + i}\n" for i in range(count)))
        total += count
    assert all(buffer.line(number) == str(number) for number in range(buffer.first, buffer.end))
    assert buffer.end == total
    assert len(buffer) >= min(total, 20)
    assert len(buffer) <= 22


def test_an_unfinished_line_is_there_at_once_and_goes_on() -> None:
    buffer = LogBuffer()
    buffer.feed("Step 1")
    assert lines(buffer) == ["Step 1"]
    buffer.feed("/3\nnext")
    assert lines(buffer) == ["Step 1/3", "next"]


def test_a_carriage_return_starts_the_line_over() -> None:
    buffer = LogBuffer()
    buffer.feed("10%\r50%\r100%\ndone\r\n")
    assert lines(buffer) == ["100%", "done"]
