"""Beginning a step anew, or all of them: what was done is forgotten, what was written is kept beside."""

from __future__ import annotations

from pathlib import Path

from tui.course.model import Step
from tui.session.course_images import work_file
from tui.session.coursework import Coursework
from tui.session.draft import set_aside
from tui.session.progress import reset_of


def begin_anew(work: Coursework, step: Step | None) -> tuple[Path, ...]:
    """Forget guesses, answers and exercises of a step, or of all; the Dockerfiles that were kept. Raises OSError."""
    steps = work.course.steps if step is None else (step,)
    names = [name for one in steps for name in one.exercises]
    kept = [set_aside(work_file(work.opened, name)) for name in names]
    work.store.note(reset_of(work.course, step))
    for one in steps:
        work.forget(one)
    return tuple(file for file in kept if file is not None)
