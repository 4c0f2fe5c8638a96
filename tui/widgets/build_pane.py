"""One variant being built: its steps with their states, its log, how far it is and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.engine.events import BuildFailed, FailureKind
from tui.session import format
from tui.session.base_images import BaseImage
from tui.session.build_record import BuildRecord, Step, StepState
from tui.session.history import LastBuild
from tui.session.log_buffer import LogBuffer
from tui.widgets.bases_text import bases_content
from tui.widgets.dockerfile_panes import stage_colour
from tui.widgets.layers_view import LayersView
from tui.widgets.log_view import LogView
from tui.widgets.step_lines import is_worth_a_line, step_line

ALL_STEPS = "all"
MOST_CHARACTERS = 600
"""So much of why a build failed is shown; all of it is in the log."""


class BuildPane(Vertical):
    """Shows one `BuildRecord`; `refresh_record` after each news of it."""

    DEFAULT_CSS = """
    BuildPane { width: 1fr; height: 1fr; padding: 0 0 0 1; }
    BuildPane > .head { height: 2; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    BuildPane > .why {
        display: none; height: auto; max-height: 8; width: 100%; padding: 0 1;
        color: $foreground; background: $error 12%;
    }
    BuildPane > .why.shown { display: block; }
    BuildPane > .before { display: none; height: auto; max-height: 60%; width: 100%; padding: 1 1 0 0; }
    BuildPane > .before.shown { display: block; }
    BuildPane > .why.expected { background: $warning 12%; }
    BuildPane > OptionList {
        height: auto; max-height: 45%; border: none; padding: 0;
        background: $surface; scrollbar-size: 1 1; text-wrap: nowrap;
    }
    BuildPane > OptionList > .option-list--option-highlighted {
        background: $accent 12%; color: $foreground; text-style: none;
    }
    BuildPane > OptionList:focus > .option-list--option-highlighted { background: $accent 30%; }
    BuildPane > .rule { height: 1; width: 100%; color: $foreground 60%; text-wrap: nowrap; text-overflow: ellipsis; }
    BuildPane > LogView { height: 1fr; min-height: 3; }
    """

    def __init__(self, variant: str, title: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.variant = variant
        """Name of the variant that is shown."""
        self._title = title
        self._record: BuildRecord | None = None
        self._previous: LastBuild | None = None
        self._chosen = self._highlighted = ALL_STEPS
        self._told_of_failure = False
        self._shown: dict[str, Content] = {}
        self._heights: list[int] = []
        self._head = Static(classes="head")
        self._head_shown = Content()
        self._why = Static(classes="why")
        self._before = Static(classes="before")
        self._steps = OptionList()
        self._rule = Static(classes="rule")
        self._rule_shown = Content()
        self._layers = LayersView()
        self.log_view = LogView()

    def compose(self) -> ComposeResult:
        """Head, reason of a failure, steps, name of the log, layers of a base image that is pulled, log."""
        yield self._head
        yield self._why
        yield self._before
        yield self._steps
        yield self._rule
        yield self._layers
        yield self.log_view

    def on_mount(self) -> None:
        """Nothing has been built yet."""
        self._draw_head()
        self._draw_rule()

    def on_resize(self) -> None:
        """Other widths cut titles elsewhere."""
        self._draw_steps(anew=True)
        self._draw_head()
        self._draw_rule()
        self._draw_layers()

    def show(
        self,
        variant: str,
        title: str,
        record: BuildRecord | None,
        previous: LastBuild | None,
        bases: Sequence[BaseImage] = (),
        free_bytes: int | None = None,
    ) -> None:
        """Show this build from now on; before there is one, what it will start from.

        `previous` is what the last one took.
        """
        self._before.set_class(record is None and bool(bases), "shown")
        if record is None and bases:
            self._before.update(bases_content(bases, free_bytes))
        self.variant, self._title = variant, title
        if record is not self._record or record is None:
            self._record = record
            self._chosen = ALL_STEPS
            self._told_of_failure = False
            self._draw_steps(anew=True)
            self.log_view.show(record.log if record is not None else LogBuffer())
        self._previous = previous
        self.refresh_record()

    def refresh_record(self) -> None:
        """The record has changed. A step that failed shows its log, unless the reader chose another one."""
        failure = self._record.failure if self._record is not None else None
        if failure is not None and failure.step is not None and not self._told_of_failure:
            self._told_of_failure = True
            if self._chosen == ALL_STEPS:
                self._choose(failure.step)
        self._draw_steps(anew=self._chosen != self._highlighted)
        self._draw_head()
        self._draw_why()
        self._draw_rule()
        self._draw_layers()
        self.log_view.lines_changed()

    @on(OptionList.OptionHighlighted)
    def _step_chosen(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        chosen = event.option.id or ALL_STEPS
        self._highlighted = chosen
        if chosen != self._chosen:
            self._choose(chosen)

    def _choose(self, chosen: str) -> None:
        self._chosen = chosen
        if self._record is None:
            return
        if chosen == ALL_STEPS:
            self.log_view.show(self._record.log)
        else:
            self.log_view.show(self._record.step_logs.setdefault(chosen, LogBuffer()))
        self._draw_rule()
        self._draw_layers()

    # Drawing.

    def _draw_head(self) -> None:
        record = self._record
        width = max(10, self.size.width - 1)
        title = Content.styled(self._title, "bold")
        if record is None:
            head = Content.assemble(title, "\n", ("not built yet", "$foreground 60%"))
        else:
            room = width - title.cell_length - 1
            candidates = _state_words(record, self._previous)
            right = next((words for words in candidates if words.cell_length <= room), candidates[-1])
            gap = max(1, width - title.cell_length - right.cell_length)
            head = Content.assemble(title, " " * gap, right, "\n", _progress(record, width))
        if not head.is_same(self._head_shown):
            self._head_shown = head
            self._head.update(head, layout=False)

    def _draw_why(self) -> None:
        failure = self._record.failure if self._record is not None else None
        self._why.set_class(failure is not None, "shown")
        self._why.set_class(failure is not None and failure.kind is FailureKind.NOT_RECORDED, "expected")
        if failure is None or self._record is None:
            return
        step = self._record.step(failure.step) if failure.step else None
        where = f"line {step.line}, {step.title}" if step and step.line else failure.kind.value
        if not (step and step.line) and failure.line is not None:
            where = f"line {failure.line}, {failure.kind.value}"
        code = f" (exit code {failure.exit_code})" if failure.exit_code is not None else ""
        # Our sentence first, and what to do; the engine's words may be cut.
        said = ("\n", (failure.message[:MOST_CHARACTERS], "$foreground 60%")) if failure.what else ()
        self._why.update(
            Content.assemble(
                (f"✗ {where}{code}", f"bold {_failure_colour(failure)}"),
                "\n",
                failure.reason[:MOST_CHARACTERS],
                "\n",
                (failure.advice, "bold"),
                *said,
            )
        )

    def _draw_steps(self, *, anew: bool = False) -> None:
        """Bring the list up to date; only lines that have changed are touched."""
        record = self._record
        wanted: dict[str, Content] = {}
        if record is not None:
            wanted[ALL_STEPS] = Content.styled("  all output", "$foreground 60%")
            width = max(10, self.size.width - 2)
            count = len({step.stage for step in record.steps if step.stage})
            stages = list(dict.fromkeys(step.stage for step in record.steps if step.stage))
            for step in filter(is_worth_a_line, record.steps):
                colour = stage_colour(stages.index(step.stage), count) if step.stage else None
                wanted[step.id] = step_line(step, record.at, width, colour)
        # A line that becomes two moves those below it.
        heights = [content.plain.count("\n") for content in wanted.values()]
        is_same = list(wanted) == list(self._shown) and heights == self._heights
        if anew or not is_same:
            self._heights = heights
            self._steps.clear_options()
            self._steps.add_options([Option(content, id=id) for id, content in wanted.items()])
            if self._chosen in wanted:
                with self.prevent(OptionList.OptionHighlighted):
                    self._steps.highlighted = list(wanted).index(self._chosen)
            self._highlighted = self._chosen
        else:
            for id, content in wanted.items():
                if not content.is_same(self._shown[id]):
                    self._steps.replace_option_prompt(id, content)
        self._shown = wanted

    def _draw_rule(self) -> None:
        record = self._record
        step = record.step(self._chosen) if record is not None else None
        name = f"log of {step.title}" if step else "log"
        buffer = record.log if record and not step else record.step_logs.get(self._chosen) if record else None
        dropped = f", the first {buffer.first:,} lines are in the file only" if buffer and buffer.first else ""
        words = f"── {name}{dropped} "
        rule = Content(words + "─" * max(0, self.size.width - len(words)))
        if not rule.is_same(self._rule_shown):
            self._rule_shown = rule
            self._rule.update(rule, layout=False)

    def _draw_layers(self) -> None:
        """While a base image is pulled nothing is printed: what moves takes the log's place."""
        record = self._record
        steps: list[Step] = []
        if record is not None and self._chosen != ALL_STEPS:
            step = record.step(self._chosen)
            steps = [step] if step is not None and not record.step_logs.get(step.id) else []
        elif record is not None and len(record.log) == 0:
            steps = [step for step in record.steps if step.state is StepState.RUNNING]
        self._layers.show(steps, self.size.width - 3)


def _failure_colour(failure: BuildFailed) -> str:
    """Red is for what nobody expected; that a recording has not everything is known."""
    return "$warning" if failure.kind is FailureKind.NOT_RECORDED else "$error"


def _state_words(record: BuildRecord, previous: LastBuild | None) -> list[Content]:
    """What it is doing and since when, or how it ended, and what the last build took; then the same in fewer words."""
    before = (f" · last {format.duration(previous.seconds)}" if previous is not None else "", "$foreground 60%")
    if record.image is not None:
        return _shorter((f"✓ {format.size(record.image.size_bytes)}", "bold $success"), before)
    if record.failure is not None:
        return _shorter(("✗ failed", f"bold {_failure_colour(record.failure)}"))
    if record.was_cancelled:
        return _shorter(("■ cancelled", "$warning"))
    if record.builder is None:
        return _shorter(("waiting", "$foreground 60%"), (" for its turn", "$foreground 60%"))
    return _shorter((f"▶ {format.elapsed(record.at)}", "$accent"), before)


def _shorter(*parts: tuple[str, str]) -> list[Content]:
    """All parts, then one less, and so on to the first alone."""
    return [Content.assemble(*parts[:count]) for count in range(len(parts), 0, -1)]


def _progress(record: BuildRecord, width: int) -> Content:
    """A bar of steps done of steps known, and how long all took; while the context is sent, how much of it is."""
    if record.builder is None:
        return Content.styled("━" * width, "$foreground 15%")
    done, known = record.progress
    took = f" in {format.duration(record.seconds)}" if record.seconds is not None else ""
    share, words = (done / known, f" {done}/{known} steps{took}") if known else (0.0, " preparing")
    if not known and record.context_bytes:
        share = record.sent_bytes / record.context_bytes
        words = f" sending {format.size(record.sent_bytes)} of {format.size(record.context_bytes)}"
    cells = max(4, width - len(words))
    filled = round(cells * share)
    colour = _failure_colour(record.failure) if record.failure else "$success" if record.image else "$accent"
    return Content.assemble(
        ("━" * filled, colour), ("━" * (cells - filled), "$foreground 15%"), (words, "$foreground 60%")
    )
