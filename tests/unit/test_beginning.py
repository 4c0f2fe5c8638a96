"""What is read of a course before the first paint: what the whole reading will say, and no more than is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.courses import make_course, one_step, read
from tui.course.outline import Head, outline_of, read_outline, read_prose
from tui.course.problems import CourseError
from tui.course.progress import Opened, Reset
from tui.session.beginning import begin
from tui.session.courses import open_course
from tui.session.progress import ProgressStore, progress_file


def test_the_outline_of_the_tutorial_is_that_of_the_whole_course() -> None:
    assert begin().outline == outline_of(open_course().course)


def test_the_outline_is_read_without_checks_directives_and_engine() -> None:
    code = "import sys; from tui.session.beginning import begin; begin(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "tui.course.outline" in loaded
    heavy = {"tui.course.checks", "tui.course.directives", "tui.course.grading", "docker"}
    assert not heavy & set(loaded)


def test_prose_stands_without_directives(tmp_path: Path) -> None:
    folder = one_step(tmp_path, "Before.\n\n```note\nHush.\n```\n\nAfter.\n")
    assert read_prose(folder, outline_of(read(folder)).heads[0]) == "Before.\n\nAfter.\n"


def test_the_step_that_was_opened_last_is_opened_again() -> None:
    opened = open_course()
    store = ProgressStore(progress_file(opened))
    store.note(Opened("shrink-it"))
    assert begin().index == 4
    assert "Delete what is not needed" in begin().prose
    store.note(Opened("gone-from-the-course"))
    assert begin().index == 4
    store.note(Reset())
    assert begin().index == 0


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"course.toml": "format = 1"},
        {"course.toml": 'format = 2\ntitle = "T"\norder = ["01-a.md"]'},
        {"course.toml": 'format = 2\ntitle = "T"\norder = ["01-a.md"]', "01-a.md": "no front matter"},
    ],
)
def test_what_is_wrong_with_a_course_is_left_to_the_whole_reading(tmp_path: Path, files: dict[str, str]) -> None:
    folder = make_course(tmp_path, files)
    assert read_outline(folder) is None
    assert read_prose(folder, Head("a", "A", 1, file="01-a.md")) == ""
    with pytest.raises(CourseError):
        begin(folder)
