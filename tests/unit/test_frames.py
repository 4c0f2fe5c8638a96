from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.engine.containers import LogPiece
from tui.engine.events import Stream
from tui.engine.frames import FrameReader, LogGarbled

NUMBERS = {Stream.STDOUT: 1, Stream.STDERR: 2}
FRAMES = st.lists(st.tuples(st.sampled_from(list(Stream)), st.text().map(str.encode)))


def frame(stream: Stream, payload: bytes) -> bytes:
    return bytes((NUMBERS[stream], 0, 0, 0)) + len(payload).to_bytes(4) + payload


def texts(pieces: list[LogPiece]) -> dict[Stream, str]:
    return {stream: "".join(p.text for p in pieces if p.stream is stream) for stream in Stream}


def read(data: bytes, cuts: list[int], *, timestamps: bool = False) -> list[LogPiece]:
    reader = FrameReader(timestamps=timestamps)
    ends = sorted(cut % (len(data) + 1) for cut in cuts)
    pieces: list[LogPiece] = []
    for start, end in zip([0, *ends], [*ends, len(data)], strict=True):
        pieces += reader.feed(data[start:end])
    return [*pieces, *reader.finish()]


@given(FRAMES, st.lists(st.integers(0, 10_000)))
def test_each_output_comes_whole_and_in_order_however_the_bytes_are_cut(
    frames: list[tuple[Stream, bytes]], cuts: list[int]
) -> None:
    data = b"".join(frame(stream, payload) for stream, payload in frames)
    told = texts(read(data, cuts))
    for stream in Stream:
        assert told[stream] == b"".join(payload for one, payload in frames if one is stream).decode()


@given(st.binary(max_size=64), st.lists(st.integers(0, 100)))
def test_bytes_that_are_no_text_cost_signs_and_nothing_else(payload: bytes, cuts: list[int]) -> None:
    told = texts(read(frame(Stream.STDOUT, payload), cuts))
    assert told[Stream.STDOUT] == payload.decode("utf-8", "replace")


def test_neighbours_of_the_same_output_are_joined() -> None:
    data = frame(Stream.STDOUT, b"a\n") * 3 + frame(Stream.STDERR, b"b\n") * 2
    assert read(data, []) == [LogPiece(Stream.STDOUT, "a\n" * 3), LogPiece(Stream.STDERR, "b\n" * 2)]


@given(st.lists(st.integers(0, 200)))
def test_a_line_in_several_frames_keeps_its_first_time_only(cuts: list[int]) -> None:
    time = b"2026-11-24T12:00:00.123456789Z "
    data = b"".join(frame(Stream.STDOUT, time + part) for part in (b"long ", b"line\n", b"next\n"))
    assert texts(read(data, cuts, timestamps=True))[Stream.STDOUT] == (
        "2026-11-24T12:00:00.123456789Z long line\n2026-11-24T12:00:00.123456789Z next\n"
    )


def test_a_log_of_a_container_with_a_terminal_is_told_as_unreadable() -> None:
    with pytest.raises(LogGarbled, match="cannot be read"):
        list(FrameReader().feed(b"Hello World\r\n"))
