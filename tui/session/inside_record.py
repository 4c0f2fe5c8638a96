"""How far the looking into a project's images is, brought up to date by each event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.session.inspection_events import (
    ImageArrives,
    ImageAsked,
    ImageSorted,
    InspectionCancelled,
    InspectionEvent,
    InspectionFailed,
    LookedInside,
)

if TYPE_CHECKING:
    from tui.session.insight import Insight
    from tui.session.inspector import Look


@dataclass(frozen=True, slots=True)
class Progress:
    """What is going on with one image."""

    title: str
    """Whose image it is: `Single stage`."""
    words: str
    """What is being done."""
    share: float | None = None
    """How much of it is done, from 0 to 1; None where nobody can know."""
    read_bytes: int = 0


class InsideRecord:
    """Follows one inspection."""

    def __init__(self, looks: tuple[Look, ...], before: InsideRecord | None = None) -> None:
        """`before` followed the inspection before, whose insight stands until this one has its own."""
        self._titles = {look.subject: look.title for look in looks}
        self.image_ids = tuple(look.image_id for look in looks)
        """What is looked into."""
        self.progress: Progress | None = None
        """What is going on; None before the first word and after the end."""
        self.insight: Insight | None = None
        """What was found, now or by the inspection before of the same images."""
        if before is not None and before.image_ids == self.image_ids:
            self.insight = before.insight
        self.seconds = 0.0
        """How long it took."""
        self.failure: InspectionFailed | None = None
        self.was_cancelled = False
        self.is_over = False
        """Whether nothing more will come."""

    def apply(self, event: InspectionEvent) -> None:
        """Take one event."""
        self.is_over = isinstance(event, (LookedInside, InspectionFailed, InspectionCancelled))
        match event:
            case ImageAsked(subject):
                self.progress = Progress(self._titles[subject], "the engine gathers its layers")
            case ImageArrives(subject, read_bytes, expected_bytes):
                share = read_bytes / expected_bytes if expected_bytes else None
                self.progress = Progress(self._titles[subject], "reading its layers", share, read_bytes)
            case ImageSorted(subject):
                self.progress = Progress(self._titles[subject], "sorting its files", 1.0)
            case LookedInside(insight, seconds):
                self.insight, self.seconds, self.progress = insight, seconds, None
            case InspectionFailed():
                self.failure, self.progress = event, None
            case InspectionCancelled():
                self.was_cancelled, self.progress = True, None
