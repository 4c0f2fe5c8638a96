"""What happens while images are looked into, as typed, frozen events that go through the one outbox.

An inspection ends with exactly one of `LookedInside`, `InspectionFailed` and `InspectionCancelled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.session.insight import Insight


@dataclass(frozen=True, slots=True)
class ImageAsked:
    """The engine was asked for an image. It spools all of it before it sends the first byte: nothing can be measured
    until then."""

    subject: str


@dataclass(frozen=True, slots=True)
class ImageArrives:
    """So much of the image has come."""

    subject: str
    read_bytes: int
    expected_bytes: int
    """About how much it will be: the unpacked layers and their headers."""


@dataclass(frozen=True, slots=True)
class ImageSorted:
    """All of the image is known by now; it is being taken apart and compared."""

    subject: str


@dataclass(frozen=True, slots=True)
class LookedInside:
    """The end: all is known."""

    insight: Insight
    seconds: float


@dataclass(frozen=True, slots=True)
class InspectionFailed:
    """The end: it cannot be known."""

    what: str
    """What happened, one sentence."""
    advice: str
    """What to do next, one sentence."""


@dataclass(frozen=True, slots=True)
class InspectionCancelled:
    """The end: the learner changed their mind."""


InspectionEnd = LookedInside | InspectionFailed | InspectionCancelled
InspectionEvent = ImageAsked | ImageArrives | ImageSorted | InspectionEnd
