"""Lines of which any number can be chosen; a sign before each tells which are, in every terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

CHOSEN, NOT_CHOSEN = ("[✓] ", "$success"), ("[ ] ", "$foreground 60%")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line."""

    id: str
    words: str
    is_chosen: bool


class ChoiceList(OptionList):
    """Space or a click chooses a line, or lets it go."""

    BINDINGS = [Binding("space", "select", "Choose", show=False)]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices: list[Choice] = []
        self._chosen: set[str] = set()

    @property
    def chosen(self) -> frozenset[str]:
        """The ids of the lines that are chosen."""
        return frozenset(self._chosen)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show these lines instead."""
        self._choices = list(choices)
        self._chosen = {choice.id for choice in choices if choice.is_chosen}
        self.clear_options()
        self.add_options(Option(self._line(choice), choice.id) for choice in choices)

    @on(OptionList.OptionSelected)
    def _switch(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        choice = self._choices[event.option_index]
        self._chosen ^= {choice.id}
        self.replace_option_prompt_at_index(event.option_index, self._line(choice))

    def _line(self, choice: Choice) -> Content:
        return Content.assemble(CHOSEN if choice.id in self._chosen else NOT_CHOSEN, choice.words)
