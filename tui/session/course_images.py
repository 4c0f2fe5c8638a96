"""The images that lessons name, as what can be built: the tutorial's, the course's own, and those of exercises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.course.model import PROGRAM_CONTEXT
from tui.session.courses import OpenCourse
from tui.session.paths import content_folder, work_folder
from tui.session.variants import CURRENT, Project, Variant, edition, fit_for_tag

WORK_FILE = "Dockerfile"


@dataclass(frozen=True, slots=True)
class Target:
    """A variant, and the project that it is built in."""

    project: Project
    variant: Variant

    @property
    def subject(self) -> str:
        """What it is called in records: `current/simple`, `go-multi-stage/rm`."""
        return self.project.subject(self.variant)


def target_of(opened: OpenCourse, image: str) -> Target:
    """What is to be built for an image that a lesson names. Raises KeyError where there is none of that name."""
    own, exercise = opened.course.images.get(image), opened.course.exercises.get(image)
    if own is not None:
        variant = Variant(own.name, own.title, opened.folder / own.dockerfile, own.target)
        return _own(opened, variant, own.context)
    if exercise is not None:
        return _own(opened, Variant(image, exercise.title, work_file(opened, image)), exercise.context)
    name, _, variant_name = image.rpartition("/")
    project = edition(name or CURRENT)
    return Target(project, project.variant(variant_name))


def work_file(opened: OpenCourse, exercise: str) -> Path:
    """The learner's own Dockerfile of an exercise."""
    return work_folder(_name(opened), exercise) / WORK_FILE


def _own(opened: OpenCourse, variant: Variant, context: str) -> Target:
    folder = content_folder("goapp") if context == PROGRAM_CONTEXT else opened.folder / context
    return Target(Project(_name(opened), folder, (variant,), is_of_course=True), variant)


def _name(opened: OpenCourse) -> str:
    name = fit_for_tag(opened.course.name)
    # A course from elsewhere must never stand in for one of the app's projects.
    return f"own-{name}" if opened.is_foreign else name
