"""The steps of the walk-through."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.course.model import Course


class StepList(OptionList):
    """One line a step: a mark, its number, its title. Where it is a narrow rail the titles come with the focus."""

    DEFAULT_CSS = """
    StepList {
        background: $surface; border: none; padding: 0; scrollbar-size: 1 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    StepList > .option-list--option-highlighted { background: $accent 15%; color: $foreground; text-style: none; }
    StepList:focus > .option-list--option-highlighted { background: $accent 30%; text-style: bold; }
    """

    def __init__(self, course: Course, *, id: str | None = None) -> None:
        self._course = course
        super().__init__(*(Option(self._line(index, 0)) for index in range(len(course.steps))), id=id)

    def mark(self, current: int) -> None:
        """The step that is open; those before it count as read."""
        for index in range(len(self._course.steps)):
            self.replace_option_prompt_at_index(index, self._line(index, current))
        if self.highlighted != current:
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = current

    def _line(self, index: int, current: int) -> Content:
        sign, style = (
            ("▶", "$accent") if index == current else ("✓", "$success") if index < current else ("·", "$foreground 60%")
        )
        step = self._course.steps[index]
        title = Content.styled(step.title, "bold" if index == current else "")
        return Content.assemble((sign, style), f"{index + 1:>2}  ", title)
