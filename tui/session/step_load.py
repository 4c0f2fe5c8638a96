"""What a running step is fetching or sending: its parts, how far they are, and how fast it goes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from tui.engine.events import Activity, StepProgress

RATE_SECONDS = 5.0
"""The rate is that of so many seconds."""
LEAST_RATE_SECONDS = 1.0
"""In less time no rate can be told."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a base image that is pulled."""

    name: str
    """Its digest."""
    current_bytes: int = 0
    """Downloaded so far."""
    total_bytes: int = 0
    """0 while unknown."""
    is_downloaded: bool = False
    extracted_bytes: int = 0
    """BuildKit does not tell: it stays 0 until the layer is extracted."""
    is_extracting: bool = False
    is_extracted: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """How far a step is with what it moves."""

    activity: Activity
    """What it does now; downloading as long as any layer is not here."""
    detail: str
    """What it works on, in the builder's words: `exporting layers`."""
    layers: tuple[Layer, ...]
    """In the order in which they became known; empty where the step pulls nothing."""
    layers_done: int
    """Downloaded, or extracted, as the activity is."""
    current_bytes: int
    total_bytes: int
    """0 while unknown. It grows while layers become known."""
    rate: float | None
    """Bytes per second of late, where something comes or goes and long enough to tell."""

    @property
    def is_pull(self) -> bool:
        """Whether a base image is pulled."""
        return bool(self.layers)

    @property
    def pulled_bytes(self) -> int:
        """What was downloaded."""
        return sum(layer.current_bytes for layer in self.layers)


class LoadMeter:
    """Follows one step's progress; `feed` it each event, in order."""

    def __init__(self) -> None:
        self._layers: dict[str, Layer] = {}
        self._parts: dict[str, StepProgress] = {}
        """Whatever is no layer, by its name."""
        self._latest: StepProgress | None = None
        self._samples: deque[tuple[float, int]] = deque()

    def feed(self, event: StepProgress) -> Load:
        """How far the step is now."""
        if event.activity in (Activity.DOWNLOADING, Activity.EXTRACTING):
            layer = self._layers.get(event.part, Layer(event.part))
            change = _downloaded if event.activity is Activity.DOWNLOADING else _extracted
            self._layers[event.part] = change(layer, event)
        else:
            self._parts[event.part] = event
        self._latest = event
        return self._load(event)

    def _load(self, event: StepProgress) -> Load:
        layers = tuple(self._layers.values())
        if not layers:
            current = sum(part.current for part in self._parts.values())
            total = sum(part.total for part in self._parts.values())
            rate = self._rate(event.at, current) if event.activity is Activity.TRANSFERRING else None
            return Load(event.activity, event.part, (), 0, current, total, rate)
        total = sum(layer.total_bytes for layer in layers)
        if any(not (layer.is_downloaded or layer.is_extracted) for layer in layers):
            current = sum(layer.current_bytes for layer in layers)
            done = sum(layer.is_downloaded for layer in layers)
            return Load(Activity.DOWNLOADING, event.part, layers, done, current, total, self._rate(event.at, current))
        extracted = sum(layer.total_bytes if layer.is_extracted else layer.extracted_bytes for layer in layers)
        done = sum(layer.is_extracted for layer in layers)
        return Load(Activity.EXTRACTING, event.part, layers, done, extracted, total, None)

    def _rate(self, at: float, current: int) -> float | None:
        self._samples.append((at, current))
        while len(self._samples) > 1 and self._samples[1][0] <= at - RATE_SECONDS:
            self._samples.popleft()
        began, before = self._samples[0]
        return (current - before) / (at - began) if at - began >= LEAST_RATE_SECONDS else None


def _downloaded(layer: Layer, event: StepProgress) -> Layer:
    total = event.total or layer.total_bytes
    # The end need not tell how much it was.
    current = total if event.done and total else max(event.current, layer.current_bytes)
    return replace(layer, current_bytes=current, total_bytes=total, is_downloaded=event.done or layer.is_downloaded)


def _extracted(layer: Layer, event: StepProgress) -> Layer:
    # What is being extracted was here already, or has come.
    here = replace(layer, is_downloaded=True, current_bytes=layer.total_bytes, is_extracting=not event.done)
    if event.done:
        return replace(here, extracted_bytes=layer.total_bytes, is_extracted=True)
    return replace(here, extracted_bytes=max(layer.extracted_bytes, min(event.current, layer.total_bytes)))
