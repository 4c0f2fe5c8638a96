"""A learner's own Dockerfile of an exercise: made from the starter, and never written over."""

from __future__ import annotations

from pathlib import Path

from tui.course.model import Exercise
from tui.session.course_images import work_file
from tui.session.courses import OpenCourse


def begun(opened: OpenCourse, exercise: Exercise) -> Path:
    """The learner's file; what is there already stays as it is. Raises OSError."""
    file = work_file(opened, exercise.name)
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(exercise.starter)
    except FileExistsError:
        pass
    return file
