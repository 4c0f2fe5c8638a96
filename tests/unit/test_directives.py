"""The fenced blocks of a lesson: what is read, and what is said where one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.courses import HEAD, make_course, one_step, problems_of, read, step_of, with_exercise
from tui.course.blocks import Choose, DoAction, Note, Only, Predict, Prose, Recall, Show, Where
from tui.course.checks import NotRoot
from tui.course.quantity import Unit

PREDICT = '```predict\nid = "p"\nask = "How large?"\nmeasure = "size:simple"\nbetween = ["1 MB", "2 GB"]\n```'
CHOOSE = '```choose\nid = "c"\nask = "Which?"\noptions = ["one", "two"]\nanswer = 2\n---\nBecause.\n```'
RUN = '```run\naction = "build-first"\n```'


def test_a_page_is_prose_and_directives_in_their_order(tmp_path: Path) -> None:
    step = read(one_step(tmp_path, f"First.\n\n{PREDICT}\n\nThen.\n\n{RUN}")).steps[0]
    assert [type(block) for block in step.blocks] == [Prose, Predict, Prose, DoAction]
    guess = step.blocks[1]
    assert isinstance(guess, Predict)
    assert (guess.measure.unit, guess.least, guess.most) == (Unit.BYTES, 1e6, 2e9)
    assert str(guess.measure) == "size:simple"
    assert guess.line == 8


def test_a_guess_unlocks_the_run_below_it_and_no_other(tmp_path: Path) -> None:
    second = PREDICT.replace('"p"', '"q"')
    step = read(one_step(tmp_path, f"{PREDICT}\n{RUN}\n{second}\n{RUN}\n{RUN}")).steps[0]
    assert [[guess.id for guess in step.guesses_before(run)] for run in step.runs] == [["p"], ["q"], []]


def test_code_stays_code_and_a_fence_in_a_list_is_prose(tmp_path: Path) -> None:
    body = "```go\nfunc main() {}\n```\n\n- so:\n\n    ```predict\n    not a directive\n    ```"
    step = read(one_step(tmp_path, body)).steps[0]
    assert {type(block) for block in step.blocks} == {Prose}
    assert step.markdown == body + "\n"


def test_a_longer_fence_holds_code_of_its_own(tmp_path: Path) -> None:
    step = read(one_step(tmp_path, "````reveal\ntitle = 'Why'\n---\n```sh\nls\n```\n````\nafter")).steps[0]
    assert step.markdown == "**Why**\n\n```sh\nls\n```\n\nafter\n"


def test_a_shown_file_is_there_with_its_lines_and_focus(tmp_path: Path) -> None:
    body = '```show\nfile = "goapp/go.mod"\nlines = "1-3"\nfocus = "1, 3"\n```'
    (block,) = read(one_step(tmp_path, body)).steps[0].blocks
    assert isinstance(block, Show)
    assert block.text.startswith("module ")
    assert (block.first, block.last, block.focus) == (1, 3, (1, 3))


def test_a_question_is_recalled_in_a_later_step(tmp_path: Path) -> None:
    recall = '```recall\nquestion = "c"\n```'
    head = HEAD.replace('["01-a.md"]', '["01-a.md", "02-b.md"]')
    folder = make_course(tmp_path, {"course.toml": head, "01-a.md": step_of(CHOOSE), "02-b.md": step_of(recall)})
    (block,) = read(folder).steps[1].blocks
    assert isinstance(block, Recall)
    assert (block.id, block.question.answer) == ("recall.c", 2)


def test_a_plain_page_asks_and_neither_answers_nor_shows_notes(tmp_path: Path) -> None:
    body = f"{CHOOSE}\n\n```note\nThe second, of course.\n```\n\n```only\nbuilder = 'classic'\n---\nIt stays.\n```"
    step = read(one_step(tmp_path, body)).steps[0]
    assert [type(block) for block in step.blocks] == [Choose, Note, Only]
    assert step.markdown == "> Which?\n\n1. one\n2. two\n\n*Classic only:*\n\nIt stays.\n"
    assert isinstance(step.blocks[2], Only)
    assert step.blocks[2].conditions == ((Where.BUILDER, "classic"),)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("```predct\n```", "01-a.md:6:1: there is no directive 'predct'; there are show, run, predict"),
        ("```run build-first\n```", "01-a.md:6:1: nothing may stand behind run"),
        ("```note\nnever closed", "01-a.md:6:1: this fence is never closed"),
        ("```run\n```", "01-a.md:7:1: run needs one of action, build, start"),
        ('```run\naction = "fly"\n```', "01-a.md:7:1: there is no action 'fly'"),
        ('```run\nbuild = ["simple", "huge"]\n```', "01-a.md:7:1: there is no image 'huge'"),
        ('```run\naction = "build-first"\nacton = 1\n```', "01-a.md:8:1: unknown acton; did you mean action?"),
        (PREDICT.replace('measure = "size:simple"\n', ""), "01-a.md:7:1: measure must be a text"),
        (PREDICT.replace("size:simple", "weight:simple"), "01-a.md:9:1: there is no measure 'weight'"),
        (PREDICT.replace("size:simple", "size"), "01-a.md:9:1: the measure size is written size:IMAGE"),
        (PREDICT.replace("size:simple", "size:fat"), "01-a.md:9:1: there is no image 'fat'"),
        (PREDICT.replace('between = ["1 MB", "2 GB"]\n', ""), "01-a.md:7:1: between must be two quantities"),
        (PREDICT.replace('"2 GB"', '"2 lb"'), "01-a.md:10:1: between must be written like 120 MB"),
        (PREDICT.replace('"2 GB"', '"1 kB"'), "01-a.md:10:1: between must have the smaller quantity first"),
        (
            '```predict\nid = "p"\nask = "x"\nmeasure = "largest-purpose:simple"\noptions = ["base", "fun"]\n```',
            "01-a.md:10:1: options must be of base, toolchain, build-cache, module-cache, sources, program: ",
        ),
        (f"{PREDICT}\n{PREDICT}", "01-a.md:13:1: the id 'p' is taken: every id is used once in a course"),
        (CHOOSE.replace("answer = 2", "answer = 3"), "01-a.md:10:1: answer must be a number from 1 to 2"),
        (CHOOSE.replace("options", "option"), "01-a.md:9:1: unknown option; did you mean options?"),
        ('```recall\nquestion = "never"\n```', "01-a.md:7:1: no step before this one asks 'never'"),
        ('```exercise\nname = "absent"\n```', "01-a.md:7:1: there is no exercise 'absent'"),
        ('```check\nid = "k"\nimage = "simple"\n```', "01-a.md:7:1: check needs at least one [[check]]"),
        (
            '```check\nid = "k"\nimage = "simple"\n[[check]]\nkind = "tiny"\n```',
            "01-a.md:10:1: there is no check 'tiny'; there are size-at-most",
        ),
        (
            '```check\nid = "k"\nimage = "simple"\n[[check]]\nkind = "not-root"\n[[check]]\nkind = "stage"\n```',
            "01-a.md:11:1: name must be a text",
        ),
        ('```show\nfile = "absent.md"\n```', "01-a.md:7:1: absent.md is not there"),
        ('```show\nfile = "goapp/../tui/app.py"\n```', "01-a.md:7:1: ../tui/app.py must lie in the course's folder"),
        ('```show\nfile = "goapp/go.mod"\nlines = "7-900"\n```', "01-a.md:8:1: lines must be lines from 1 to"),
        ("```reveal\ntitle = 'Why'\n```", "01-a.md:7:1: reveal needs a text below a line of ---"),
        ("```only\nbuilder = 'kaniko'\n---\nx\n```", "01-a.md:7:1: builder must be one of buildkit, classic"),
        ("```only\n---\nx\n```", "01-a.md:7:1: only needs one of engine, builder, store, os"),
        ("```run\naction = \n```", "01-a.md:7:10: Invalid value"),
    ],
)
def test_what_is_wrong_with_a_directive_is_told_at_its_place(tmp_path: Path, body: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in problems_of(one_step(tmp_path, body))), problems_of(tmp_path)


def test_all_faults_of_a_course_are_told_at_once(tmp_path: Path) -> None:
    body = '```run\naction = "fly"\n```\n\n```show\nfile = "x"\n```\n\n```nothing\n```'
    folder = one_step(tmp_path, body)
    (folder / "course.toml").write_text(HEAD.replace('"T"', '""') + 'colour = "red"\n')
    places = [problem.rsplit(": ")[0] for problem in problems_of(folder)]
    assert [place.split(":")[:2] for place in places] == [
        ["01-a.md", "7"], ["01-a.md", "11"], ["01-a.md", "14"], ["course.toml", "2"], ["course.toml", "7"],
    ]  # fmt: skip


def test_an_exercise_is_read_with_its_files(tmp_path: Path) -> None:
    exercise = read(with_exercise(tmp_path)).exercises["second"]
    assert (exercise.starter, exercise.solution, exercise.context) == ("FROM ___\n", "FROM x\n", "goapp")
    assert exercise.checks == (NotRoot(),)
    assert exercise.hints == ("one", "two", "three")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("title", "titel"), "exercise.toml:1:1: title must be a text"),
        (('"two", ', ""), "exercise.toml:3:1: hints must have 3 to 3 entries, not 2"),
        (('form = "blanks"', 'form = "free"'), "exercise.toml:2:1: form must be one of blanks, change, empty"),
        (('[[check]]\nkind = "not-root"\n', ""), "exercise.toml:1:1: an exercise needs at least one [[check]]"),
        (("form", 'context = "files"\nform'), "exercise.toml:2:1: the context files is not there"),
        (("form", 'context = "../.."\nform'), "exercise.toml:2:1: the context ../.. must lie in the course's folder"),
        (('kind = "not-root"', 'kind = "absent"\npath = "usr"'), "exercise.toml:6:1: path must begin with / or **/"),
        (('kind = "not-root"', 'kind = "absent"\npath = "/*/*/*/*/*"'), "exercise.toml:6:1: path must have at most 4"),
    ],
)
def test_what_is_wrong_with_an_exercise_is_told(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    from tests.unit.courses import EXERCISE

    assert any(found.startswith(problem) for found in problems_of(with_exercise(tmp_path, EXERCISE.replace(*change))))


@pytest.mark.parametrize("absent", ["exercise.toml", "starter.Dockerfile", "solution.Dockerfile"])
def test_an_exercise_needs_starter_solution_and_description(tmp_path: Path, absent: str) -> None:
    folder = with_exercise(tmp_path)
    (folder / "exercises" / "second" / absent).unlink()
    assert any(f"{absent} is not there" in problem for problem in problems_of(folder))


@pytest.mark.parametrize(
    ("starter", "solution", "problem"),
    [
        ("FROM x\n", "FROM y\n", "starter.Dockerfile has no ___ to fill in"),
        ("FROM ___\n", "FROM ___\n", "solution.Dockerfile still has a ___"),
        ("FROM ___\n", "", "exercises/second/solution.Dockerfile is empty"),
    ],
)
def test_starter_and_solution_must_fit_the_form(tmp_path: Path, starter: str, solution: str, problem: str) -> None:
    found = problems_of(with_exercise(tmp_path, starter=starter, solution=solution))
    assert any(problem in one for one in found)
