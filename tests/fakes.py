"""A scripted engine: for faults that a real one cannot be made to have, and for screens that must be still."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tests.fake_containers import ScriptedContainers
from tests.sample_archives import MULTISTAGE_ARCHIVE, SIMPLE_ARCHIVE
from tui.engine.cause import Cause
from tui.engine.containers import Share
from tui.engine.errors import EngineError, ImageNotFound
from tui.engine.events import (
    BuildCancelled,
    BuildEnd,
    BuildEvent,
    BuildStarted,
    BuildSucceeded,
    StepCached,
    StepDone,
    StepOutput,
    StepPlanned,
    StepStarted,
    Stream,
)
from tui.engine.model import EngineInfo, HistoryLayer, Image, SizeBasis
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.offer import Offer
from tui.engine.registry.pull_words import Pull
from tui.engine.registry.reference import parse_reference
from tui.engine.request import Builder, BuildRequest

INFO = EngineInfo(
    name="docker",
    version="29.1.0",
    api_version="1.52",
    builder=Builder.BUILDKIT,
    storage_driver="overlay2",
    size_basis=SizeBasis.UNPACKED,
    platform="linux/amd64",
    endpoint="unix:///var/run/docker.sock",
)
CREATED = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def image(name: str, size_bytes: int, *layers: tuple[str, int], labels: dict[str, str] | None = None) -> Image:
    """An image whose ID tells its name."""
    return Image(
        image_id="sha256:" + name.encode().hex().ljust(64, "0"),
        tags=(f"jettison-test/{name}:current",),
        size_bytes=size_bytes,
        size_basis=SizeBasis.UNPACKED,
        platform="linux/amd64",
        created=CREATED,
        layers=tuple(HistoryLayer(text, size) for text, size in layers),
        labels=labels or {},
        unpacked_bytes=size_bytes,
    )


SIMPLE_IMAGE = image(
    "simple", 912_000_000, ("", 809_000_000), ("COPY . .", 5_590), ("RUN go build -o main .", 103_000_000)
)
MULTISTAGE_IMAGE = image(
    "multistage", 18_300_000, ("", 9_100_000), ("COPY /app/main /main", 9_200_000), ("USER nobody", 0)
)
BUILDER_IMAGE = image("builder", 911_000_000, ("", 809_000_000), ("COPY . .", 5_590), ("RUN go build", 102_000_000))


def a_build(built: Image, *, output: str = "compiling\n", seconds: float = 30.0) -> list[BuildEvent]:
    """A short build that succeeds: one cached step, one that runs and prints."""
    return [
        BuildStarted(0.0, Builder.BUILDKIT),
        StepPlanned(0.1, "base", "FROM golang:1.27-bookworm AS builder", "builder", 2),
        StepPlanned(0.1, "compile", "RUN go build -o main .", "builder", 9),
        StepCached(0.2, "base"),
        StepStarted(0.3, "compile"),
        StepOutput(0.4, "compile", Stream.STDERR, output),
        StepDone(seconds - 1, "compile", seconds - 1.3),
        BuildSucceeded(seconds, built),
    ]


class ScriptedBuild:
    """Plays its events as fast as they are read; with `hold` it stops before the end until it is let go."""

    def __init__(
        self, events: Sequence[BuildEvent], hold: threading.Event | None, made: dict[str, Image], tag: str
    ) -> None:
        self._events = events
        self._hold = hold
        self._made = made
        self._tag = tag
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()
        if self._hold is not None:
            self._hold.set()

    def events(self) -> Iterator[BuildEvent]:
        for event in self._events:
            if isinstance(event, BuildEnd) and self._hold is not None:
                self._hold.wait()
            if self._cancelled.is_set():
                yield BuildCancelled(event.at)
                return
            if isinstance(event, BuildSucceeded):
                built = replace(event.image, tags=(self._tag,))
                self._made[self._tag] = self._made[built.image_id] = built
                yield replace(event, image=built)
            else:
                yield event


class ScriptedStream:
    """An archive in two pieces; with `hold` it stops between them until it is let go."""

    def __init__(self, archive: bytes, hold: threading.Event | None) -> None:
        self._archive = archive
        self._hold = hold
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()
        if self._hold is not None:
            self._hold.set()

    def pieces(self) -> Iterator[bytes]:
        half = len(self._archive) // 2
        yield self._archive[:half]
        if self._hold is not None:
            self._hold.wait()
        if not self._cancelled.is_set():
            yield self._archive[half:]


class ScriptedEngine:
    """Builds what it was told to, by the subject's last part: `simple`, `multistage`."""

    time_scale = float("inf")

    def __init__(
        self,
        scripts: Mapping[str, Sequence[BuildEvent]] | None = None,
        *,
        info: EngineInfo = INFO,
        hold: threading.Event | None = None,
        refuses_removal: EngineError | None = None,
    ) -> None:
        self.info = info
        self.scripts = scripts or {
            "simple": a_build(SIMPLE_IMAGE),
            "multistage": a_build(MULTISTAGE_IMAGE, seconds=27.0),
            "builder": a_build(BUILDER_IMAGE, seconds=26.0),
        }
        self.hold = hold
        self.requests: list[BuildRequest] = []
        self.images: dict[str, Image] = {}
        self.archives = {SIMPLE_IMAGE.image_id: SIMPLE_ARCHIVE, MULTISTAGE_IMAGE.image_id: MULTISTAGE_ARCHIVE}
        self.removed: list[str] = []
        self.offers: dict[str, Offer | PullRefused] = {}
        """What registries say, by name; of all others they cannot be reached."""
        self.cached: dict[str, int] = {}
        """Unpacked bytes of images that the build cache holds, by full name."""
        self.registry_hold: threading.Event | None = None
        """Registries say nothing until this is set."""
        self.containers = ScriptedContainers()
        self._refuses_removal = refuses_removal

    def build(self, request: BuildRequest) -> ScriptedBuild:
        self.requests.append(request)
        return ScriptedBuild(self.scripts[request.subject.split("/")[-1]], self.hold, self.images, request.tag)

    def inspect(self, reference: str) -> Image:
        if reference not in self.images:
            raise ImageNotFound(f"There is no such image: {reference}.", "Build it first.")
        return self.images[reference]

    def look_up(self, name: str, platform: str = "") -> Offer:
        if self.registry_hold is not None:
            self.registry_hold.wait()
        offered = self.offers.get(name)
        if not isinstance(offered, Offer):
            raise offered or PullRefused(Cause.UNREACHABLE, Pull(parse_reference(name)))
        return offered

    def cached_bases(self) -> Mapping[str, int]:
        return self.cached

    def save(self, reference: str) -> ScriptedStream:
        return ScriptedStream(self.archives[self.inspect(reference).image_id], self.hold)

    def remove_image(self, reference: str) -> int:
        if self._refuses_removal is not None:
            raise self._refuses_removal
        gone = self.inspect(reference)
        self.images = {key: kept for key, kept in self.images.items() if kept.image_id != gone.image_id}
        self.removed.append(reference)
        return gone.size_bytes

    def shares(self) -> dict[str, Share]:
        return {image.image_id: Share(image.size_bytes, 0) for image in self.images.values()}

    def close(self) -> None:
        pass
