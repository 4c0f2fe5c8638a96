"""`jettison progress` and `jettison reset`: where the learner is in a course, and beginning anew."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from tui.commands.exits import Exit
from tui.commands.say import narrate, print_json, print_table
from tui.course.guess_ledger import GuessRow, guess_rows, rows_as_csv, rows_as_json
from tui.course.model import Course, Step
from tui.course.progress import Mark, Progress
from tui.course.summary import Summary, summarise
from tui.session import format
from tui.session.begin_anew import begin_anew
from tui.session.courses import open_course
from tui.session.coursework import Coursework

SIGNS = {Mark.DONE: "✓", Mark.SKIPPED: "↷", Mark.OPENED: "▶", None: "·"}


def show(folder: Path | None, *, as_json: bool, guesses: str | None) -> Exit:
    """Print steps, exercises and guesses; or the ledger of guesses alone, as `json` or `csv`. Raises CourseError."""
    work = _open(folder)
    course, progress = work.course, work.progress
    rows, summary = guess_rows(course, progress), summarise(course, progress)
    if guesses is not None:
        print(rows_as_json(rows) if guesses == "json" else rows_as_csv(rows), end="")
    elif as_json:
        print_json(_json(course, progress, summary, rows))
    else:
        _print(course, progress, summary, rows)
    return Exit.FINE


def reset(folder: Path | None, step_name: str | None, *, yes: bool) -> Exit:
    """Begin one step anew, or all, after asking. Without a terminal nothing is reset unless `yes` says so.

    The learner's Dockerfiles are set aside, as in the app. Exit 1 where they or the progress cannot be written.
    Raises CourseError.
    """
    work = _open(folder)
    step = _step(work.course, step_name) if step_name is not None else None
    what = f"the step “{step.title}”" if step is not None else f"all of “{work.course.title}”"
    if not (yes or _ask(what)):
        return Exit.FINE
    try:
        kept = begin_anew(work, step)
    except OSError as error:
        narrate(f"{what} cannot be begun anew: {error.strerror}.")
        return Exit.CHECK_FAILED
    if kept:
        narrate("Your Dockerfiles are kept:")
        for file in kept:
            narrate(f"  {file}")
    if work.store.warning is not None:
        narrate(work.store.warning)
        return Exit.CHECK_FAILED
    narrate(f"Reset: {what}. What was built stays on the engine; jettison clean removes it.")
    return Exit.FINE


def _open(folder: Path | None) -> Coursework:
    work = Coursework(open_course(folder))
    if work.store.warning is not None:
        narrate(work.store.warning)
    # What is told once need not be told again; what comes now is about writing.
    work.store.warning = None
    return work


def _ask(what: str) -> bool:
    if not sys.stdin.isatty():
        narrate("Nothing was reset; --yes does it without asking.")
        return False
    return click.confirm(f"Forget guesses, answers and exercises of {what} (Dockerfiles are kept)?", err=True)


def _step(course: Course, name: str) -> Step:
    """A step by its id, its file's name, or its number. Raises click.UsageError."""
    for number, step in enumerate(course.steps, start=1):
        if name in (step.id, step.file, Path(step.file).stem, str(number)):
            return step
    raise click.UsageError(f"there is no step {name!r}; there are {', '.join(step.id for step in course.steps)}")


def _print(course: Course, progress: Progress, summary: Summary, rows: tuple[GuessRow, ...]) -> None:
    cells = [
        (f"{SIGNS[progress.steps.get(step.id)]} {number}", step.title, f"{step.minutes} min", step.id)
        for number, step in enumerate(course.steps, start=1)
    ]
    print_table(("", "STEP", "TIME", "ID"), cells, right=(2,))
    print(
        f"\n{summary.done} of {summary.steps} steps done, {summary.skipped} skipped, {summary.minutes_left} min left."
    )
    if summary.exercises:
        print(f"{summary.passed} of {summary.exercises} exercises passed, {summary.unaided} without the solution.")
    if summary.golf_bytes is not None:
        print(f"Smallest image that passed: {format.size(summary.golf_bytes)}.")
    if rows:
        print(f"{summary.guessed} guesses, {summary.close} of them close, {summary.guesses_skipped} skipped:\n")
        lines = [(row.step, row.ask, row.guess_words, row.measured_words) for row in rows]
        print_table(("STEP", "QUESTION", "GUESS", "MEASURED"), lines, right=(2, 3))


def _json(course: Course, progress: Progress, summary: Summary, rows: tuple[GuessRow, ...]) -> dict[str, object]:
    return {
        "course": course.name,
        "title": course.title,
        "step": progress.step,
        "tab": progress.tab,
        "steps": [
            {"id": step.id, "title": step.title, "minutes": step.minutes, "state": progress.steps.get(step.id)}
            for step in course.steps
        ],
        "exercises": {
            name: asdict(progress.exercises[name]) for name in course.exercises if name in progress.exercises
        },
        "answers": {name: asdict(answer) for name, answer in progress.answers.items()},
        "guesses": [asdict(row) for row in rows],
        "summary": {
            "done": summary.done,
            "skipped": summary.skipped,
            "minutes_left": summary.minutes_left,
            "is_finished": summary.is_finished,
            "close_guesses": summary.close,
            "right_answers": summary.right,
            "exercises_passed": summary.passed,
            "smallest_image_bytes": summary.golf_bytes,
        },
    }
