"""The lines of a build's steps."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tui.session import format
from tui.session.build_record import Step, StepState
from tui.session.load_words import load_words, share
from tui.widgets.progress_bar import progress_bar

SIGNS = {
    StepState.WAITING: ("·", "$foreground 60%"),
    StepState.RUNNING: ("▶", "$accent"),
    StepState.CACHED: ("✓", "$foreground 60%"),
    StepState.DONE: ("✓", "$success"),
    StepState.FAILED: ("✗", "$error"),
    StepState.CANCELLED: ("■", "$warning"),
}
BEFORE = 2
"""Cells before a step's title: its mark, and its stage's colour."""
LEAST_BAR = 6
"""Cells of the shortest bar that shows something move."""


def is_worth_a_line(step: Step) -> bool:
    """The builder's housekeeping is shown while it runs, and when it fails."""
    return not step.internal or step.state in (StepState.RUNNING, StepState.FAILED)


def step_line(step: Step, now: float, width: int, colour: str | None) -> Content:
    """Mark, stage, title, and on the right what became of it. What it loads stands on a line of its own below."""
    sign, style = SIGNS[step.state]
    right = _step_time(step, now)
    room = width - 5 - len(right)
    title = step.title if cell_len(step.title) <= room else set_cell_size(step.title, max(1, room - 1)) + "…"
    stage = ("▌" if colour else " ", f"${colour}" if colour else "")
    line = Content.assemble(
        (sign, style),
        stage,
        (set_cell_size(title, max(1, room)), "$foreground 60%" if step.internal else ""),
        "  ",
        (right, style),
    )
    if step.state is not StepState.RUNNING or (load := _load_line(step, width)) is None:
        return line
    return Content.assemble(line, "\n ", stage, load)


def _load_line(step: Step, width: int) -> Content | None:
    """A bar and how far it is, in as many words as there is room for."""
    words = load_words(step.load) if step.load is not None else ()
    if step.load is None or not words:
        return None
    done = share(step.load)
    room = width - BEFORE - (LEAST_BAR + 2 if done is not None else 0)
    fitting = next((text for text in words if cell_len(text) <= room), words[-1])
    if done is None:
        return Content.assemble((fitting, "$accent"))
    bar = progress_bar(done, max(LEAST_BAR, width - BEFORE - 2 - cell_len(fitting)))
    return Content.assemble(bar, "  ", (fitting, "$accent"))


def _step_time(step: Step, now: float) -> str:
    match step.state:
        case StepState.CACHED:
            return "cached"
        case StepState.RUNNING:
            return format.elapsed(now - (step.began_at or 0.0))
        case StepState.DONE | StepState.FAILED:
            return format.duration(step.seconds or 0.0)
        case StepState.CANCELLED:
            return "stopped"
    return ""
