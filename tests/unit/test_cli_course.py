"""The commands of the course, as a script sees them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.courses import one_step, step_of, with_exercise
from tui.cli import main
from tui.course.progress import Guessed, Left, Mark, Measured
from tui.session.course_images import work_file
from tui.session.courses import open_course
from tui.session.exercise_work import begun
from tui.session.progress import ProgressStore, progress_file

PREDICT = '```predict\nid = "size"\nask = "How large?"\nmeasure = "size:simple"\nbetween = ["1 MB", "2 GB"]\n```'


def jettison(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of somebody's own, of which something is done."""
    folder = one_step(tmp_path, PREDICT)
    (folder / "course.toml").write_text('format = 2\ntitle = "T"\norder = ["01-a.md", "02-b.md"]\n')
    (folder / "02-b.md").write_text(step_of("Text.", title="Another"))
    store = ProgressStore(progress_file(open_course(folder)))
    for event in (Left("a"), Guessed("size", 3e8, "bytes"), Measured("size", 4.56e8, "docker 29.1")):
        store.note(event)
    return folder


def marks(folder: Path) -> dict[str, Mark]:
    return dict(ProgressStore(progress_file(open_course(folder))).progress.steps)


def test_the_courses_are_listed() -> None:
    done = jettison("lessons")
    assert done.exit_code == 0
    assert done.stdout.startswith("COURSE")
    assert "go-multi-stage" in done.stdout
    (tutorial, *_) = json.loads(jettison("lessons", "--json").stdout)["courses"]
    assert tutorial["steps"] == len(open_course().course.steps)


def test_our_own_courses_have_no_fault() -> None:
    done = jettison("lessons", "check", "--files-only")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no faults in its files" in done.stderr


def test_faults_are_told_with_file_line_and_column(tmp_path: Path) -> None:
    folder = one_step(tmp_path, "[fly](action:fly)")
    done = jettison("lessons", "check", folder)
    assert done.exit_code == 1
    assert f"{folder}/01-a.md:6:7: there is no action 'fly'\n    [fly](action:fly)\n" in done.stdout
    problems = json.loads(jettison("lessons", "check", folder, "--json").stdout)["problems"]
    assert (problems[0]["line"], problems[0]["column"], problems[0]["text"]) == (6, 7, "[fly](action:fly)")


def test_a_folder_without_a_course_is_a_fault(tmp_path: Path) -> None:
    done = jettison("lessons", "check", tmp_path / "absent")
    assert done.exit_code == 1
    assert "course.toml is not there" in done.stdout


def test_progress_is_printed(course: Path) -> None:
    done = jettison("progress", "--course", course)
    assert done.exit_code == 0
    assert "✓ 1" in done.stdout
    assert "1 of 2 steps done, 0 skipped, 3 min left." in done.stdout
    assert "300 MB" in done.stdout and "456 MB" in done.stdout


def test_progress_is_there_for_programs(course: Path) -> None:
    data = json.loads(jettison("progress", "--course", course, "--json").stdout)
    assert [step["state"] for step in data["steps"]] == ["done", None]
    assert data["guesses"][0]["measured"] == 4.56e8
    assert json.loads(jettison("progress", "--course", course, "--guesses", "json").stdout) == data["guesses"]
    (row,) = csv.DictReader(io.StringIO(jettison("progress", "--course", course, "--guesses", "csv").stdout))
    assert (row["guess"], row["measured by"]) == ("300000000", "docker 29.1")


def test_nothing_is_reset_without_being_asked_for(course: Path) -> None:
    done = jettison("reset", "--course", course)
    assert done.exit_code == 0
    assert "Nothing was reset" in done.stderr
    assert marks(course) == {"a": Mark.DONE}


@pytest.mark.parametrize("name", ["a", "1", "01-a", "01-a.md"])
def test_a_step_is_reset_by_id_number_or_file(course: Path, name: str) -> None:
    assert jettison("reset", name, "--course", course, "--yes").exit_code == 0
    assert marks(course) == {}


def test_everything_is_reset(course: Path) -> None:
    assert jettison("reset", "--course", course, "--yes").exit_code == 0
    assert ProgressStore(progress_file(open_course(course))).progress.guesses == {}


def test_what_cannot_be_reset_is_told(course: Path) -> None:
    path = progress_file(open_course(course))
    path.unlink()
    path.mkdir()
    done = jettison("reset", "--course", course, "--yes")
    assert done.exit_code == 1
    assert "Your progress cannot be kept" in done.stderr


@pytest.mark.parametrize("step", [("1",), ()], ids=["one step", "all"])
def test_what_the_learner_wrote_is_set_aside_so_that_a_step_begun_anew_opens_anew(
    tmp_path: Path, step: tuple[str, ...]
) -> None:
    folder = with_exercise(tmp_path)
    opened = open_course(folder)
    begun(opened, opened.course.exercises["second"]).write_text("FROM mine\n")
    done = jettison("reset", *step, "--course", folder, "--yes")
    kept = work_file(opened, "second").with_name("Dockerfile.kept-1")
    assert done.exit_code == 0
    assert f"Your Dockerfiles are kept:\n  {kept}\n" in done.stderr
    assert kept.read_text() == "FROM mine\n"
    assert begun(opened, opened.course.exercises["second"]).read_text() == "FROM ___\n"


def test_where_a_dockerfile_cannot_be_set_aside_nothing_is_forgotten(tmp_path: Path) -> None:
    folder = with_exercise(tmp_path)
    opened = open_course(folder)
    ProgressStore(progress_file(opened)).note(Left("a"))
    work_file(opened, "second").mkdir()
    done = jettison("reset", "--course", folder, "--yes")
    assert done.exit_code == 1
    assert "cannot be begun anew: Is a directory." in done.stderr
    assert marks(folder) == {"a": Mark.DONE}


@pytest.mark.parametrize(
    "arguments", [("reset", "nowhere", "--yes"), ("progress", "--course", "/absent"), ("reset", "--course", "/absent")]
)
def test_wrong_usage_is_exit_2_with_a_sentence(arguments: tuple[str, ...]) -> None:
    done = jettison(*arguments)
    assert done.exit_code == 2
    assert "there is no step" in done.stderr or "course.toml is not there" in done.stderr


def test_damaged_progress_is_told_and_set_aside(course: Path) -> None:
    path = progress_file(open_course(course))
    path.write_text("nonsense\n")
    done = jettison("progress", "--course", course)
    assert done.exit_code == 0
    assert "set aside as" in done.stderr
    assert "0 of 2 steps done" in done.stdout


def test_an_engine_that_was_named_and_cannot_be_had_is_exit_3_after_the_files(tmp_path: Path) -> None:
    done = jettison("lessons", "check", "--engine", f"unix://{tmp_path}/nowhere.sock", "--json")
    assert done.exit_code == 3
    assert "no faults in its files" in done.stderr
    assert "Not checked on an engine" in done.stderr
    data = json.loads(done.stdout)
    assert (data["problems"], data["trials"]) == ([], [])
    assert jettison("lessons", "check", "--engine", "replay").exit_code == 3
