"""Variants running beside each other: a pane for each, the verdict whether both do the same job, and a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.session.run_comparison import RunComparison, Standing
from tui.session.run_record import RunRecord
from tui.widgets.chat_pane import ChatPane
from tui.widgets.clickable import clickable
from tui.widgets.run_pane import RunPane

DIM = "$foreground 60%"


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A variant, and its newest run if there was one."""

    variant: str
    title: str
    record: RunRecord | None


class RunsPane(Vertical):
    """Shows the runs of a project's variants."""

    DEFAULT_CSS = """
    RunsPane { height: 1fr; background: $background; }
    RunsPane > #runs { height: 1fr; }
    RunsPane > .verdict { height: auto; width: 100%; padding: 0 1; border-top: solid $foreground 15%; }
    /* A chat shall leave room for the logs, in which it appears. */
    RunsPane.chatting > .verdict { display: none; }
    """

    def __init__(self, runs: Sequence[ShownRun], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.panes = [RunPane(run.variant, run.title) for run in runs]
        """A pane for each variant."""
        self._looked_at: RunPane | None = None
        self._verdict = Static(classes="verdict")
        self.chat = ChatPane()

    def compose(self) -> ComposeResult:
        """Runs, verdict, chat."""
        yield Horizontal(*self.panes, id="runs")
        yield self._verdict
        yield self.chat

    def show(self, runs: Sequence[ShownRun], comparison: RunComparison | None) -> None:
        """Show these, as many as there are panes."""
        for pane, run in zip(self.panes, runs, strict=False):
            pane.show(run.variant, run.title, run.record)
        self._verdict.update(_verdict(comparison, len(self.panes)))
        self._mark_front()

    def open_chat(self, title: str, url: str) -> None:
        """Make room for a chat, and begin it."""
        self.add_class("chatting")
        self.chat.open(title, url)

    def close_chat(self) -> None:
        """Give the room back."""
        self.remove_class("chatting")
        self.chat.close()

    @property
    def front(self) -> RunPane:
        """The pane that had the focus last, or the last one whose container runs, or the last."""
        running = [pane for pane in self.panes if pane.record is not None and pane.record.is_running]
        return self._looked_at or (running or self.panes)[-1]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keys mean the pane that was looked at last."""
        for pane in self.panes:
            if pane in event.widget.ancestors:
                self._looked_at = pane
        self._mark_front()

    def _mark_front(self) -> None:
        front = self.front
        for pane in self.panes:
            pane.be_front(pane is front)


def _verdict(comparison: RunComparison | None, variants: int) -> Content:
    """Whether all behave the same, or what to do to learn it."""
    if comparison is None or not comparison.records:
        return Content.assemble(
            clickable("R", "run-both", "bold $accent"),
            (" runs both, detached, each on a free port, and asks them the same questions", DIM),
        )
    if variants == 1:
        return Content.styled("A second Dockerfile would show whether both behave the same.", DIM)
    match comparison.standing:
        case Standing.ALONE:
            return Content.styled("One of them alone proves nothing about the other.", DIM)
        case Standing.AWAITED:
            return Content.styled("Whether they behave the same is known when both have answered.", DIM)
        case Standing.ONE_ENDED:
            ended = comparison.ended_unanswered[0].run.variant
            return _again(
                f"{ended} ended without an answer, so nothing can show that both are alike. Its pane says why;"
            )
        case Standing.ALL_ENDED:
            return _again("Both ended without an answer, so there is nothing to compare. Their panes say why;")
        case Standing.ALIKE:
            return Content.assemble(
                ("✓ Both behave the same", "bold $success"), (": same statuses, same bodies, same echoes.", DIM)
            )
        case Standing.UNLIKE:
            return Content.assemble(("✗ They differ: ", "bold $warning"), " ".join(comparison.differences))


def _again(words: str) -> Content:
    """What came to nothing, and how to have another try."""
    return Content.assemble(
        (words, DIM), " ", clickable("R", "run-both", "bold $accent"), (" runs both once more.", DIM)
    )
