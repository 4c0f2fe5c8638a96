"""BuildKit's trace, decoded into build events.

BuildKit reports vertexes (its steps), their progress and their logs. A vertex runs as often as it is needed: a base
image starts and completes when it is resolved, when it is pulled, and once more for each layer that is extracted. Two
vertexes may be one instruction, where another client builds the same at the same time.
"""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from google.protobuf.message import DecodeError

from tui.engine.buildkit.names import StepPlaces, is_source, parse_name, without_digest
from tui.engine.buildkit.runs import StepRuns, seconds_of
from tui.engine.buildkit.trace_pb2 import StatusResponse, Vertex, VertexLog, VertexStatus
from tui.engine.dockerfile import Dockerfile
from tui.engine.events import (
    Activity,
    StepEvent,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepProgress,
    Stream,
)

TRACE_ID = "moby.buildkit.trace"
EXPORT_NAMES = ("exporting to ", "exporting cache")
EXTRACTING = "extracting "
CANCELLED = "context canceled"


class TraceReader:
    """Follows one build's trace. `now` gives the seconds since the build was asked for."""

    def __init__(self, dockerfile: Dockerfile, now: Callable[[], float]) -> None:
        self._places = StepPlaces(dockerfile)
        self._now = now
        self._steps: dict[str, StepRuns] = {}
        """By the digest of each of its vertexes."""
        self._by_line: dict[int, StepRuns] = {}
        self._exports: set[str] = set()
        self._decoders: dict[tuple[str, int], codecs.IncrementalDecoder] = {}
        self.failed_step: str | None = None
        """The step that ended badly, once one did."""
        self._was_cut_short = False
        self.titles: dict[str, str] = {}
        """The instruction of each step; the name of what is none."""

    def read(self, aux: str) -> Iterator[StepEvent]:
        """The events of one trace message (base64 of a StatusResponse). Raises ValueError on anything else."""
        try:
            status = StatusResponse.FromString(base64.b64decode(aux))
        except DecodeError as error:
            raise ValueError(f"not a BuildKit trace: {error}") from error
        yield from self._plan_all(status.vertexes)
        for vertex in sorted(status.vertexes, key=lambda vertex: not self._steps[vertex.digest].is_source):
            yield from self._vertex(vertex)
        for part in status.statuses:
            yield from self._part(part)
        for log in status.logs:
            yield from self._log(log)

    def finish(self) -> Iterator[StepEvent]:
        """What is still held back when the stream has ended."""
        for (step, stream), decoder in self._decoders.items():
            if rest := decoder.decode(b"", final=True):
                yield StepOutput(self._now(), step, _stream(stream), rest)
        for runs in dict.fromkeys(self._steps.values()):
            yield from runs.finish(self._now())

    def _plan_all(self, vertexes: Iterable[Vertex]) -> Iterator[StepPlanned]:
        new = {vertex.digest: vertex for vertex in vertexes if vertex.digest not in self._steps}
        numbers = {digest: name.number for digest, v in new.items() if (name := parse_name(v.name))}
        for digest in sorted(new, key=lambda digest: numbers.get(digest, 0)):
            yield from self._plan(new[digest])

    def _plan(self, vertex: Vertex) -> Iterator[StepPlanned]:
        at, step = self._now(), vertex.digest
        runs = StepRuns(step, is_source=is_source(vertex.name))
        name = parse_name(vertex.name)
        if name is None:
            self._steps[step] = runs
            if vertex.name.startswith(EXPORT_NAMES):
                self._exports.add(step)
            self.titles[step] = without_digest(vertex.name)
            yield StepPlanned(at, step, self.titles[step], internal=True)
            return
        place = self._places.find(name)
        line = place.instruction.line if place.instruction else None
        if line is not None and not name.is_trigger:
            if line in self._by_line:
                self._steps[step] = self._by_line[line]
                return
            self._by_line[line] = runs
        self._steps[step] = runs
        # As it is written where that is known: BuildKit fills in variables and the names of registries.
        is_own = place.instruction is not None and not name.is_trigger
        self.titles[step] = place.instruction.text if is_own and place.instruction else name.instruction
        title = f"ONBUILD {name.instruction}" if name.is_trigger else self.titles[step]
        yield StepPlanned(at, step, title, place.stage.title if place.stage else "", line)

    def _vertex(self, vertex: Vertex) -> Iterator[StepEvent]:
        runs = self._steps[vertex.digest]
        if vertex.HasField("started"):
            # What it builds on is ready; an export begins when everything is.
            ready = self._steps if vertex.digest in self._exports else vertex.inputs
            needed = [self._steps[digest] for digest in ready if digest in self._steps]
            for other in dict.fromkeys(needed):
                if other is not runs:
                    yield from other.need(self._now())
        for event in runs.follow(vertex, self._now()):
            if isinstance(event, StepFailed):
                self._note_failure(event)
            yield event

    def _note_failure(self, event: StepFailed) -> None:
        """The first failure is the cause; steps that it cut short fail too, sometimes earlier."""
        is_cut_short = event.message.endswith(CANCELLED)
        if self.failed_step is None or (self._was_cut_short and not is_cut_short):
            self.failed_step, self._was_cut_short = event.step, is_cut_short

    def _part(self, part: VertexStatus) -> Iterator[StepEvent]:
        runs = self._steps.get(part.vertex)
        if runs is None or (part.HasField("completed") and seconds_of(part.completed) < seconds_of(part.started)):
            # What was completed before it was started was here already: it is not fetched.
            return
        name, activity = part.ID, Activity.OTHER
        if name.startswith(EXTRACTING):
            name, activity = name.removeprefix(EXTRACTING), Activity.EXTRACTING
        elif runs.is_source and name.startswith("sha256:"):
            activity = Activity.DOWNLOADING
        elif name.startswith("transferring "):
            name, activity = name.rstrip(":"), Activity.TRANSFERRING
        elif part.vertex in self._exports:
            activity = Activity.EXPORTING
        done = part.HasField("completed")
        yield StepProgress(self._now(), runs.step, name, part.current, part.total, done, activity)
        if activity in (Activity.DOWNLOADING, Activity.EXTRACTING):
            yield from runs.fetch(name, activity, self._now(), done=done)

    def _log(self, log: VertexLog) -> Iterator[StepEvent]:
        runs = self._steps.get(log.vertex)
        if runs is None:
            return
        key = (runs.step, log.stream)
        if key not in self._decoders:
            self._decoders[key] = codecs.getincrementaldecoder("utf-8")("replace")
        text = self._decoders[key].decode(log.msg)
        if text:
            yield StepOutput(self._now(), runs.step, _stream(log.stream), text)


def trace_of(message: dict[str, Any]) -> str | None:
    """The trace that a message of the build stream carries, if it is one."""
    aux = message.get("aux")
    return aux if message.get("id") == TRACE_ID and isinstance(aux, str) else None


def _stream(number: int) -> Stream:
    return Stream.STDERR if number == 2 else Stream.STDOUT
