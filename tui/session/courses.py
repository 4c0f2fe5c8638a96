"""Courses as a session finds them: those that come with the app, one of a folder, and what all of them may name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.course.model import Course
from tui.course.reader import COURSE_FILE, read_course
from tui.course.surroundings import Surroundings
from tui.session.actions import ACTIONS, BY_ID
from tui.session.paths import COURSE, content_folder
from tui.session.variants import CURRENT, EDITIONS, edition

TAB_ACTION = "show-"
NO_WORK_TABS = ("steps", "lesson")


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """A course, and where it was read from."""

    course: Course
    folder: Path
    """Absolute."""
    is_foreign: bool
    """It did not come with the app: it runs nothing on the engine until the learner has agreed."""


def surroundings() -> Surroundings:
    """What a lesson may name of the app's."""
    variants = {variant.name for variant in (*edition(CURRENT).variants, *edition(CURRENT).stages)}
    past = {f"{name}/{variant}" for name in EDITIONS if name != CURRENT for variant in variants}
    tabs = {action.id.removeprefix(TAB_ACTION) for action in ACTIONS if action.id.startswith(TAB_ACTION)}
    return Surroundings(
        actions=frozenset(BY_ID),
        tabs=frozenset(tabs - set(NO_WORK_TABS)),
        editions=frozenset(EDITIONS),
        images=frozenset(variants | past),
        program=content_folder("goapp"),
    )


def shipped_courses() -> tuple[Path, ...]:
    """The folders of the courses that come with the app; the tutorial first."""
    folders = (file.parent for file in content_folder("lessons").glob(f"*/{COURSE_FILE}"))
    return tuple(sorted(folders, key=lambda folder: (folder.name != COURSE, folder.name)))


def open_course(folder: Path | None = None) -> OpenCourse:
    """The course of a folder, or the tutorial. Raises CourseError."""
    chosen = folder if folder is not None else content_folder("lessons") / COURSE
    return OpenCourse(read_course(chosen, surroundings()), chosen.absolute(), is_foreign(chosen))


def is_foreign(folder: Path) -> bool:
    """Whether a course comes from elsewhere."""
    return not folder.resolve().is_relative_to(content_folder("lessons").resolve())
