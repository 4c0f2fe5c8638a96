"""Courses from anywhere: whatever they hold, they read nothing outside, run nothing, and end in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.courses import EXERCISE, HEAD, make_course, one_step, problems_of, step_of, with_exercise
from tui.course.checking import check_course
from tui.course.directives import READERS
from tui.course.files import MAX_FILE_BYTES
from tui.course.problems import is_forbidden
from tui.course.reader import CourseError, read_course
from tui.session.courses import surroundings

SECRET = "the secret of another folder"
AROUND = surroundings()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that no course may read."""
    path = tmp_path / "outside" / "01-a.md"
    path.parent.mkdir()
    path.write_text(step_of(SECRET))
    return path


@pytest.mark.parametrize(
    "form", ["../outside/01-a.md", "{absolute}", "a/../../outside/01-a.md", "..\\outside\\01-a.md"]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, outside: Path, form: str) -> None:
    name = form.format(absolute=outside)
    folder = one_step(tmp_path / "course", f"```show\nfile = '{name}'\n```\n[link]({name})")
    (folder / "a").mkdir()
    (folder / "course.toml").write_text(HEAD.replace('"01-a.md"', f"'01-a.md', '{name}'"))
    told = "\n".join(map(str, check_course(folder, AROUND)))
    assert told.count("must lie in the course's folder") + told.count("and lie in the folder") == 3
    assert SECRET not in told


@pytest.mark.parametrize("what", ["step", "course.toml", "shown", "exercise", "context", "folder"])
def test_no_link_leads_out_of_the_folder(tmp_path: Path, outside: Path, what: str) -> None:
    folder = with_exercise(tmp_path / "course", EXERCISE.replace("form", 'context = "files"\nform'))
    (folder / "files").mkdir()
    assert problems_of(folder) == []
    link = {
        "step": folder / "01-a.md",
        "course.toml": folder / "course.toml",
        "shown": folder / "shown.md",
        "exercise": folder / "exercises/second/solution.Dockerfile",
        "context": folder / "files",
        "folder": folder / "exercises",
    }[what]
    if what == "shown":
        (folder / "01-a.md").write_text(step_of('```show\nfile = "shown.md"\n```'))
    elif link.is_dir():
        link.rename(tmp_path / "moved")
    link.unlink(missing_ok=True)
    link.symlink_to(outside.parent if what in ("context", "folder") else outside)
    with pytest.raises(CourseError) as error:
        read_course(folder, AROUND)
    assert SECRET not in str(error.value)


def test_links_within_the_folder_are_fine_and_circles_are_not(tmp_path: Path) -> None:
    folder = one_step(tmp_path, "Text.")
    (folder / "01-a.md").rename(folder / "real.md")
    (folder / "01-a.md").symlink_to("real.md")
    assert problems_of(folder) == []
    (folder / "real.md").unlink()
    (folder / "real.md").symlink_to("01-a.md")
    assert len(problems_of(folder)) == 1


def test_pipes_folders_and_huge_files_are_not_read(tmp_path: Path) -> None:
    folder = one_step(tmp_path, "Text.")
    step = folder / "01-a.md"
    step.unlink()
    os.mkfifo(step)
    assert "is no file" in problems_of(folder)[0]
    step.unlink()
    step.mkdir()
    assert "Is a directory" in problems_of(folder)[0]
    step.rmdir()
    with step.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert f"is larger than {MAX_FILE_BYTES:,} bytes" in problems_of(folder)[0]


@pytest.mark.parametrize(
    "toml",
    [
        "x = " + "[" * 9_000,
        "x = " + "[" * 20 + "]" * 20,
        "x = " + "{a=" * 3_000 + "1" + "}" * 3_000,
        ".".join("a" * 9_000) + " = 1",
        ".".join("a" * 1_400) + " = 1",
        "x = " + "9" * 15_000,
        "x = 1\n" * 2,
        "\n".join(f"key{number} = 1" for number in range(1_500)),
        "x = " + "y" * 30_000,
        "[" + "a" * 10_000,
        '"\\ud800" = 1',
        "x = 1979-99-99",
        "[[x]]\n[x.y]\n[[x.y]]",
    ],
    ids=lambda toml: toml[:12],
)
def test_toml_made_to_hurt_ends_in_a_sentence(tmp_path: Path, toml: str) -> None:
    folder = one_step(tmp_path, f"```run\n{toml}\n```")
    (folder / "01-a.md").write_text(f"+++\n{toml}\n+++\n```run\n{toml}\n```\n")
    (folder / "course.toml").write_text(HEAD + toml + "\n")
    problems = problems_of(folder)
    assert problems
    assert len(problems) < 200


@pytest.mark.parametrize(
    "body", ["> " * 20_000, "[" * 50_000, "`" * 50_000, "|-" * 20_000, "- " * 20_000, "```\n" * 9_000]
)
def test_markdown_made_to_hurt_is_checked_in_time(tmp_path: Path, body: str) -> None:
    assert all(problem.line >= 1 for problem in check_course(one_step(tmp_path, f"Text.\n{body}\nText."), AROUND))


FIELDS = {
    "course title": HEAD.replace('"T"', '"{}"'),
    "track": HEAD + '[tracks."{}"]\ntitle = "x"\nminutes = 9\n',
    "unknown key": HEAD + '"{}" = 1\n',
    "author": 'authors = ["{}"]\n' + HEAD,
}
STEP_FIELDS = {
    "title": step_of("", title="{}"),
    "subgoal": step_of("", matter='subgoals = ["{}"]\n'),
    "kind": step_of("").replace('"run"', '"{}"'),
    "ask": step_of('```choose\nid = "c"\nask = "{}"\noptions = ["a", "b"]\nanswer = 1\n```'),
    "option": step_of('```choose\nid = "c"\nask = "x"\noptions = ["{}", "b"]\nanswer = 1\n```'),
    "measure": step_of('```predict\nid = "c"\nask = "x"\nmeasure = "{}"\n```'),
    "file": step_of('```show\nfile = "{}"\n```'),
    "action": step_of('```run\naction = "{}"\n```'),
    "reveal": step_of('```reveal\ntitle = "{}"\n---\nx\n```'),
}


@pytest.mark.parametrize("sign", ["\\u001b[31m", "\\u0007", "\\u009b2J", "\\u202e", "\\u0000", "\\r"])
@pytest.mark.parametrize("field", [*FIELDS, *STEP_FIELDS])
def test_signs_that_steer_a_terminal_are_refused_in_every_field(tmp_path: Path, field: str, sign: str) -> None:
    head = FIELDS.get(field, HEAD).replace("{}", sign)
    step = STEP_FIELDS.get(field, step_of("")).replace("{}", sign)
    with pytest.raises(CourseError) as error:
        read_course(make_course(tmp_path, {"course.toml": head, "01-a.md": step}), AROUND)
    assert not any(map(is_forbidden, str(error.value)))


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x9b", "\u2066", "\x07"])
def test_signs_that_steer_a_terminal_are_refused_in_texts(tmp_path: Path, sign: str) -> None:
    with pytest.raises(CourseError, match=r"01-a\.md:6:5: has the control character") as error:
        read_course(one_step(tmp_path, f"text{sign}"), AROUND)
    assert not any(map(is_forbidden, str(error.value)))
    with pytest.raises(CourseError, match="has a control character"):
        read_course(with_exercise(tmp_path / "other", solution=f"FROM x{sign}"), AROUND)


def test_markup_is_text(tmp_path: Path) -> None:
    course = read_course(one_step(tmp_path, "[bold red]x[/] [link=file:///etc/passwd]y[/] <script>"), AROUND)
    assert "[bold red]x[/]" in course.steps[0].markdown


@pytest.mark.parametrize("name", ["exercises/A b", "exercises/-x", "exercises/" + "x" * 70])
def test_odd_names_of_exercises_are_refused(tmp_path: Path, name: str) -> None:
    folder = one_step(tmp_path, "Text.")
    (folder / name).mkdir(parents=True)
    assert any("is named in small letters" in problem for problem in problems_of(folder))


WORDS = (
    "id",
    "ask",
    "measure",
    "size:simple",
    "between",
    "kind",
    "absent",
    "path",
    "file",
    "format",
    "order",
    "1",
    "|",
)
SNIPPETS = st.sampled_from(
    [
        *READERS,
        *WORDS,
        "```",
        "````",
        "~~~",
        "+++",
        "---",
        "\n",
        "\n",
        " = ",
        '"',
        "'''",
        "[[check]]",
        "[",
        "]",
        "{",
        "}",
        "#",
    ]
)
TEXTS = st.lists(st.one_of(SNIPPETS, st.text(max_size=8)), max_size=60).map("".join)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(step=TEXTS, head=st.one_of(st.just(HEAD), TEXTS), exercise=TEXTS, has_matter=st.booleans())
def test_random_text_is_a_course_or_a_course_error(
    tmp_path_factory: pytest.TempPathFactory, step: str, head: str, exercise: str, has_matter: bool
) -> None:
    text = (step_of(step) if has_matter else step).encode("utf-8", "replace").decode()
    folder = tmp_path_factory.mktemp("course")
    make_course(folder, {"01-a.md": text, "exercises/x/exercise.toml": exercise.encode("utf-8", "replace").decode()})
    (folder / "course.toml").write_bytes(head.encode("utf-8", "surrogatepass"))
    try:
        read_course(folder, AROUND)
    except CourseError as error:
        assert error.problems
        assert not any(map(is_forbidden, str(error)))
    check_course(folder, AROUND)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_a_course_or_a_course_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = one_step(tmp_path_factory.mktemp("course"), "Text.")
    (folder / "01-a.md").write_bytes(content)
    with pytest.raises(CourseError):
        read_course(folder, AROUND)


def test_a_folder_without_a_course_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"course\.toml is not there"):
        read_course(tmp_path)
    with pytest.raises(CourseError, match=r"course\.toml is not there"):
        read_course(tmp_path / "absent")
