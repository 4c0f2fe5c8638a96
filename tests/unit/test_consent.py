"""A course from elsewhere runs nothing until the learner has agreed to this very content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.courses import HEAD, make_course, step_of, with_exercise
from tui.course import digest
from tui.course.digest import CourseTooLarge, course_digest
from tui.session.consent import Consents, may_run
from tui.session.courses import open_course

IMAGES = '[images.rm]\ntitle = "x"\ndockerfile = "rm.Dockerfile"\ncontext = "files"\n'
PAGE = """\
```run
action = "build-first"
```
```run
action = "show-sizes"
```
```run
build = ["rm", "multistage"]
```
```run
start = "rm"
```
```run
action = "build-first"
```
```exercise
name = "second"
```
"""


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    folder = with_exercise(tmp_path / "course")
    return make_course(
        folder,
        {
            "course.toml": HEAD + IMAGES,
            "01-a.md": step_of(PAGE),
            "rm.Dockerfile": "FROM x",
            "files/data": "1",
        },
    )


def test_the_tutorial_needs_no_leave() -> None:
    assert not Consents().is_needed(open_course())


def test_leave_is_asked_once_and_kept(foreign: Path) -> None:
    opened = open_course(foreign)
    assert Consents().is_needed(opened)
    Consents().give(opened)
    assert not Consents().is_needed(open_course(foreign))


@pytest.mark.parametrize(
    "change", ["01-a.md", "files/data", "rm.Dockerfile", "new", "exercises/second/solution.Dockerfile"]
)
def test_a_course_that_was_changed_is_asked_about_again(foreign: Path, change: str) -> None:
    Consents().give(open_course(foreign))
    with (foreign / change).open("a") as file:
        file.write("\n# changed\n")
    assert Consents().is_needed(open_course(foreign))


def test_a_course_that_moved_unchanged_is_known_again(foreign: Path, tmp_path: Path) -> None:
    Consents().give(open_course(foreign))
    assert not Consents().is_needed(open_course(foreign.rename(tmp_path / "elsewhere")))


def test_what_a_course_may_run_is_listed_once_each_with_the_file_to_look_at(foreign: Path) -> None:
    listed = may_run(open_course(foreign))
    assert [one.what for one in listed] == [
        "Build the single-stage variant",
        "Build rm: rm.Dockerfile with the course's folder files",
        "Build multistage",
        "Start a container of rm: rm.Dockerfile with the course's folder files",
        "Build your own Dockerfile of “Second FROM”, or its solution, with Jettison's own program, "
        "and start a container",
    ]
    assert listed[1].dockerfile == foreign / "rm.Dockerfile"
    assert listed[4].dockerfile == foreign / "exercises/second/solution.Dockerfile"


def test_names_and_contents_both_count(tmp_path: Path) -> None:
    one = make_course(tmp_path / "one", {"ab": "c"})
    other = make_course(tmp_path / "other", {"a": "bc"})
    same = make_course(tmp_path / "same", {"ab": "c"})
    assert course_digest(one) == course_digest(same) != course_digest(other)


def test_links_and_pipes_are_counted_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("1")
    folder = make_course(tmp_path / "course", {"a": "1"})
    (folder / "file").symlink_to(tmp_path / "secret" / "file")
    (folder / "folder").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    before = course_digest(folder)
    (tmp_path / "secret" / "file").write_text("2")
    assert course_digest(folder) == before
    (folder / "folder").unlink()
    assert course_digest(folder) != before


def test_a_folder_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_course(tmp_path, {"a": "12345", "b": "12345"})
    monkeypatch.setattr(digest, "MAX_BYTES", 9)
    with pytest.raises(CourseTooLarge, match="more than 9 bytes"):
        course_digest(folder)
    monkeypatch.setattr(digest, "MAX_FILES", 1)
    with pytest.raises(CourseTooLarge, match="more than 1 files"):
        course_digest(folder)
