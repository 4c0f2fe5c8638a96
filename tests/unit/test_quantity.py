"""Quantities as people write and read them, and the names of measures."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.course.measures import KINDS, NoSuchMeasure, parse_measure
from tui.course.quantity import NotAQuantity, Unit, read, say


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("15 MB", Unit.BYTES, 15e6),
        ("15", Unit.BYTES, 15e6),
        ("1,5gb", Unit.BYTES, 1.5e9),
        ("1 MiB", Unit.BYTES, 2**20),
        ("12×", Unit.RATIO, 12),
        ("12 x", Unit.RATIO, 12),
        ("3.5 s", Unit.SECONDS, 3.5),
        ("2 min", Unit.SECONDS, 120),
        ("40 %", Unit.PERCENT, 40),
        ("7", Unit.COUNT, 7),
        ("Yes", Unit.YES_NO, 1),
        ("n", Unit.YES_NO, 0),
        ("2", Unit.WHICH, 2),
    ],
)
def test_a_guess_is_understood_as_people_write_it(text: str, unit: Unit, value: float) -> None:
    assert read(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", Unit.BYTES),
        ("-3 MB", Unit.BYTES),
        ("9" * 400, Unit.BYTES),
        ("many", Unit.COUNT),
        ("1.5", Unit.COUNT),
        ("٣", Unit.COUNT),
        ("3 kg", Unit.SECONDS),
        ("nan", Unit.SECONDS),
        ("1e9", Unit.RATIO),
        ("1", Unit.YES_NO),
    ],
)
def test_what_is_no_quantity_is_told_with_an_example(text: str, unit: Unit) -> None:
    with pytest.raises(NotAQuantity, match="is not written like"):
        read(text, unit)


@given(st.text(max_size=20), st.sampled_from(list(Unit)))
def test_any_text_is_a_quantity_or_none(text: str, unit: Unit) -> None:
    with contextlib.suppress(NotAQuantity):
        assert 0 <= read(text, unit) <= 1e15


def test_quantities_are_said_in_the_units_of_the_app() -> None:
    assert say(456_000_000, Unit.BYTES) == "456 MB"
    assert say(-1_000, Unit.BYTES) == "−1.00 kB"
    assert say(40.4, Unit.RATIO) == "40×"
    assert say(1, Unit.YES_NO) == "yes"
    assert say(2, Unit.WHICH, ("alpine", "scratch")) == "scratch"
    assert say(9, Unit.WHICH, ("alpine",)) == "option 9"


@given(st.floats(1, 1e14))
def test_a_size_that_was_said_is_read_as_about_the_same(value: float) -> None:
    assert read(say(value, Unit.BYTES), Unit.BYTES) == pytest.approx(value, rel=0.05, abs=1)


def test_measures_are_read_by_name() -> None:
    ratio = parse_measure("ratio:simple:2019/multistage")
    assert ratio.images == ("simple", "2019/multistage")
    assert ratio.title == "how many times simple is as large as 2019/multistage"
    assert str(ratio) == "ratio:simple:2019/multistage"
    assert parse_measure("contains:simple:/usr/local/go").unit is Unit.YES_NO
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("weight:simple", "there is no measure 'weight'"),
        ("size", "is written size:IMAGE"),
        ("size:", "is written size:IMAGE"),
        ("ratio:simple", "is written ratio:IMAGE:IMAGE"),
        ("bytes-for:simple:fun", "a purpose is one of base, toolchain"),
        ("size:$(rm)", "is no name for the image of size"),
    ],
)
def test_what_is_no_measure_is_told(text: str, complaint: str) -> None:
    with pytest.raises(NoSuchMeasure) as error:
        parse_measure(text)
    assert complaint in str(error.value)
