"""An app whose lessons do something: the course comes after the first paint, and its pages are carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.seeking import SeekingApp

if TYPE_CHECKING:
    from tui.session.beginning import Beginning

BAD_COURSE_CODE = 2


class LessonApp(SeekingApp):
    """Brings the learner's course, and does what stands on its pages."""

    beginning: Beginning

    def bring_course(self) -> bool:
        """Read the whole course, with the learner's progress in it; False where it cannot be opened."""
        from tui.course.problems import CourseError
        from tui.session.coursework import Coursework

        try:
            work = Coursework(self.beginning.whole())
        except CourseError as error:
            self.exit(return_code=BAD_COURSE_CODE, message=f"The course cannot be opened:\n{error}")
            return False
        self.learner.take_course(work)
        self.walk.open_step(self.learner.step_index)
        if work.store.warning:
            self.warn(work.store.warning)
        return True
