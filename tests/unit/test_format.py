from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.session import format


@pytest.mark.parametrize(
    ("size_bytes", "printed"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.00 kB"),
        (5_590, "5.59 kB"),
        (999_600, "1.00 MB"),
        (11_417_410, "11.4 MB"),
        (456_090_969, "456 MB"),
        (1_234_567_890, "1.23 GB"),
    ],
)
def test_sizes_are_printed_as_docker_prints_them(size_bytes: int, printed: str) -> None:
    assert format.size(size_bytes) == printed


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_printed_size_is_within_half_a_percent_of_the_real_one(size_bytes: int) -> None:
    number, unit = format.size_parts(size_bytes)
    value = float(number) * 1000 ** format.UNITS.index(unit)
    assert abs(value - size_bytes) <= 0.0051 * size_bytes


def test_durations_get_minutes_when_they_need_them() -> None:
    assert format.duration(0.04) == "0.0 s"
    assert format.duration(27.13) == "27.1 s"
    assert format.duration(125) == "2 min 05 s"


def test_the_ratio_to_nothing_is_not_said() -> None:
    assert format.ratio(100, 0) is None
    assert format.ratio(800, 20) == 40.0
    assert (format.times(39.9), format.times(1.66)) == ("40×", "1.7×")


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [("512", 512), ("20MB", 20_000_000), ("1.5 gb", 1_500_000_000), ("20MiB", 20 * 1024**2), ("3k", 3_000), ("0B", 0)],
)
def test_sizes_are_read_as_people_write_them(text: str, size_bytes: int) -> None:
    assert format.parse_size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "MB", "-3MB", "3 apples", "1e9", "3 M i B"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        format.parse_size(text)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_what_was_printed_reads_back_to_the_same_figure(size_bytes: int) -> None:
    assert format.size(format.parse_size(format.size(size_bytes))) == format.size(size_bytes)
