"""Recorded builds as an engine: for a machine without one, or a room without a network."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tui.engine.api import ImageStream
from tui.engine.containers import Share
from tui.engine.errors import EngineError, ImageNotFound
from tui.engine.events import (
    BuildCancelled,
    BuildEnd,
    BuildEvent,
    BuildFailed,
    BuildStarted,
    BuildSucceeded,
    FailureKind,
)
from tui.engine.failure import ADVICE
from tui.engine.model import EngineInfo, Image
from tui.engine.no_containers import NoContainers
from tui.engine.recording import RecordedBuild, Recording
from tui.engine.registry.offer import Offer
from tui.engine.request import BuildRequest

AT_ONCE = math.inf
"""A speed at which no time passes between events."""


class ReplayEngine:
    """Answers with what was recorded; fulfils `tui.engine.api.Engine`.

    `speed` is how many recorded seconds pass in one real one. Times in the events stay those of the recording.
    """

    def __init__(self, recordings: Sequence[Recording], speed: float = 1.0) -> None:
        if not recordings:
            raise EngineError("There is no recording to replay.", "Make one with jettison record.")
        self._speed = speed
        self._builds = {(b.subject, b.target): b for recording in recordings for b in recording.builds}
        self._info = replace(recordings[0].engine, recorded_on=recordings[0].recorded_on)
        self._images: dict[str, Image] = {}

    @property
    def info(self) -> EngineInfo:
        """The engine that made the recording, with the day on which it did."""
        return self._info

    @property
    def time_scale(self) -> float:
        """How fast the recording is replayed."""
        return self._speed

    @property
    def containers(self) -> NoContainers:
        """A recording runs nothing: each question about containers raises EngineError."""
        return NoContainers()

    def build(self, request: BuildRequest) -> ReplayBuild:
        """The recorded build of the request's subject and target."""
        return ReplayBuild(self, request, self._builds.get((request.subject, request.target)), self._speed)

    def remember(self, request: BuildRequest, image: Image) -> Image:
        """From now on the image of a replayed build can be inspected, under the tag that was asked for."""
        tagged = replace(image, tags=(request.tag,))
        self._images[request.tag] = self._images[image.image_id] = tagged
        return tagged

    def inspect(self, reference: str) -> Image:
        """An image whose build was replayed before. Raises ImageNotFound."""
        if reference not in self._images:
            raise ImageNotFound(f"There is no image {reference} in the replay.", "Replay its build first.")
        return self._images[reference]

    def look_up(self, name: str, platform: str = "") -> Offer:
        """A recording pulls nothing. Raises EngineError."""
        raise EngineError(f"A recording does not pull {name}.", "Start a Docker engine to build it for real.")

    def cached_bases(self) -> dict[str, int]:
        """A recording keeps none."""
        return {}

    def save(self, reference: str) -> ImageStream:
        """A recording holds what is in an image, but not the image. Raises EngineError."""
        raise EngineError(
            f"The image {reference} is a recorded one: its files are not here.", "Start a Docker engine to build it."
        )

    def remove_image(self, reference: str) -> int:
        """Forget a replayed image: nothing is freed, as nothing was made. Raises ImageNotFound."""
        image = self.inspect(reference)
        self._images = {key: kept for key, kept in self._images.items() if kept.image_id != image.image_id}
        return 0

    def shares(self) -> dict[str, Share]:
        """A recording does not tell what images have in common."""
        return {}

    def close(self) -> None:
        """Nothing is held."""


class ReplayBuild:
    """One recorded build being replayed; fulfils `tui.engine.api.Build`."""

    def __init__(
        self, engine: ReplayEngine, request: BuildRequest, recorded: RecordedBuild | None, speed: float
    ) -> None:
        self._engine = engine
        self._request = request
        self._recorded = recorded
        self._speed = speed
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Stop at once."""
        self._cancelled.set()

    def events(self) -> Iterator[BuildEvent]:
        """The recorded events at their times, with the tag of the image made that of the request."""
        if self._recorded is None:
            yield BuildStarted(0.0, self._engine.info.builder)
            yield self._not_recorded()
            return
        began = time.monotonic()
        for event in self._recorded.events:
            if self._cancelled.wait(max(0.0, began + event.at / self._speed - time.monotonic())):
                yield BuildCancelled(event.at)
                return
            if isinstance(event, BuildSucceeded):
                event = replace(event, image=self._engine.remember(self._request, event.image))
            yield event
            if isinstance(event, BuildEnd):
                return

    def _not_recorded(self) -> BuildFailed:
        what = self._request.subject or self._request.dockerfile.name
        stage = f" with --target {self._request.target}" if self._request.target else ""
        kind = FailureKind.NOT_RECORDED
        return BuildFailed(0.0, kind, f"There is no recording of {what}{stage}.", ADVICE[kind])
