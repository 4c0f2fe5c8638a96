"""Courses for tests: written in a line or two, and what the reader has against them."""

from __future__ import annotations

from pathlib import Path

from tui.course.model import Course
from tui.course.problems import Problem
from tui.course.reader import read_as_far_as_possible, read_course
from tui.course.surroundings import Surroundings
from tui.session.courses import surroundings

HEAD = 'format = 2\ntitle = "T"\norder = ["01-a.md"]\n[tracks.short]\ntitle = "Short"\nminutes = 60\n'
EXERCISE = """\
title = "Second FROM"
form = "blanks"
hints = ["one", "two", "three"]
[[check]]
kind = "not-root"
"""


def make_course(root: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return root


def step_of(body: str, title: str = "A step", matter: str = "") -> str:
    """A step with this page."""
    return f'+++\ntitle = "{title}"\nminutes = 3\nkind = "run"\n{matter}+++\n{body}\n'


def one_step(root: Path, body: str, **files: str) -> Path:
    """A course of one step with this page; the Markdown begins on line 6."""
    return make_course(root, {"course.toml": HEAD, "01-a.md": step_of(body), **files})


def with_exercise(root: Path, toml: str = EXERCISE, starter: str = "FROM ___\n", solution: str = "FROM x\n") -> Path:
    """A course with one exercise, `second`."""
    folder = "exercises/second"
    return one_step(
        root,
        '```exercise\nname = "second"\n```',
        **{
            f"{folder}/exercise.toml": toml,
            f"{folder}/starter.Dockerfile": starter,
            f"{folder}/solution.Dockerfile": solution,
        },
    )


def read(folder: Path) -> Course:
    """The course, which must be without fault."""
    return read_course(folder, surroundings())


AROUND = surroundings()


def problems_of(folder: Path, around: Surroundings | None = AROUND) -> list[str]:
    """What the reader has against it: `01-a.md:7:1: …`."""
    return [told(problem) for problem in read_as_far_as_possible(folder, around)[1]]


def told(problem: Problem) -> str:
    """A problem without the folder and the picture of its line."""
    return f"{Path(problem.file).name}:{problem.line}:{problem.column}: {problem.message}"
