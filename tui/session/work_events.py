"""What builds and inspections tell: one queue takes both."""

from __future__ import annotations

from tui.engine.events import BuildEvent, StepOutput, Stream
from tui.session.inspection_events import InspectionEvent

WorkEvent = BuildEvent | InspectionEvent


def logged(event: WorkEvent) -> tuple[tuple[str, Stream], str] | None:
    """Which step printed on which of its outputs, and what."""
    return ((event.step, event.stream), event.text) if isinstance(event, StepOutput) else None
