"""The steps of the walk-through."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.course.outline import Outline

MARKS = {"done": ("✓", "$success"), "skipped": ("–", "$foreground 60%")}
NO_MARK = ("·", "$foreground 60%")


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

    def __init__(self, outline: Outline, *, id: str | None = None) -> None:
        self._outline = outline
        self._looks = [(index == 0, "") for index in range(len(outline.heads))]
        """For each line whether its step is open, and its mark."""
        super().__init__(*(Option(self._line(index, *look)) for index, look in enumerate(self._looks)), id=id)

    def mark(self, current: int, marks: Sequence[str]) -> None:
        """The step that is open, and for each step `done`, `skipped`, or anything else."""
        for index, mark in enumerate(marks):
            look = (index == current, mark)
            if look != self._looks[index]:
                self._looks[index] = look
                self.replace_option_prompt_at_index(index, self._line(index, *look))
        if self.highlighted != current:
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = current

    def _line(self, index: int, is_open: bool, mark: str) -> Content:
        signs = [("▶", "$accent")] if is_open else []
        sign, style = (*signs, MARKS.get(mark, NO_MARK))[0]
        title = Content.styled(self._outline.heads[index].title, "bold" if is_open else "")
        done = (" ✓", "$success") if is_open and mark == "done" else ("", "")
        return Content.assemble((sign, style), f"{index + 1:>2}  ", title, done)
