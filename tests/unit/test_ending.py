"""What a learner takes home: figures of the pair, files in a folder of their choice, texts for where they are."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.fakes import INFO
from tests.unit.courses import one_step, read
from tui.course.blocks import Only, Where
from tui.course.guess_ledger import off_words
from tui.course.progress import Attempted, Guessed, Measured, SolutionShown
from tui.course.summary import Built
from tui.engine.model import SizeBasis
from tui.engine.request import Builder
from tui.session.courses import OpenCourse
from tui.session.coursework import Coursework
from tui.session.ending import Ending, built_before, ending_of, files_of, in_the_way, write_files
from tui.session.evidence import Evidence
from tui.session.whereabouts import Holds, holds, whereabouts

DAY = date(2026, 11, 24)
PAGE = """\
```predict
id = "size"
ask = "How large is | it?"
measure = "size:simple"
between = ["1 MB", "2 GB"]
```
```predict
id = "ratio"
ask = "How many times?"
measure = "ratio:simple:multistage"
between = [1, 100]
```
"""
DOCKER = "docker 29.1"


@pytest.fixture
def work(tmp_path: Path) -> Coursework:
    """A course of two guesses; nothing is done yet."""
    folder = one_step(tmp_path / "course", PAGE)
    return Coursework(OpenCourse(read(folder), folder, is_foreign=True))


def guessed(work: Coursework, *, size_by: str = DOCKER, ratio_by: str = DOCKER) -> Coursework:
    for event in (
        Guessed("size", 300e6, "bytes"),
        Measured("size", 900e6, size_by),
        Guessed("ratio", 45, "ratio"),
        Measured("ratio", 45, ratio_by),
    ):
        work.store.note(event)
    return work


def the_ending(work: Coursework) -> Ending:
    return ending_of(work, Evidence(work.opened, None))


def test_what_an_earlier_session_built_is_known_by_its_measurements(work: Coursework) -> None:
    assert the_ending(work).summary.built is None
    assert the_ending(guessed(work)).summary.built == Built(900_000_000, 20_000_000, DOCKER)


def test_figures_of_two_engines_are_never_put_together(work: Coursework) -> None:
    guessed(work, ratio_by="recorded on 2026-11-24")
    assert built_before(work.course, work.progress) is None


def test_a_recording_says_so_on_the_certificate_too(work: Coursework) -> None:
    recorded = "recorded on 2026-11-24"
    files = files_of(the_ending(guessed(work, size_by=recorded, ratio_by=recorded)), "Ada", DAY)
    assert recorded in files["certificate.svg"]
    assert recorded in files["certificate.md"].replace("\\", "")


def test_a_course_that_is_not_finished_is_not_said_to_be(work: Coursework) -> None:
    files = files_of(the_ending(work), "Ada", DAY)
    assert "has finished" not in files["certificate.svg"] + files["certificate.md"]
    assert "is on the way through" in files["certificate.md"]
    assert set(files) == {"certificate.svg", "certificate.md"}, "no guess, no table"


def test_guesses_are_a_table_that_nothing_in_them_breaks(work: Coursework) -> None:
    table = files_of(the_ending(guessed(work)), "", DAY)["guesses.md"]
    head, rule, first, second = table.splitlines()
    assert head.count("|") == rule.count("|") == first.replace("\\|", "").count("|") == 7
    assert "How large is \\| it?" in first
    assert "300 MB | 900 MB | 3.0× off" in first
    assert "spot on" in second


def test_how_good_a_guess_was_is_said_in_a_word(work: Coursework) -> None:
    size, _ = the_ending(guessed(work)).guesses
    offs = {None: "", 1.0: "spot on", 1.04: "spot on", 1.5: "1.5× off", 12.4: "12× off"}
    assert {off: off_words(replace(size, off=off)) for off in offs} == offs
    yes_no = replace(size, unit="yes-no")
    assert [off_words(replace(yes_no, off=off)) for off in (1.0, 0.0)] == ["right", "wrong"]


def test_the_files_lie_in_a_folder_that_is_made(work: Coursework, tmp_path: Path) -> None:
    files = files_of(the_ending(guessed(work)), "Ada", DAY)
    folder = tmp_path / "taken"
    assert in_the_way(folder, files) == ()
    write_files(folder, files)
    assert in_the_way(folder, files) == ("certificate.svg", "certificate.md", "guesses.csv", "guesses.md")
    ElementTree.parse(folder / "certificate.svg")


def test_a_folder_inside_one_that_is_not_there_is_not_made(work: Coursework, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_files(tmp_path / "absent" / "taken", files_of(the_ending(work), "Ada", DAY))


def test_exercises_tell_what_was_passed_and_how() -> None:
    from tui.session.courses import open_course

    opened = open_course()
    work = Coursework(opened)
    for event in (
        SolutionShown("the-loader"),
        Attempted("the-loader", 2, 2, 5),
        Attempted("capstone", 6, 6, 9_300_000),
    ):
        work.store.note(event)
    rows = {row.name: row.state for row in the_ending(work).exercises}
    assert list(rows) == [name for step in opened.course.steps for name in step.exercises]
    assert (rows["the-loader"].is_passed, rows["the-loader"].passed_unaided) == (True, False)
    assert rows["capstone"].best_bytes == 9_300_000
    assert not rows["the-order"].is_passed


def only(*conditions: tuple[Where, str]) -> Only:
    return Only(conditions, "Text.", 1)


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        ([(Where.BUILDER, "buildkit")], Holds.YES),
        ([(Where.BUILDER, "classic")], Holds.NO),
        ([(Where.ENGINE, "docker"), (Where.STORE, "graph")], Holds.YES),
        ([(Where.ENGINE, "docker"), (Where.STORE, "containerd")], Holds.NO),
    ],
)
def test_a_text_is_for_an_engine_where_all_its_conditions_hold(
    conditions: list[tuple[Where, str]], verdict: Holds
) -> None:
    assert holds(only(*conditions), whereabouts(INFO)) is verdict


def test_without_an_engine_nobody_knows_but_the_system_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert holds(only((Where.BUILDER, "classic")), whereabouts(None)) is Holds.UNKNOWN
    monkeypatch.setattr(sys, "platform", "darwin")
    assert holds(only((Where.SYSTEM, "macos")), whereabouts(None)) is Holds.YES
    assert holds(only((Where.BUILDER, "classic"), (Where.SYSTEM, "linux")), whereabouts(None)) is Holds.NO


def test_the_builder_that_was_asked_for_counts_and_the_store_is_told_by_its_sizes() -> None:
    known = whereabouts(replace(INFO, size_basis=SizeBasis.PACKED), Builder.CLASSIC)
    assert (known[Where.BUILDER], known[Where.STORE]) == ("classic", "containerd")
