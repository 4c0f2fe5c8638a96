"""What is left at the end: figures, the ledger of guesses, a certificate."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.courses import EXERCISE, make_course, read, step_of, with_exercise
from tui.course.certificate import certificate_markdown, certificate_svg
from tui.course.guess_ledger import guess_rows, how_far_off, rows_as_csv, rows_as_json
from tui.course.model import Course
from tui.course.progress import Answered, Attempted, Event, Guessed, GuessSkipped, Left, Measured, Progress, replay
from tui.course.quantity import Unit
from tui.course.summary import Built, Summary, summarise

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = date(2026, 11, 24)
PAGE = """\
```predict
id = "size"
ask = "=HYPERLINK(1), how large?"
measure = "size:simple"
between = ["1 MB", "2 GB"]
```
```predict
id = "root"
ask = "As root?"
measure = "root:simple"
```
```predict
id = "smaller"
ask = "Which?"
measure = "smaller:simple:multistage"
options = ["simple", "multistage"]
```
```choose
id = "c"
ask = "Which?"
options = ["one", "two"]
answer = 2
```
```exercise
name = "second"
```
"""
EVENTS: tuple[Event, ...] = (
    Left("a"),
    Guessed("size", 300e6, "bytes"),
    Measured("size", 456e6, "docker 29.1"),
    GuessSkipped("root"),
    Measured("root", 1, "docker 29.1"),
    Guessed("smaller", 2, "which"),
    Measured("smaller", 2, "docker 29.1"),
    Guessed("no longer asked", 1, "bytes"),
    Answered("c", 2, True),
    Attempted("second", 1, 1, 11_000_000),
)


def progress_of(*events: Event) -> Progress:
    return replay((NOW, event) for event in events)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = with_exercise(tmp_path, EXERCISE.replace("form", "golf = true\nform"))
    return read(make_course(folder, {"01-a.md": step_of(PAGE)}))


def test_guesses_stand_beside_measurements(course: Course) -> None:
    rows = guess_rows(course, progress_of(*EVENTS))
    assert [(row.id, row.guess_words, row.measured_words) for row in rows] == [
        ("size", "300 MB", "456 MB"),
        ("root", "skipped", "yes"),
        ("smaller", "multistage", "multistage"),
    ]
    assert rows[0].off == pytest.approx(1.52)
    assert [row.off for row in rows[1:]] == [None, 1.0]


def test_a_guess_in_a_unit_that_is_asked_no_more_says_nothing(course: Course) -> None:
    (row,) = guess_rows(course, progress_of(Guessed("size", 7, "ratio"), Measured("size", 456e6, "x")))
    assert (row.guess, row.off) == (None, None)


@given(st.floats(0, 1e12), st.floats(0, 1e12))
def test_how_far_off_is_the_same_from_both_sides_and_at_least_one(guess: float, measured: float) -> None:
    off = how_far_off(guess, measured, Unit.BYTES)
    assert off == how_far_off(measured, guess, Unit.BYTES)
    assert off is None or off >= 1


def test_the_ledger_of_guesses_is_exported(course: Course) -> None:
    rows = guess_rows(course, progress_of(*EVENTS))
    assert json.loads(rows_as_json(rows))[0]["measured"] == 456e6
    table = list(csv.DictReader(io.StringIO(rows_as_csv(rows))))
    assert [line["guess"] for line in table] == ["300000000", "", "2"]
    assert table[0]["question"].startswith("'=HYPERLINK"), "no spreadsheet may take it for a formula"


def test_the_summary_counts_what_the_course_has(course: Course) -> None:
    summary = summarise(course, progress_of(*EVENTS), Built(456_000_000, 11_400_000))
    assert (summary.done, summary.steps, summary.is_finished, summary.share) == (1, 1, True, 1.0)
    assert (summary.guesses, summary.guessed, summary.guesses_skipped, summary.close) == (3, 2, 1, 2)
    assert summary.best_guess is not None
    assert summary.best_guess.id == "size"
    assert (summary.questions, summary.right) == (1, 1)
    assert (summary.exercises, summary.passed, summary.unaided, summary.golf_bytes) == (1, 1, 1, 11_000_000)
    assert summary.minutes_left == 0


def test_the_summary_of_a_beginning_is_empty(course: Course) -> None:
    summary = summarise(course, Progress())
    assert (summary.done, summary.guessed, summary.passed, summary.golf_bytes, summary.minutes_left) == (
        0,
        0,
        0,
        None,
        3,
    )
    assert not summary.is_finished
    assert summarise(course, Progress(), track="short").steps == 0


def the_summary(course: str = "Go multi-stage builds") -> Summary:
    built = Built(456_000_000, 11_400_000)
    return Summary(course, 18, 16, 2, 20, 18, 2, 12, None, 9, 8, 7, 7, 5, 9_300_000, 0, built)


def test_the_certificate_says_what_was_done() -> None:
    for text in (certificate_svg(the_summary(), "Ada", DAY), certificate_markdown(the_summary(), "Ada", DAY)):
        plain = text.replace("\\", "")
        for words in (
            "Ada",
            "has finished",
            "Go multi-stage builds",
            "16 of 18 steps, 2 skipped",
            "9.30 MB",
            "2026-11-24",
        ):
            assert words in plain
        assert "40×" in plain


@given(name=st.text(max_size=80), title=st.text(max_size=80))
def test_any_name_and_title_leave_the_certificate_whole(name: str, title: str) -> None:
    svg = certificate_svg(the_summary(title), name, DAY)
    root = ElementTree.fromstring(svg.encode("utf-8"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "style", "rect", "text"}
    markdown = certificate_markdown(the_summary(title), name, DAY)
    assert markdown.count("\n") == certificate_markdown(the_summary("x"), "y", DAY).count("\n")


@pytest.mark.parametrize("name", ["</text><script>alert(1)</script>", "[x](javascript:y)", "<b>", "a\x1b[31m", "# x"])
def test_markup_in_a_name_is_shown_as_text(name: str) -> None:
    assert "<script" not in certificate_svg(the_summary(), name, DAY)
    assert "\x1b" not in certificate_svg(the_summary(), name, DAY)
    markdown = certificate_markdown(the_summary(), name, DAY)
    assert "](javascript" not in markdown
    assert "<b>" not in markdown


def test_a_certificate_without_images_or_name_is_one_all_the_same(course: Course) -> None:
    summary = summarise(course, progress_of(Left("a")))
    svg = certificate_svg(summary, "  ", DAY)
    assert "Somebody" in svg
    assert "smaller" not in svg
    ElementTree.fromstring(svg)
