"""What is known of a course before the first screen is drawn; the whole of it comes right after."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.course.outline import Outline, outline_of, read_outline, read_prose
from tui.session.paths import COURSE, content_folder
from tui.session.place import first_place, progress_path

if TYPE_CHECKING:
    from tui.session.courses import OpenCourse


@dataclass(frozen=True, slots=True)
class Beginning:
    """The outline of a course, and where the learner stopped in it."""

    outline: Outline
    index: int
    """The step to open, counted from 0."""
    prose: str
    """What that step's page says, without its directives."""
    chosen: Path | None = None
    """The folder that the learner named; None for the tutorial."""
    opened: OpenCourse | None = None
    """The whole course, where it had to be read at once."""

    def whole(self) -> OpenCourse:
        """The course with all its pages. Raises CourseError."""
        from tui.session.courses import open_course

        return self.opened or open_course(self.chosen)


def begin(chosen: Path | None = None) -> Beginning:
    """What the first screen needs. A course from elsewhere is read whole: it may be wrong. Raises CourseError."""
    folder = content_folder("lessons") / COURSE
    outline = read_outline(folder) if chosen is None else None
    if outline is not None:
        steps = [head.id for head in outline.heads]
        index = first_place(progress_path(COURSE, folder, is_foreign=False), steps)
        return Beginning(outline, index, read_prose(folder, outline.heads[index]))
    from tui.session.courses import open_course
    from tui.session.progress import progress_file

    opened = open_course(chosen)
    steps = [step.id for step in opened.course.steps]
    index = first_place(progress_file(opened), steps)
    return Beginning(outline_of(opened.course), index, opened.course.steps[index].markdown, chosen, opened)
