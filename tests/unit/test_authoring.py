"""The page for authors and the schema for editors say what the reader does."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.courses import HEAD, make_course, problems_of, read, step_of
from tui.course.check_reading import READERS as CHECKS
from tui.course.checking import check_course
from tui.course.directives import CODE_LANGUAGES
from tui.course.directives import READERS as DIRECTIVES
from tui.course.measures import KINDS, Purpose
from tui.course.model import Expect, Kind, Needs
from tui.session.courses import shipped_courses, surroundings
from tui.session.paths import content_folder

PAGE = (content_folder("lessons") / "AUTHORING.md").read_text("utf-8")
SCHEMA = json.loads((content_folder("lessons") / "front-matter.schema.json").read_text("utf-8"))


def examples(language: str, fence: str) -> list[str]:
    return re.findall(rf"^{fence}{language}\n(.*?)\n{fence}$", PAGE, re.MULTILINE | re.DOTALL)


def schema_of(part: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{part}", "$defs": SCHEMA["$defs"]}


def accepts(part: str, data: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(schema_of(part)).is_valid(data))


@pytest.fixture
def course_of_the_page(tmp_path: Path) -> Path:
    """Everything that the page shows, as one course."""
    tomls = {text.split("\n", 1)[0]: text for text in examples("toml", "```")}
    (first,) = (text for text in examples("markdown", "```") if text.startswith("+++"))
    *directives, recall = examples("markdown", "````")
    return make_course(
        tmp_path,
        {
            "course.toml": tomls["# course.toml"],
            "01-hello.md": f"{first}\n\n" + "\n\n".join(directives),
            "02-second-from.md": step_of(recall, title="The second FROM"),
            "dockerfiles/greeting.Dockerfile": "FROM golang:1.27-bookworm AS builder\n",
            "exercises/second-from/exercise.toml": tomls["# exercises/second-from/exercise.toml"],
            "exercises/second-from/starter.Dockerfile": "FROM ___\n",
            "exercises/second-from/solution.Dockerfile": "FROM alpine:3.24\n",
        },
    )


def test_every_example_of_the_page_is_read_without_a_complaint(course_of_the_page: Path) -> None:
    assert problems_of(course_of_the_page) == []


def test_the_page_shows_every_directive_and_every_check(course_of_the_page: Path) -> None:
    shown = set(re.findall(r"^`{3}([a-z]+)$", "\n".join(examples("markdown", "````")), re.MULTILINE))
    assert shown == set(DIRECTIVES)
    exercise = read(course_of_the_page).exercises["second-from"]
    assert len(exercise.checks) == len(CHECKS)
    assert {f'kind = "{kind}"' for kind in CHECKS} <= set(PAGE.split("\n"))


def test_the_page_names_every_measure_purpose_and_language() -> None:
    for kind in KINDS:
        assert ":".join((kind.name, *(argument.upper() for argument in kind.arguments))) in PAGE
    assert ", ".join(Purpose) in PAGE
    assert all(f"`{language}`" in PAGE for language in CODE_LANGUAGES)


def test_the_schema_has_the_words_of_the_reader() -> None:
    properties = SCHEMA["$defs"]["frontMatter"]["properties"]
    assert [properties[key]["enum"] for key in ("kind", "needs", "expect")] == [
        [word.value for word in words] for words in (Kind, Needs, Expect)
    ]


@pytest.mark.parametrize("folder", shipped_courses(), ids=lambda folder: folder.name)
def test_the_courses_that_come_with_the_app_are_without_fault_and_fit_the_schema(folder: Path) -> None:
    assert check_course(folder, surroundings()) == ()
    assert accepts("course", tomllib.loads((folder / "course.toml").read_text("utf-8")))
    for file in folder.glob("*.md"):
        assert accepts("frontMatter", tomllib.loads(file.read_text("utf-8").split("+++")[1])), file


GOOD = {"title": "A step", "minutes": 3, "kind": "run"}
VALUES: dict[str, list[Any]] = {
    "title": ["x", "", "  ", "x" * 60, "x" * 61, 7],
    "minutes": [1, 60, 0, 61, "5", 2.5, True],
    "kind": ["make", "guess", ""],
    "tracks": [[], ["short"], "short", [""], [1]],
    "needs": ["none", "buildkit", "podman"],
    "expect": ["failure", "success"],
    "subgoals": [["Compile"], ["x"] * 9, ["x"] * 10, [" "]],
    "rows": [["T1"], ["T1"] * 31, {}],
    "edition": ["2019", "", 2019],
    "tab": ["build", ""],
    "action": ["build-both", []],
    "mintues": [5],
}


@given(st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in VALUES.items()}))
def test_schema_and_reader_agree_on_every_front_matter(tmp_path_factory: pytest.TempPathFactory, given: Any) -> None:
    matter = {**GOOD, **given}
    head = "\n".join(f"{key} = {json.dumps(value)}" for key, value in matter.items() if value != {})
    matter = {key: value for key, value in matter.items() if value != {}}
    folder = make_course(tmp_path_factory.mktemp("course"), {"course.toml": HEAD, "01-a.md": f"+++\n{head}\n+++\n"})
    assert (problems_of(folder, around=None) == []) == accepts("frontMatter", matter)


@pytest.mark.parametrize(
    ("change", "is_good"),
    [
        ('order = ["01-a.md"]', True),
        ("order = []", False),
        ('order = ["A.md"]', False),
        ('order = ["01-a.md", "01-a.md"]', False),
        ('authors = [""]\norder = ["01-a.md"]', False),
        ('order = ["01-a.md"]\nlanguage = "en"', False),
        ('order = ["01-a.md"]\n[tracks.Short]\ntitle = "x"\nminutes = 10', False),
        ('order = ["01-a.md"]\n[tracks.short]\ntitle = "x"', False),
        ('order = ["01-a.md"]\n[images.own]\ntitle = "x"', False),
        ('order = ["01-a.md"]\n[images.own]\ntitle = "x"\ndockerfile = "Dockerfile"', True),
    ],
)
def test_schema_and_reader_agree_on_course_files(tmp_path: Path, change: str, is_good: bool) -> None:
    toml = f'format = 2\ntitle = "T"\n{change}\n'
    folder = make_course(tmp_path, {"course.toml": toml, "01-a.md": step_of(""), "Dockerfile": "FROM scratch"})
    assert (problems_of(folder) == []) == is_good
    assert accepts("course", tomllib.loads(toml)) == is_good
