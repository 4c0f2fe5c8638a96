from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.course.model import Form, Kind
from tui.course.reader import CourseError, read_course
from tui.course.widths import MOST_CODE_COLUMNS, MOST_PAGE_COLUMNS
from tui.session.actions import ACTIONS, BY_ID
from tui.session.paths import COURSE, content_folder
from tui.session.variants import EDITIONS
from tui.widgets.lesson_page import ACTION_LINK, lesson_content, line_content

STEP = '+++\ntitle = "A step"\nminutes = 3\nkind = "run"\n+++\n# Text\n'
HEAD = 'format = 2\ntitle = "T"\norder = ["01.md"]\n'


def course(tmp_path: Path, step: str = STEP, head: str = HEAD) -> Path:
    (tmp_path / "course.toml").write_text(head)
    (tmp_path / "01.md").write_text(step)
    return tmp_path


def test_a_course_is_read_as_it_is_written(tmp_path: Path) -> None:
    found = read_course(course(tmp_path))
    assert found.title == "T"
    assert (found.steps[0].id, found.steps[0].title, found.steps[0].minutes) == ("01", "A step", 3)
    assert found.steps[0].markdown == "# Text\n"


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ("no front matter", "begins with front matter"),
        ("+++\ntitle = \n+++\n", r"01\.md:2:9: Invalid value"),
        ('+++\ntitle = ""\nminutes = 1\n+++\n', "title must be a text"),
        ('+++\ntitle = "x"\nminutes = 100\n+++\n', "minutes must be a number from 1 to 60"),
        ('+++\ntitle = "x"\nminutes = 1\nkind = "guess"\n+++\n', "kind must be one of"),
        ('+++\ntitle = "x"\nminutes = 1\nmintues = 2\n+++\n', "unknown mintues"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_with_its_file(tmp_path: Path, step: str, complaint: str) -> None:
    with pytest.raises(CourseError, match=complaint):
        read_course(course(tmp_path, step))


@pytest.mark.parametrize("name", ["../outside.md", "/etc/passwd", "absent.md"])
def test_a_course_cannot_reach_out_of_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(CourseError):
        read_course(course(tmp_path, head=HEAD.replace("01.md", name)))


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    (tmp_path / "secret").write_text(STEP)
    course(folder)
    (folder / "01.md").unlink()
    (folder / "01.md").symlink_to(tmp_path / "secret")
    with pytest.raises(CourseError, match="is a link out of the course's folder"):
        read_course(folder)


def test_a_future_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="format must be 2, not 3"):
        read_course(course(tmp_path, head=HEAD.replace("format = 2", "format = 3")))


OURS = read_course(content_folder("lessons") / COURSE)


def test_our_course_teaches_every_row_of_the_tutorial() -> None:
    taught = {row for step in OURS.steps for row in step.rows}
    assert taught == {f"T{number}" for number in range(1, 14)}


def test_every_step_fits_in_ten_minutes_and_the_short_ways_in_theirs() -> None:
    assert all(step.minutes <= 10 for step in OURS.steps)
    assert [(track.name, track.minutes) for track in OURS.tracks] == [("demo", 20), ("hour", 60)]
    assert [number for number, step in enumerate(OURS.steps, 1) if "demo" in step.tracks] == [3, 5, 7, 8]
    assert [number for number, step in enumerate(OURS.steps, 1) if "hour" in step.tracks] == list(range(1, 10))


def test_the_ladder_of_exercises_goes_from_blanks_to_an_empty_file() -> None:
    forms = [OURS.exercises[name].form for step in OURS.steps for name in step.exercises]
    assert forms[0] is Form.BLANKS
    assert forms[-1] is Form.EMPTY
    assert len(forms) == len(OURS.exercises)


def test_every_step_that_measures_asks_for_a_guess_before_it_runs() -> None:
    for step in OURS.steps:
        if step.kind is Kind.PREDICT:
            assert all(step.guesses_before(run) for run in step.runs[:1]), step.id


def test_actions_and_editions_that_lessons_name_exist() -> None:
    for step in OURS.steps:
        assert step.action is None or step.action in BY_ID
        assert step.edition is None or step.edition in EDITIONS
        linked = re.findall(rf"\({ACTION_LINK}([\w-]+)\)", step.markdown)
        assert set(linked) <= set(BY_ID)


def test_no_line_of_a_lesson_is_wider_than_its_page() -> None:
    for step in OURS.steps:
        for width in (36, 46, 76):
            lines = lesson_content(step.markdown, width).split("\n")
            assert max(line.cell_length for line in lines) <= width, step.id


def test_keys_are_letters_digits_and_function_keys_each_used_once() -> None:
    keys = [action.key for action in ACTIONS]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-zA-Z0-9]|f\d+|slash", key) for key in keys)


def test_every_building_action_says_which_docker_command_it_equals() -> None:
    assert all(action.equals for action in ACTIONS if action.needs_engine)


def test_lines_in_focus_are_told_apart_without_colour() -> None:
    lines = lesson_content("```focus=2\nFROM golang\nRUN rm -rf /usr/local/go\n```", 76).plain.split("\n")
    assert lines == ["  ▏ FROM golang", "  ▌ RUN rm -rf /usr/local/go"]


def test_code_of_72_columns_stays_on_one_line_of_a_page_of_76() -> None:
    line = "x" * MOST_CODE_COLUMNS
    assert lesson_content(f"```\n{line}\n```", MOST_PAGE_COLUMNS).plain == f"  ▏ {line}"


def test_a_question_outside_its_page_shows_no_marks_of_markdown() -> None:
    assert line_content("What is `$VERSION` in a *RUN* line?").plain == "What is $VERSION in a RUN line?"
