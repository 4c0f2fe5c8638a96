"""A course tried on a real engine for its author: ours is sound on both builders, and a broken one is told where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.lab.plugin import TINY, LabEngine
from tests.shell import jettison
from tests.unit.courses import make_course, step_of
from tui.session.courses import open_course
from tui.session.paths import COURSE, content_folder
from tui.session.trial_home import trials_folder

EXERCISE = """\
title = "Say it"
form = "change"
context = "here"
hints = ["one", "two", "three"]
[[check]]
kind = "present"
path = "/note.txt"

[[check]]
kind = "log"
contains = "hello"
"""
GREETS = f'FROM {TINY}\nCOPY note.txt /\nCMD ["echo", "hello"]\n'
MUTE = f'FROM {TINY}\nCOPY note.txt /\nCMD ["sleep", "0"]\n'
PAGE = """\
```predict
id = "layers"
ask = "How many layers?"
measure = "layers:greeting"
between = ["BETWEEN", "40"]
```

```predict
id = "code"
ask = "Which exit code?"
measure = "exit-code:greeting"
between = ["0", "1"]
```

```run
start = "greeting"
```

```exercise
name = "say-it"
```
"""


def a_course(root: Path, *, starter: str, solution: str, least: str) -> Path:
    """A course of one step on the tiny base image."""
    images = '[images.greeting]\ntitle = "Greeting"\ndockerfile = "greeting.Dockerfile"\ncontext = "here"\n'
    return make_course(
        root / "course",
        {
            "course.toml": f'format = 2\ntitle = "T"\norder = ["01-a.md"]\n{images}',
            "01-a.md": step_of(PAGE.replace("BETWEEN", least)),
            "greeting.Dockerfile": GREETS,
            "here/note.txt": "a note\n",
            "exercises/say-it/exercise.toml": EXERCISE,
            "exercises/say-it/starter.Dockerfile": starter,
            "exercises/say-it/solution.Dockerfile": solution,
        },
    )


def ours_on(lab_engine: LabEngine) -> set[str]:
    """Tags and names of all learners on the engine, whoever they are."""
    client = lab_engine.client()
    tags = [tag for image in client.images.list() for tag in image.tags]
    names = [str(container.name) for container in client.containers.list(all=True, ignore_removed=True)]
    client.close()
    return {name for name in (*tags, *names) if name.startswith("jettison-")}


def checked(lab_engine: LabEngine, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and narration of a check on the lab's engine, on which nothing is left of it."""
    before = ours_on(lab_engine)
    done = jettison("lessons", "check", *arguments, "--json", DOCKER_HOST=lab_engine.docker_host)
    assert ours_on(lab_engine) <= before
    assert not any(trials_folder().iterdir()), "a ledger still tells of something"
    data: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, data, done.stderr


@pytest.mark.parametrize("builder", ["buildkit", "classic"])
def test_our_own_course_holds_on_a_real_engine(builder: str, builder_engine: LabEngine, own_home: Path) -> None:
    code, data, said = checked(builder_engine, str(content_folder("lessons") / COURSE), "--builder", builder)
    assert (code, data["problems"]) == (0, []), said
    (trial,) = data["trials"]
    course = open_course().course
    asked = {one["exercise"] for one in trial["tries"]}
    assert asked == set(course.exercises)
    assert all(one["holds"] == (one["file"] == "solution") for one in trial["tries"])
    assert all(one["value"] is not None for one in trial["predictions"])
    assert trial["left_out"] == ([] if builder == "buildkit" else ["buildkit"])
    assert not list(own_home.glob("state/progress*")), "nothing of the learner's own was touched"
    assert not list(own_home.glob("data/work/*"))


def test_a_sound_course_of_somebody_s_own_has_no_fault_on_either_builder(lab_engine: LabEngine, tmp_path: Path) -> None:
    folder = a_course(tmp_path, starter=MUTE, solution=GREETS, least="1")
    code, data, said = checked(lab_engine, str(folder), "--yes")
    assert (code, data["problems"]) == (0, []), said
    assert [trial["builder"] for trial in data["trials"]] == ["buildkit", "classic"]


def test_a_broken_course_is_told_where(lab_engine: LabEngine, tmp_path: Path) -> None:
    folder = a_course(tmp_path, starter=GREETS, solution=MUTE, least="30")
    code, data, _ = checked(lab_engine, str(folder), "--yes", "--builder", "buildkit")
    told = [(Path(one["file"]).name, one["line"], one["message"]) for one in data["problems"]]
    assert code == 1
    (out_of_range, passes, fails) = told
    assert out_of_range[:2] == ("01-a.md", 6)
    assert "layers:greeting is" in out_of_range[2] and "not between 30 and 40 (buildkit)" in out_of_range[2]
    assert passes == ("starter.Dockerfile", 1, "the starter passes all checks (buildkit)")
    assert fails[:2] == ("exercise.toml", 9)
    assert "the solution fails: “hello” in its log; found: an empty log" in fails[2]


def test_a_course_from_elsewhere_runs_nothing_without_a_word(lab_engine: LabEngine, tmp_path: Path) -> None:
    folder = a_course(tmp_path, starter=MUTE, solution=GREETS, least="1")
    code, data, said = checked(lab_engine, str(folder))
    assert (code, data["trials"]) == (0, [])
    assert "did not come with Jettison" in said
    assert "--yes" in data["not_tried"]
