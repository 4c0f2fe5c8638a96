"""The runs of one step: when it began, paused, began again and ended."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from google.protobuf.timestamp_pb2 import Timestamp

from tui.engine.buildkit.trace_pb2 import Vertex
from tui.engine.events import Activity, StepCached, StepDone, StepEvent, StepFailed, StepPaused, StepStarted
from tui.engine.failure import exit_code_in


class _State(Enum):
    WAITING = auto()
    RUNNING = auto()
    CACHED = auto()
    DONE = auto()
    FAILED = auto()


class StepRuns:
    """Follows one step through its vertexes' messages; each method gives the events that follow.

    A step that fetches an image ends when all layers that it fetched are extracted, at the latest when another step
    builds on it. Where nothing is fetched the image was there already, which is what `cached` means for an image.
    """

    def __init__(self, step: str, *, is_source: bool = False) -> None:
        self.step = step
        self.is_source = is_source
        self._state = _State.WAITING
        self._open: dict[str, float] = {}
        """When the run under way began, by the digest of its vertex."""
        self._spans: dict[str, list[tuple[float, float]]] = {}
        self._newest: dict[str, tuple[float, float]] = {}
        """The newest start and completion of each vertex: BuildKit repeats itself."""
        self._missing: set[str] = set()
        """Layers of which a part is not here yet: not downloaded, or not extracted."""
        self._has_fetched = False
        self._is_needed = False
        """Whether a step that builds on it has begun."""

    def fetch(self, layer: str, activity: Activity, now: float, *, done: bool) -> Iterator[StepEvent]:
        """A layer of an image is on its way. What is downloaded is not here before it is extracted."""
        self._has_fetched = True
        if activity is Activity.EXTRACTING and done:
            self._missing.discard(layer)
            yield from self._rest(now)
        else:
            self._missing.add(layer)

    def follow(self, vertex: Vertex, now: float) -> Iterator[StepEvent]:
        """What a message about one of its vertexes means."""
        started, completed = self._newest.get(vertex.digest, (0.0, 0.0))
        self._newest[vertex.digest] = seconds_of(vertex.started), seconds_of(vertex.completed)
        begins = vertex.HasField("started") and seconds_of(vertex.started) != started
        if begins and not vertex.cached:
            yield from self._begin(vertex.digest, seconds_of(vertex.started), now)
        if vertex.error:
            self._complete(vertex)
            if self._state is not _State.FAILED:
                self._state = _State.FAILED
                yield StepFailed(now, self.step, self._seconds(), vertex.error, exit_code_in(vertex.error))
        elif vertex.cached:
            self._complete(vertex)
            yield from self._found_in_cache(vertex.digest, now)
        elif vertex.HasField("completed") and (begins or seconds_of(vertex.completed) != completed):
            self._complete(vertex)
            yield from self._rest(now)

    def need(self, now: float) -> Iterator[StepEvent]:
        """A step that builds on it has begun."""
        self._is_needed = True
        if self.is_source and self._state in (_State.WAITING, _State.RUNNING):
            yield from self._rest(now)

    def finish(self, now: float) -> Iterator[StepEvent]:
        """Nothing more will come. A step that was never needed is left as it is."""
        if self._has_fetched:
            yield from self.need(now)

    def _begin(self, digest: str, started: float, now: float) -> Iterator[StepEvent]:
        self._open[digest] = started
        if self._state in (_State.CACHED, _State.DONE):
            self._is_needed = False
        if self._state not in (_State.RUNNING, _State.FAILED):
            self._state = _State.RUNNING
            yield StepStarted(now, self.step)

    def _complete(self, vertex: Vertex) -> None:
        began = self._open.pop(vertex.digest, None)
        if began is not None and vertex.HasField("completed"):
            self._spans.setdefault(vertex.digest, []).append((began, seconds_of(vertex.completed)))

    def _found_in_cache(self, digest: str, now: float) -> Iterator[StepEvent]:
        if self._has_fetched or self._spans.keys() - {digest}:
            yield from self._rest(now)
        elif not self._open and self._state not in (_State.CACHED, _State.FAILED):
            self._state = _State.CACHED
            yield StepCached(now, self.step)

    def _rest(self, now: float) -> Iterator[StepEvent]:
        """No run is under way any more, if none is."""
        if self._open or self._state is _State.FAILED:
            return
        if self.is_source and not self._is_needed and (self._missing or not self._has_fetched):
            if self._state is _State.RUNNING and not self._has_fetched:
                self._state = _State.WAITING
                yield StepPaused(now, self.step)
        elif self.is_source and not self._has_fetched:
            if self._state is not _State.CACHED:
                self._state = _State.CACHED
                yield StepCached(now, self.step)
        elif self._state is not _State.DONE:
            self._state = _State.DONE
            yield StepDone(now, self.step, self._seconds())

    def _seconds(self) -> float:
        """The time in which any of its vertexes ran."""
        total, until = 0.0, 0.0
        for began, ended in sorted(span for spans in self._spans.values() for span in spans):
            total += max(0.0, ended - max(began, until))
            until = max(until, ended)
        return total


def seconds_of(stamp: Timestamp) -> float:
    """Seconds since 1970; 0.0 for a stamp that is not set."""
    return stamp.seconds + stamp.nanos / 1e9
