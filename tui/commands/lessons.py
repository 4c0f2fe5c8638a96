"""`jettison lessons`: which courses there are, and what an author still has to mend in one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.exits import Exit
from tui.commands.say import engine_words, explain, narrate, print_json, print_table
from tui.course.checking import check_course
from tui.course.model import Course
from tui.course.problems import CourseError, Problem
from tui.course.summary import summarise
from tui.engine.errors import NoEngine
from tui.session import format
from tui.session.belongings import find_ours, remove_ours
from tui.session.consent import Consents, may_run
from tui.session.courses import open_course, shipped_courses, surroundings
from tui.session.ledger import Ledger
from tui.session.options import REPLAY, StartOptions
from tui.session.progress import ProgressStore, progress_file

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.session.course_trial import Report


def list_courses(*, as_json: bool) -> Exit:
    """The courses that come with the app, with how far the learner is. Exit 1 where one cannot be read."""
    rows: list[dict[str, object]] = []
    broken = False
    for folder in shipped_courses():
        try:
            opened = open_course(folder)
        except CourseError as error:
            broken = True
            narrate(str(error))
            continue
        course, summary = opened.course, summarise(opened.course, ProgressStore(progress_file(opened)).progress)
        rows.append(
            {
                "name": course.name,
                "title": course.title,
                "folder": str(folder),
                "steps": summary.steps,
                "exercises": summary.exercises,
                "minutes": course.minutes,
                "done": summary.done,
                "skipped": summary.skipped,
                "tracks": {track.name: track.title for track in course.tracks},
            }
        )
    if as_json:
        print_json({"courses": rows})
    else:
        head = ("COURSE", "TITLE", "STEPS", "EXERCISES", "MINUTES", "DONE")
        cells = [tuple(str(row[key.lower()]) for key in ("name", *head[1:])) for row in rows]
        print_table(head, cells, right=(2, 3, 4, 5))
    return Exit.CHECK_FAILED if broken else Exit.FINE


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What is wanted of a check."""

    files_only: bool = False
    """Ask no engine."""
    agreed: bool = False
    """A course from elsewhere may run what it says without being asked about."""
    as_json: bool = False


def check(folder: Path | None, options: StartOptions, wanted: CheckOptions) -> Exit:
    """All faults of a course, or of those that come with the app: in its files, and, where an engine is to be had, in
    what it builds and runs. Exit 1 where there are any, 3 where an engine was named and cannot be had."""
    around = surroundings()
    faults: list[Problem] = []
    sound: list[Path] = []
    for one in (folder,) if folder is not None else shipped_courses():
        found = check_course(one, around)
        faults += found
        narrate(f"{one}: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'} in its files{_size(one, found)}.")
        if not found:
            sound.append(one)
    trials: list[tuple[Path, Report]] = []
    left_out, is_missing = "", False
    if wanted.files_only:
        left_out = "it was not asked for"
    elif not sound:
        left_out = "the files come first"
    else:
        try:
            trials, left_out = _try_all(sound, options, wanted)
        except NoEngine as error:
            if error.named:
                explain(error)
            left_out, is_missing = error.what, error.named
    faults += [fault for _, report in trials for fault in report.problems]
    if left_out and not wanted.files_only:
        narrate(f"Not checked on an engine, whether starters fail and solutions pass: {left_out}")
    if wanted.as_json:
        print_json(
            {
                "problems": [_problem_json(fault) for fault in faults],
                "trials": [_trial_json(one, report) for one, report in trials],
                "not_tried": left_out,
            }
        )
    else:
        for fault in faults:
            print(fault)
    return Exit.NO_ENGINE if is_missing else Exit.CHECK_FAILED if faults else Exit.FINE


def _try_all(
    folders: Sequence[Path], options: StartOptions, wanted: CheckOptions
) -> tuple[list[tuple[Path, Report]], str]:
    """Try these courses on the engine; what came of each, and why others were left out. Raises NoEngine, EngineError,
    OSError."""
    from tui.commands.building import warn_of_configuration
    from tui.session.connect import connect
    from tui.session.course_trial import CourseTrial, builders_of
    from tui.session.paths import another_home
    from tui.session.trial_home import clean_abandoned, trial_home

    if options.engine == REPLAY:
        raise NoEngine("A recorded build cannot be run.", "Name a real engine.", (), named=True)
    allowed = [folder for folder in folders if wanted.agreed or _may_run(folder)]
    if not allowed:
        return [], "you have not agreed to what it runs; --yes does."
    warn_of_configuration(options.engine)
    engine = connect(options.engine, options.builder)
    narrate(f"engine: {engine_words(engine.info)}")
    trials: list[tuple[Path, Report]] = []
    try:
        # What an earlier check left when it was killed is still in its ledger.
        clean_abandoned(lambda: _clean(engine))
        with trial_home() as home, another_home(home):
            try:
                for folder, builder in product(allowed, builders_of(engine, options.builder)):
                    report = CourseTrial(folder, engine, builder, lambda line: narrate(f"  {line}")).run()
                    trials.append((folder, report))
                    narrate(_sum(report))
            finally:
                _clean(engine)
    finally:
        engine.close()
    return trials, ""


def _may_run(folder: Path) -> bool:
    """Whether a course is ours, or its author agrees to what it runs."""
    opened = open_course(folder)
    consents = Consents()
    if not consents.is_needed(opened):
        return True
    narrate(f"{folder} did not come with Jettison. To be checked, it is to")
    for one in may_run(opened):
        narrate(f"  {one.what}")
    if not sys.stdin.isatty() or not click.confirm("Run all that?", err=True):
        return False
    consents.give(opened)
    return True


def _clean(engine: Engine) -> None:
    """Remove what the ledger of this home tells of."""
    ledger = Ledger()
    ours = find_ours(engine, ledger, cache=False)
    while ours:
        removed = remove_ours(engine, ledger, ours)
        left = find_ours(engine, ledger, cache=False)
        # An image goes after those that were built upon it: another round gets further, or nothing does.
        if len(left.images) + len(left.containers) == len(ours.images) + len(ours.containers):
            errors = [one.error for one in removed.containers] + [one.error for one in removed.images]
            for error in filter(None, errors):
                explain(error)
            return
        ours = left


def _sum(report: Report) -> str:
    tries, predictions = len(report.tries), len(report.predictions)
    count = len(report.problems)
    faults = f"{count or 'no'} fault{'' if count == 1 else 's'}"
    took = format.duration(report.seconds)
    return f"{report.builder}: {tries} Dockerfiles and {predictions} predictions tried in {took}: {faults}."


def _size(folder: Path, faults: tuple[Problem, ...]) -> str:
    """What was looked at, where it could all be read."""
    if faults:
        return ""
    course: Course = open_course(folder).course
    return f": {len(course.steps)} steps, {len(course.exercises)} exercises, {course.minutes} minutes"


def _problem_json(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "text": problem.text,
    }


def _trial_json(folder: Path, report: Report) -> dict[str, object]:
    return {
        "folder": str(folder),
        "builder": report.builder,
        "seconds": round(report.seconds, 3),
        "left_out": report.left_out,
        "tries": [asdict(one) | {"holds": one.holds} for one in report.tries],
        "predictions": [asdict(one) for one in report.predictions],
    }
