"""BuildKit's trace, decoded into build events.

BuildKit tells of vertexes (its steps), their progress and their logs; a vertex's name carries the stage and the
instruction: `[builder 3/5] RUN go build -o main .`. Instructions are tied to Dockerfile lines by their text.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp

from tui.engine.buildkit.trace_pb2 import StatusResponse, Vertex, VertexLog
from tui.engine.dockerfile import Dockerfile, Instruction, Stage
from tui.engine.events import (
    StepCached,
    StepDone,
    StepEvent,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepProgress,
    StepStarted,
    Stream,
)
from tui.engine.failure import exit_code_in

if TYPE_CHECKING:
    from collections.abc import Callable

TRACE_ID = "moby.buildkit.trace"

STEP_NAME = re.compile(r"^\[(?:(?P<stage>\S+) )?(?P<number>\d+)/(?P<count>\d+)\] (?P<instruction>.*)$", re.DOTALL)

EXPORT_NAMES = ("exporting to image", "exporting to oci image format")


class TraceReader:
    """Follows one build's trace. `now` gives the seconds since the build was asked for."""

    def __init__(self, dockerfile: Dockerfile, now: Callable[[], float]) -> None:
        self._dockerfile = dockerfile
        self._now = now
        self._planned: set[str] = set()
        self._started: set[str] = set()
        self._ended: set[str] = set()
        self._decoders: dict[tuple[str, int], codecs.IncrementalDecoder] = {}
        self.failed_step: str | None = None
        """The step that ended badly, once one did."""
        self.titles: dict[str, str] = {}

    def read(self, aux: str) -> Iterator[StepEvent]:
        """The events of one trace message (base64 of a StatusResponse). Raises ValueError on anything else."""
        try:
            status = StatusResponse.FromString(base64.b64decode(aux))
        except DecodeError as error:
            raise ValueError(f"not a BuildKit trace: {error}") from error
        for vertex in status.vertexes:
            yield from self._vertex(vertex)
        for part in status.statuses:
            if part.vertex in self._planned:
                done = part.HasField("completed")
                yield StepProgress(self._now(), part.vertex, part.ID, part.current, part.total, done)
        for log in status.logs:
            yield from self._log(log)

    def finish(self) -> Iterator[StepEvent]:
        """What the decoders still hold when the stream has ended."""
        for (step, stream), decoder in self._decoders.items():
            if rest := decoder.decode(b"", final=True):
                yield StepOutput(self._now(), step, _stream(stream), rest)

    def _vertex(self, vertex: Vertex) -> Iterator[StepEvent]:
        step = vertex.digest
        if step not in self._planned:
            self._planned.add(step)
            yield self._plan(vertex)
        if vertex.HasField("started") and step not in self._started:
            self._started.add(step)
            yield StepStarted(self._now(), step)
        if step in self._ended:
            # A base image completes twice: once resolved, once extracted. The first end stands.
            return
        if vertex.error:
            self._ended.add(step)
            self.failed_step = self.failed_step or step
            yield StepFailed(self._now(), step, _seconds(vertex), vertex.error, exit_code_in(vertex.error))
        elif vertex.cached:
            self._ended.add(step)
            yield StepCached(self._now(), step)
        elif vertex.HasField("completed"):
            self._ended.add(step)
            yield StepDone(self._now(), step, _seconds(vertex))

    def _plan(self, vertex: Vertex) -> StepPlanned:
        match = STEP_NAME.match(vertex.name)
        if match is None:
            self.titles[vertex.digest] = vertex.name
            return StepPlanned(self._now(), vertex.digest, vertex.name, internal=True)
        shown = _without_digest(match["instruction"])
        # BuildKit calls a nameless stage `stage-1`, and a Dockerfile's only stage not at all.
        stage = self._dockerfile.stage_named((match["stage"] or "0").removeprefix("stage-"))
        instruction = self._instruction(shown, stage)
        # As it is written where that is known: BuildKit fills in variables and the names of registries.
        title = instruction.text if instruction else shown
        self.titles[vertex.digest] = title
        line = instruction.line if instruction else None
        return StepPlanned(self._now(), vertex.digest, title, stage.title if stage else "", line)

    def _instruction(self, shown: str, stage: Stage | None) -> Instruction | None:
        """The instruction that BuildKit shows; within its stage, as others may repeat it."""
        own = [i for i in self._dockerfile.instructions if stage is not None and i.stage == stage.index]
        if shown.startswith("FROM "):
            return own[0] if own else None
        return next((instruction for instruction in own if _same(instruction.text, shown)), None)

    def _log(self, log: VertexLog) -> Iterator[StepEvent]:
        if log.vertex not in self._planned:
            return
        key = (log.vertex, log.stream)
        if key not in self._decoders:
            self._decoders[key] = codecs.getincrementaldecoder("utf-8")("replace")
        text = self._decoders[key].decode(log.msg)
        if text:
            yield StepOutput(self._now(), log.vertex, _stream(log.stream), text)


def trace_of(message: dict[str, Any]) -> str | None:
    """The trace that a message of the build stream carries, if it is one."""
    aux = message.get("aux")
    return aux if message.get("id") == TRACE_ID and isinstance(aux, str) else None


def _stream(number: int) -> Stream:
    return Stream.STDERR if number == 2 else Stream.STDOUT


def _without_digest(instruction: str) -> str:
    """BuildKit appends the digest it resolved: `FROM docker.io/library/alpine:3@sha256:…`."""
    return instruction.split("@sha256:")[0]


def _same(written: str, shown: str) -> bool:
    """Whether a Dockerfile's instruction is the one that BuildKit shows: it fills in variables and cuts long ones."""
    written, shown = " ".join(written.split()), " ".join(shown.split())
    return written == shown or (shown.endswith("…") and written.startswith(shown[:-1]))


def _seconds(vertex: Vertex) -> float:
    if not (vertex.HasField("started") and vertex.HasField("completed")):
        return 0.0
    return max(0.0, _time(vertex.completed) - _time(vertex.started))


def _time(stamp: Timestamp) -> float:
    return stamp.seconds + stamp.nanos / 1e9
