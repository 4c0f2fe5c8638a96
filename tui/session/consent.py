"""Leave to run a course from elsewhere: asked once, for this very content, after showing what it may run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tui.course.blocks import BuildImages, DoAction, StartContainer
from tui.course.digest import course_digest
from tui.course.model import PROGRAM_CONTEXT
from tui.session.actions import BY_ID
from tui.session.courses import OpenCourse
from tui.session.json_lines import append_line, read_lines
from tui.session.paths import state_folder

VERSION = 1
FILE = "consent.jsonl"


@dataclass(frozen=True, slots=True)
class MayRun:
    """One thing that a course can have done on the learner's engine."""

    what: str
    """`Build dockerfiles/rm.Dockerfile`"""
    where: str
    """The step or exercise that asks for it."""
    dockerfile: Path | None = None
    """A file of the course that is carried out, to be looked at first."""


def may_run(opened: OpenCourse) -> tuple[MayRun, ...]:
    """All that a course may have run on the engine, in its order, each thing once."""
    course, found = opened.course, dict[str, MayRun]()
    for step in course.steps:
        for run in step.runs:
            for what, dockerfile in _of_run(run, opened):
                found.setdefault(what, MayRun(what, step.title, dockerfile))
        for name in step.exercises:
            exercise = course.exercises[name]
            file = opened.folder / "exercises" / name / "solution.Dockerfile"
            context = _context_words(exercise.context)
            what = f"Build your own Dockerfile of “{exercise.title}”, or its solution, {context}, and start a container"
            found.setdefault(what, MayRun(what, step.title, file))
    return tuple(found.values())


def _of_run(run: DoAction | BuildImages | StartContainer, opened: OpenCourse) -> Sequence[tuple[str, Path | None]]:
    match run:
        case DoAction(action):
            known = BY_ID.get(action)
            return [(known.title, None)] if known is not None and known.needs_engine else []
        case BuildImages(images):
            return [_of_image(image, "Build", opened) for image in images]
        case StartContainer(image):
            return [_of_image(image, "Start a container of", opened)]


def _of_image(image: str, verb: str, opened: OpenCourse) -> tuple[str, Path | None]:
    own = opened.course.images.get(image)
    if own is None:
        return f"{verb} {image}", None
    return f"{verb} {image}: {own.dockerfile} {_context_words(own.context)}", opened.folder / own.dockerfile


def _context_words(context: str) -> str:
    return "with Jettison's own program" if context == PROGRAM_CONTEXT else f"with the course's folder {context}"


class Consents:
    """What the learner agreed to, kept from session to session."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or state_folder() / FILE

    def is_needed(self, opened: OpenCourse) -> bool:
        """Whether a course must not run anything yet. Raises CourseTooLarge and OSError."""
        if not opened.is_foreign:
            return False
        digest = course_digest(opened.folder)
        return all(entry.get("digest") != digest for entry in read_lines(self._path, VERSION).entries)

    def give(self, opened: OpenCourse) -> None:
        """Note that the learner agreed to the course as it is now. Raises CourseTooLarge and OSError."""
        entry = {
            "digest": course_digest(opened.folder),
            "title": opened.course.title,
            "folder": str(opened.folder.resolve()),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        append_line(self._path, VERSION, entry)
