"""Both builders' streams, as Docker Engine 20.10 sent them, read into events."""

from __future__ import annotations

import base64
import json

import pytest

from tui.engine.buildkit.trace import TraceReader
from tui.engine.buildkit.trace_pb2 import StatusResponse
from tui.engine.classic import StreamReader
from tui.engine.dockerfile import parse
from tui.engine.events import (
    Activity,
    StageImage,
    StepCached,
    StepDone,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepProgress,
    StepStarted,
    Stream,
)

TWO_STAGES = parse(
    "FROM golang:1 AS builder\nRUN make  all\nFROM alpine AS production\nRUN make all\nCOPY --from=builder /a /b\n"
)


def trace(reader: TraceReader, status: StatusResponse) -> list[object]:
    return list(reader.read(base64.b64encode(status.SerializeToString()).decode()))


def vertex(status: StatusResponse, digest: str, name: str, *, started: int = 0, completed: int = 0) -> None:
    added = status.vertexes.add(digest=digest, name=name)
    if started:
        added.started.seconds = started
    if completed:
        added.completed.seconds = completed


def test_buildkit_steps_are_tied_to_stage_and_line_even_where_stages_repeat_an_instruction() -> None:
    status = StatusResponse()
    vertex(status, "a", "[builder 2/2] RUN make  all")
    vertex(status, "b", "[production 2/3] RUN make all")
    vertex(status, "c", "[production 1/3] FROM docker.io/library/alpine@sha256:abc")
    vertex(status, "d", "[internal] load build definition")
    planned = [p for p in trace(TraceReader(TWO_STAGES, lambda: 1.0), status) if isinstance(p, StepPlanned)]
    assert [(p.step, p.title, p.stage, p.line, p.internal) for p in sorted(planned, key=lambda p: p.step)] == [
        ("a", "RUN make all", "builder", 2, False),
        ("b", "RUN make all", "production", 4, False),
        ("c", "FROM alpine AS production", "production", 3, False),
        ("d", "[internal] load build definition", "", None, True),
    ]


def test_buildkit_tells_start_end_and_duration_by_the_engines_clock() -> None:
    reader = TraceReader(TWO_STAGES, lambda: 5.0)
    first, second = StatusResponse(), StatusResponse()
    vertex(first, "a", "[builder 2/2] RUN make all", started=100)
    vertex(second, "a", "[builder 2/2] RUN make all", started=100, completed=130)
    assert trace(reader, first)[1:] == [StepStarted(5.0, "a")]
    assert trace(reader, second) == [StepDone(5.0, "a", 30.0)]
    assert trace(reader, second) == []


def test_buildkit_cached_and_failed_steps() -> None:
    reader = TraceReader(TWO_STAGES, lambda: 2.0)
    status = StatusResponse()
    status.vertexes.add(digest="a", name="[builder 1/2] FROM golang", cached=True)
    status.vertexes.add(digest="b", name="[builder 2/2] RUN make all", error="did not complete: exit code: 2")
    events = trace(reader, status)
    assert StepCached(2.0, "a") in events
    assert StepFailed(2.0, "b", 0.0, "did not complete: exit code: 2", 2) in events
    assert reader.failed_step == "b"


def test_an_error_ends_a_step_that_had_completed_and_the_first_cause_is_the_failed_step() -> None:
    reader = TraceReader(TWO_STAGES, lambda: 2.0)
    done, cut, failed = StatusResponse(), StatusResponse(), StatusResponse()
    vertex(done, "a", "[builder 1/2] FROM golang", started=1, completed=2)
    cut.vertexes.add(digest="b", name="[production 1/3] FROM alpine", error="failed to copy: context canceled")
    failed.vertexes.add(digest="a", name="[builder 1/2] FROM golang", error="unexpected EOF")
    events = [*trace(reader, done), *trace(reader, cut), *trace(reader, failed)]
    assert [event.step for event in events if isinstance(event, StepFailed)] == ["b", "a"]
    assert reader.failed_step == "a"


def test_a_step_that_starts_again_runs_again_and_its_seconds_add_up() -> None:
    reader = TraceReader(TWO_STAGES, lambda: 2.0)
    first, second, third = StatusResponse(), StatusResponse(), StatusResponse()
    vertex(first, "a", "[builder 2/2] RUN make all", started=10, completed=12)
    vertex(second, "a", "[builder 2/2] RUN make all", started=20)
    vertex(third, "a", "[builder 2/2] RUN make all", started=20, completed=25)
    assert trace(reader, first)[1:] == [StepStarted(2.0, "a"), StepDone(2.0, "a", 2.0)]
    assert trace(reader, second) == [StepStarted(2.0, "a")]
    assert trace(reader, third) == [StepDone(2.0, "a", 7.0)]


def test_progress_of_the_context_and_of_the_export() -> None:
    status = StatusResponse()
    vertex(status, "a", "[internal] load build context", started=1)
    vertex(status, "b", "exporting to image", started=1)
    status.statuses.add(ID="transferring context:", vertex="a", current=5)
    status.statuses.add(ID="exporting layers", vertex="b")
    events = trace(TraceReader(TWO_STAGES, lambda: 0.0), status)
    assert [event for event in events if isinstance(event, StepProgress)] == [
        StepProgress(0.0, "a", "transferring context", 5, 0, activity=Activity.TRANSFERRING),
        StepProgress(0.0, "b", "exporting layers", 0, 0, activity=Activity.EXPORTING),
    ]


def test_a_character_that_two_messages_share_is_decoded_whole_and_only_invalid_bytes_are_replaced() -> None:
    reader = TraceReader(TWO_STAGES, lambda: 0.0)
    status = StatusResponse()
    vertex(status, "a", "[builder 2/2] RUN make all")
    status.logs.add(vertex="a", stream=1, msg="é".encode()[:1])
    status.logs.add(vertex="a", stream=2, msg=b"\xff!")
    status.logs.add(vertex="a", stream=1, msg="é".encode()[1:])
    status.logs.add(vertex="a", stream=1, msg=b"\xe2\x82")
    outputs = [event for event in trace(reader, status) if isinstance(event, StepOutput)]
    assert [(o.stream, o.text) for o in outputs] == [(Stream.STDERR, "\ufffd!"), (Stream.STDOUT, "é")]
    assert [event.text for event in reader.finish() if isinstance(event, StepOutput)] == ["\ufffd"]


def test_buildkit_progress_of_layers() -> None:
    status = StatusResponse()
    vertex(status, "a", "[builder 1/2] FROM golang")
    status.statuses.add(ID="sha256:1", vertex="a", current=5, total=10)
    assert StepProgress(0.0, "a", "sha256:1", 5, 10, activity=Activity.DOWNLOADING) in trace(
        TraceReader(TWO_STAGES, lambda: 0.0), status
    )


@pytest.mark.parametrize("aux", ["", "not base64!", base64.b64encode(b"\x0a\xff\xff").decode()])
def test_a_damaged_trace_is_a_value_error_or_empty(aux: str) -> None:
    reader = TraceReader(TWO_STAGES, lambda: 0.0)
    if aux:
        with pytest.raises(ValueError):
            list(reader.read(aux))
    else:
        assert list(reader.read(aux)) == []


def classic(*messages: str) -> tuple[StreamReader, list[object]]:
    reader = StreamReader(TWO_STAGES, None, lambda: 1.0)
    events: list[object] = list(reader.plan())
    for message in messages:
        events += reader.read(json.loads(message))
    return reader, events


def stream(text: str) -> str:
    return json.dumps({"stream": text})


def test_the_classic_builder_plans_every_step_ahead() -> None:
    _, events = classic()
    assert [(p.step, p.stage, p.line) for p in events if isinstance(p, StepPlanned)] == [
        ("1", "builder", 1),
        ("2", "builder", 2),
        ("3", "production", 3),
        ("4", "production", 4),
        ("5", "production", 5),
    ]


def test_a_target_ends_the_plan_at_its_stage() -> None:
    reader = StreamReader(TWO_STAGES, "builder", lambda: 0.0)
    assert len(list(reader.plan())) == 2


def test_classic_steps_cached_done_and_their_output_by_stream() -> None:
    reader, events = classic(
        stream("Step 1/5 : FROM golang:1 AS builder"),
        stream("\n"),
        stream(" ---> 0123456789ab\n"),
        stream("Step 2/5 : RUN make all\n"),
        stream(" ---> Running in 99\n"),
        stream("out\n"),
        stream("\x1b[91mwarning\n\x1b[0m"),
        stream("Removing intermediate container 99\n"),
        stream(" ---> aaaaaaaaaaaa\n"),
        '{"aux": {"ID": "sha256:stage"}}',
        stream("Step 3/5 : FROM alpine AS production\n"),
        stream(" ---> bbbbbbbbbbbb\n"),
        stream("Step 4/5 : RUN make all\n"),
        stream(" ---> Using cache\n"),
        stream(" ---> cccccccccccc\n"),
        '{"aux": {"ID": "sha256:final"}}',
        stream("Successfully built cccccccccccc\n"),
    )
    happened = [event for event in events if not isinstance(event, StepPlanned)]
    assert happened == [
        StepStarted(1.0, "1"),
        StepDone(1.0, "1", 0.0),
        StepStarted(1.0, "2"),
        StepOutput(1.0, "2", Stream.STDOUT, "out\n"),
        StepOutput(1.0, "2", Stream.STDERR, "warning\n"),
        StepDone(1.0, "2", 0.0),
        StageImage(1.0, "sha256:stage", "builder"),
        StepStarted(1.0, "3"),
        StepDone(1.0, "3", 0.0),
        StepStarted(1.0, "4"),
        StepCached(1.0, "4"),
    ]
    assert reader.final_image == "sha256:final"


def test_what_a_newer_classic_builder_says_of_containers_is_no_output() -> None:
    _, events = classic(
        stream("Step 1/5 : FROM golang:1 AS builder\n"),
        stream(" ---> 0123456789ab\n"),
        stream("Step 2/5 : RUN make all\n"),
        stream(" ---> Running in 99\n"),
        stream(" ---> Removed intermediate container 99\n"),
    )
    assert not [event for event in events if isinstance(event, StepOutput)]


def test_a_stage_that_came_from_the_cache_is_not_claimed_as_made_by_this_build() -> None:
    _, events = classic(
        stream("Step 1/5 : FROM golang:1 AS builder\n"),
        stream(" ---> 0123456789ab\n"),
        stream("Step 2/5 : RUN make all\n"),
        stream(" ---> Using cache\n"),
        stream(" ---> aaaaaaaaaaaa\n"),
        '{"aux": {"ID": "sha256:stage"}}',
    )
    assert not [event for event in events if isinstance(event, StageImage)]


def test_a_failed_classic_step_and_what_it_leaves_behind() -> None:
    reader, _ = classic(
        stream("Step 1/5 : FROM golang:1 AS builder\n"),
        stream(" ---> 0123456789ab\n"),
        stream("Step 2/5 : RUN make all\n"),
        stream(" ---> aaaaaaaaaaaa\n"),
        stream("Step 3/5 : RUN false\n"),
        stream(" ---> Running in 99\n"),
    )
    message = "The command '/bin/sh -c false' returned a non-zero code: 1"
    assert list(reader.fail(message)) == [StepFailed(1.0, "3", 0.0, message, 1)]
    assert reader.unfinished_image == "aaaaaaaaaaaa"


def test_pull_progress_of_the_classic_builder() -> None:
    _, events = classic(
        stream("Step 1/5 : FROM golang:1\n"),
        '{"status": "Pulling from library/golang", "id": "1"}',
        '{"status": "Pulling fs layer", "progressDetail": {}, "id": "layer1"}',
        '{"status": "Already exists", "progressDetail": {}, "id": "layer0"}',
        '{"status": "Downloading", "id": "layer1", "progressDetail": {"current": 3, "total": 9}}',
        '{"status": "Verifying Checksum", "progressDetail": {}, "id": "layer1"}',
        '{"status": "Download complete", "progressDetail": {}, "id": "layer1"}',
        '{"status": "Extracting", "id": "layer1", "progressDetail": {"current": 4, "total": 9}}',
        '{"status": "Extracting", "id": "layer1", "progressDetail": {"current": 2, "units": "s"}}',
        '{"status": "Pull complete", "id": "layer1", "progressDetail": {}}',
        '{"status": "Status: Downloaded newer image for golang:1"}',
    )
    progress = [event for event in events if isinstance(event, StepProgress)]
    assert progress == [
        StepProgress(1.0, "1", "layer1", 0, 0, activity=Activity.DOWNLOADING),
        StepProgress(1.0, "1", "layer1", 3, 9, activity=Activity.DOWNLOADING),
        StepProgress(1.0, "1", "layer1", 0, 0, done=True, activity=Activity.DOWNLOADING),
        StepProgress(1.0, "1", "layer1", 4, 9, activity=Activity.EXTRACTING),
        StepProgress(1.0, "1", "layer1", 0, 0, activity=Activity.EXTRACTING),
        StepProgress(1.0, "1", "layer1", 0, 0, done=True, activity=Activity.EXTRACTING),
    ]
