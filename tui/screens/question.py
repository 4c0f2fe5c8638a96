"""A question of a lesson: a number that is typed, or one of several options, by its digit, Enter or a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.widgets.lesson_page import line_content

SKIPPED = ""
"""The answer of who would rather not guess."""


class QuestionScreen(ModalScreen[str | None]):
    """Answers with what was typed, or with the number of an option; `SKIPPED`; or None where it was closed."""

    CSS_PATH = "question.tcss"
    BINDINGS = [Binding("escape", "close", "Close")]

    def __init__(
        self,
        ask: str,
        options: Sequence[str] = (),
        *,
        example: str = "",
        problem: Callable[[str], str | None] = lambda _: None,
        may_skip: bool = False,
    ) -> None:
        super().__init__()
        self._ask = ask
        self._options = options
        self._example = example
        self._problem = problem
        self._may_skip = may_skip

    def compose(self) -> ComposeResult:
        """The question, room for the answer, what is wrong with it, buttons."""
        with Vertical(id="card"):
            yield Static(line_content(self._ask), id="ask")
            if self._options:
                lines = (Content.assemble(f"{n}  ", line_content(option)) for n, option in enumerate(self._options, 1))
                yield OptionList(*map(Option, lines), id="options")
            else:
                yield Input(placeholder=f"like {self._example}", id="answer")
            yield Static("", id="problem")
            with Horizontal(id="buttons"):
                if not self._options:
                    yield Button("Lock it in (Enter)", id="lock", variant="primary")
                if self._may_skip:
                    yield Button("Skip the guess (F8)", id="skip")
                yield Button("Not now (Escape)", id="close")

    def on_mount(self) -> None:
        """The answer at once."""
        self.query_one("#options, #answer").focus()

    def on_key(self, event: events.Key) -> None:
        """A digit chooses its option; F8 skips."""
        if event.key == "f8" and self._may_skip:
            event.stop()
            self.dismiss(SKIPPED)
        elif self._options and event.key.isdecimal() and 1 <= int(event.key) <= len(self._options):
            event.stop()
            self.dismiss(event.key)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(str(event.option_index + 1))

    @on(Input.Submitted)
    @on(Button.Pressed, "#lock")
    def _lock(self) -> None:
        text = self.query_one(Input).value
        problem = self._problem(text)
        if problem is None:
            self.dismiss(text)
        else:
            self.query_one("#problem", Static).update(Content.styled(problem, "$warning"))

    @on(Button.Pressed, "#skip")
    def _skip(self) -> None:
        self.dismiss(SKIPPED)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
