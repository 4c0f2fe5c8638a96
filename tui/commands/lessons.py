"""`jettison lessons`: which courses there are, and what an author still has to mend in one."""

from __future__ import annotations

from pathlib import Path

from tui.commands.exits import Exit
from tui.commands.say import narrate, print_json, print_table
from tui.course.checking import check_course
from tui.course.model import Course
from tui.course.problems import CourseError, Problem
from tui.course.summary import summarise
from tui.session.courses import open_course, shipped_courses, surroundings
from tui.session.progress import ProgressStore, progress_file


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


def check(folder: Path | None, *, as_json: bool) -> Exit:
    """All faults in the files of a course, or of those that come with the app. Exit 1 where there are any."""
    around = surroundings()
    faults: list[Problem] = []
    for one in (folder,) if folder is not None else shipped_courses():
        found = check_course(one, around)
        faults += found
        narrate(f"{one}: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'} in its files{_size(one, found)}.")
    if as_json:
        print_json({"problems": [_problem_json(fault) for fault in faults]})
    else:
        for fault in faults:
            print(fault)
    return Exit.CHECK_FAILED if faults else Exit.FINE


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
