"""All steps in a list that can be searched: go to one, skip it, begin it anew, or begin all of them anew."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.course.model import Step
from tui.course.progress import Mark
from tui.course.summary import summarise
from tui.session.begin_anew import begin_anew
from tui.session.coursework import Coursework

SIGNS = {
    Mark.DONE: ("✓", "$success"),
    Mark.SKIPPED: ("–", "$foreground 60%"),
    Mark.OPENED: ("▸", "$accent"),
    None: ("·", "$foreground 60%"),
}
BAR_CELLS = 24
ALL = ""
"""What stands for all steps where one is asked about by its id."""


class StepsScreen(ModalScreen[int | None]):
    """Answers with the index of the step to go to, or None. Nothing is forgotten before it was said twice."""

    CSS_PATH = "steps.tcss"
    BINDINGS = [
        Binding("escape", "close", "Close"),
        Binding("up", "move(-1)", "Up"),
        Binding("down", "move(1)", "Down"),
        Binding("f6", "skip", "Skip"),
        Binding("f7", "reset", "Reset"),
        Binding("f8", "reset_all", "Reset all"),
    ]

    def __init__(self, work: Coursework, current: int) -> None:
        super().__init__()
        self._work = work
        self._current = current
        self._asked: str | None = None
        """The step whose reset was asked for once; `ALL` for all."""

    def compose(self) -> ComposeResult:
        """How far it is, the search, the list, what is asked, buttons."""
        with Vertical(id="card"):
            yield Static(id="bar")
            yield Input(placeholder="type to search", id="search")
            yield OptionList(id="list")
            yield Static(id="told")
            with Horizontal(id="buttons"):
                yield Button("Go (Enter)", id="go", variant="primary")
                yield Button("Skip (F6)", id="skip")
                yield Button("Reset (F7)", id="reset")
                yield Button("Reset all (F8)", id="reset_all")
                yield Button("Close (Esc)", id="close")

    def on_mount(self) -> None:
        """Typing searches at once; the open step is chosen."""
        self.query_one(Input).focus()
        self._draw()
        self._list.highlighted = self._current

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _chosen(self) -> int | None:
        """The index of the step that is chosen."""
        highlighted = self._list.highlighted
        id = self._list.get_option_at_index(highlighted).id if highlighted is not None else None
        return int(id) if id is not None else None

    def _draw(self) -> None:
        """The list as it is searched, and the bar."""
        summary = summarise(self._work.course, self._work.progress)
        filled = round(BAR_CELLS * summary.share)
        bar = (("━" * filled, "$accent"), ("━" * (BAR_CELLS - filled), "$foreground 20%"))
        words = f"  {summary.done} of {summary.steps} done, {summary.skipped} skipped, {summary.minutes_left} min left"
        self.query_one("#bar", Static).update(Content.assemble(*bar, words))
        wanted = self.query_one(Input).value.casefold().split()
        before, steps = self._chosen, self._work.course.steps
        self._list.clear_options()
        for index, step in enumerate(steps):
            if all(word in f"{index + 1} {step.title}".casefold() for word in wanted):
                self._list.add_option(Option(self._line(index, step), id=str(index)))
        shown = [option.id for option in self._list.options]
        self._list.highlighted = shown.index(str(before)) if str(before) in shown else 0 if shown else None

    def _line(self, index: int, step: Step) -> Content:
        return Content.assemble(
            SIGNS[self._work.mark(step.id)],
            f" {index + 1:>2}  {step.title}",
            (f"   {step.minutes} min", "$foreground 60%"),
        )

    @on(Input.Changed)
    def _searched(self) -> None:
        self._asked = None
        self._draw()

    @on(Input.Submitted)
    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        if self._chosen is not None:
            self.dismiss(self._chosen)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses, so that skipping and resetting can be clicked next; the keyboard goes on searching."""
        event.stop()
        self._asked = None
        self.query_one(Input).focus()

    @on(Button.Pressed, "#skip")
    def action_skip(self) -> None:
        """Mark the chosen step as skipped."""
        if self._chosen is not None:
            step = self._work.course.steps[self._chosen]
            self._work.skip(step)
            is_done = self._work.mark(step.id) is Mark.DONE
            self._say(f"“{step.title}” is done already." if is_done else f"“{step.title}” is skipped.")
            self._draw()

    @on(Button.Pressed, "#reset")
    def action_reset(self) -> None:
        """Begin the chosen step anew, once that was said twice."""
        if self._chosen is not None:
            step = self._work.course.steps[self._chosen]
            self._reset(step.id, step, f"“{step.title}”", "F7")

    @on(Button.Pressed, "#reset_all")
    def action_reset_all(self) -> None:
        """Begin all steps anew, once that was said twice."""
        self._reset(ALL, None, "all steps", "F8")

    def _reset(self, id: str, step: Step | None, what: str, key: str) -> None:
        if self._asked != id:
            self._asked = id
            self._say(
                f"Forget guesses, answers and exercises of {what}? Once more ({key}) does it; Dockerfiles are kept."
            )
            return
        self._asked = None
        try:
            kept = begin_anew(self._work, step)
        except OSError as error:
            self._say(f"{what} cannot be begun anew: {error.strerror}.")
            return
        files = f" Your Dockerfiles are kept: {', '.join(file.name for file in kept)}." if kept else ""
        self._say(f"Begun anew: {what}.{files}")
        self._draw()

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Back to the step that was open."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Choose another step."""
        self._asked = None
        if by > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def _say(self, words: str) -> None:
        self.query_one("#told", Static).update(Content.styled(words, "$warning"))
