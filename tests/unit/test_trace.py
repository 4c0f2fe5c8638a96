"""Traces as engines sent them: each instruction one step, and a base image under way until its last byte."""

from __future__ import annotations

import base64
import json
from enum import Enum, auto
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.traces import FOLDER, LATE, ODD_NAMES, TWO_BUILDS, TWO_STAGES, events_of, record_of
from tui.engine.buildkit.trace import TraceReader
from tui.engine.buildkit.trace_pb2 import StatusResponse
from tui.engine.dockerfile import parse
from tui.engine.events import Activity, StepDone, StepFailed, StepPaused, StepPlanned, StepProgress, StepStarted
from tui.session.build_record import StepState

ENGINES = ["containerd", "overlay2", "20.10"]
TEN_STEPS = "FROM alpine:3.24 AS builder\n{}FROM scratch\nCOPY --from=builder /10 /\n"
BASE = "FROM registry.example/big:1"


class Said(Enum):
    """What a message of a trace may say of a base image."""

    START = auto()
    END = auto()
    CACHED = auto()
    FAIL = auto()
    DOWNLOAD = auto()
    EXTRACT = auto()
    NEED = auto()


def ten_steps(fourth: str) -> str:
    runs = {number: f"echo {number} > /{number}" for number in range(2, 11)} | {4: fourth}
    return TEN_STEPS.format("".join(f"RUN {command}\n" for command in runs.values()))


def test_all_steps_of_a_stage_of_ten_are_known_though_their_numbers_are_padded() -> None:
    record = record_of(events_of("B01-ten-steps", ten_steps("echo 4 > /4")))
    assert [(step.line, step.stage, step.state) for step in record.instructions] == [
        (1, "builder", StepState.CACHED),
        *((line, "builder", StepState.DONE) for line in range(2, 11)),
        (12, "1", StepState.DONE),
    ]
    assert all(step.seconds for step in record.instructions if step.state is StepState.DONE)


def test_a_step_that_fails_in_a_stage_of_ten_has_its_line() -> None:
    events = events_of("B02-ten-steps-fail", ten_steps("echo four; exit 7"))
    record = record_of(events)
    (failed,) = [event for event in events if isinstance(event, StepFailed)]
    step = record.step(failed.step)
    assert step is not None
    assert (step.line, step.title, failed.exit_code) == (4, "RUN echo four; exit 7", 7)
    assert [step.state for step in record.instructions[4:]] == [StepState.WAITING] * 7


@pytest.mark.parametrize("engine", ENGINES)
def test_a_base_image_is_under_way_until_its_last_layer_is_extracted(engine: str) -> None:
    events = events_of(f"pull-{engine}", TWO_STAGES)
    (base,) = {s.id for s in record_of(events).instructions if s.title.startswith(BASE)}
    parts = [e for e in events if isinstance(e, StepProgress) and e.step == base and e.activity is not Activity.OTHER]
    (end,) = [event for event in events if isinstance(event, StepDone) and event.step == base]
    assert end.at >= parts[-1].at
    assert end.seconds == pytest.approx(10, abs=0.5)
    between = [event.at for event in parts if event.at < end.at]
    assert all(record_of(events, at).step(base).state is StepState.RUNNING for at in between)  # type: ignore[union-attr]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_layers_of_a_pull_and_their_bytes_add_up(engine: str) -> None:
    events = events_of(f"pull-{engine}", TWO_STAGES)
    (step,) = [step for step in record_of(events).instructions if step.title.startswith(BASE)]
    assert step.load is not None
    assert step.load.activity is Activity.EXTRACTING
    assert step.load.layers_done == len(step.load.layers) == 5
    assert step.load.pulled_bytes == 69_244_996


@pytest.mark.parametrize("engine", ENGINES)
def test_in_the_middle_of_a_pull_its_bytes_total_and_rate_are_known(engine: str) -> None:
    record = record_of(events_of(f"pull-{engine}", TWO_STAGES), until=7.0)
    (step,) = [step for step in record.instructions if step.title.startswith(BASE)]
    assert step.load is not None
    assert step.load.activity is Activity.DOWNLOADING
    assert 40_000_000 < step.load.current_bytes < step.load.total_bytes == 69_244_996
    assert step.load.rate == pytest.approx(8_000_000, rel=0.3)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_base_image_that_is_here_already_is_cached(engine: str) -> None:
    record = record_of(events_of(f"here-{engine}", TWO_STAGES))
    assert {step.state for step in record.instructions} == {StepState.CACHED}
    assert record.cached_steps == len(record.instructions) == 3


def test_a_base_that_a_later_step_needs_waits_and_is_pulled_beside_the_step_that_runs() -> None:
    events = events_of("late-containerd", LATE)
    (base,) = [step.id for step in record_of(events).instructions if step.line == 3]
    told = [type(event) for event in events if event.step == base and not isinstance(event, StepProgress)][1:]
    assert told[:2] == [StepStarted, StepPaused]
    assert told[-2:] == [StepStarted, StepDone]
    states = {step.line: step.state for step in record_of(events, until=5.0).instructions}
    assert states == {1: StepState.CACHED, 2: StepState.RUNNING, 3: StepState.DONE, 5: StepState.WAITING}


def test_what_another_client_builds_at_the_same_time_is_one_step_with_ours() -> None:
    """Its stage has no name, and our own vertexes are told of as cached once it has carried out the steps."""
    record = record_of(events_of("two-builds", TWO_BUILDS))
    assert [(step.line, step.state) for step in record.instructions] == [
        (1, StepState.CACHED),
        (2, StepState.DONE),
        (3, StepState.DONE),
        (4, StepState.DONE),
        (5, StepState.DONE),
        (7, StepState.DONE),
    ]
    assert record.instructions[3].seconds == pytest.approx(2.3, abs=0.01)


def test_steps_with_variables_documents_links_triggers_and_a_stage_that_is_called_like_a_nameless_one() -> None:
    record = record_of(events_of("odd-names", ODD_NAMES))
    assert [(step.stage, step.line, step.title.split("\n")[0][:28]) for step in record.instructions] == [
        ("Stage-1", 1, "FROM registry.example/onb:1 "),
        ("Stage-1", 1, 'ONBUILD RUN ["/bin/sh", "tru'),
        ("Stage-1", 4, 'RUN echo $NAME "${X}" \'$NAME'),
        ("Stage-1", 7, "RUN <<EOF"),
        ("Stage-1", 11, "COPY <<TXT /from-heredoc"),
        ("Stage-1", 14, "COPY --link hello /l"),
        ("Stage-1", 15, 'WORKDIR "/w $NAME"'),
        ("1", 16, "FROM registry.example/small:"),
        ("1", 17, "COPY --from=registry.example"),
        ("1", 18, "ADD --chmod=644 hello /$NAME"),
        ("1", 19, "COPY --from=stage-1 /l /l"),
        ("1", 20, "RUN echo same"),
        ("1", 21, "RUN echo same"),
    ]
    assert [step.title for step in record.instructions if step.state is StepState.FAILED] == [
        'ONBUILD RUN ["/bin/sh", "true"]'
    ]
    internal = [step.title for step in record.steps if step.internal]
    assert "FROM registry.example/big:1" in internal


def test_traces_name_no_machine() -> None:
    for file in FOLDER.glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            message = base64.b64decode(json.loads(line)["aux"])
            assert b"127.0.0.1" not in message
            assert b"localhost" not in message


@given(st.lists(st.tuples(st.sampled_from(["ours", "theirs"]), st.sampled_from(list(Said))), max_size=30))
def test_whatever_is_said_of_a_base_image_it_starts_pauses_and_ends_in_turn(said: list[tuple[str, Said]]) -> None:
    reader = TraceReader(parse("FROM alpine\nRUN id\n"), lambda: 0.0)
    told: list[type] = []
    for second, (digest, what) in enumerate(said, 1):
        message = StatusResponse()
        vertex = message.vertexes.add(digest=digest, name="[1/2] FROM alpine")
        match what:
            case Said.START:
                vertex.started.seconds = second
            case Said.END:
                vertex.started.seconds, vertex.completed.seconds = second - 1, second
            case Said.CACHED:
                vertex.started.seconds, vertex.cached = second, True
            case Said.FAIL:
                vertex.started.seconds, vertex.error = second, "no"
            case Said.DOWNLOAD:
                message.statuses.add(ID="sha256:a", vertex=digest, current=1, total=2)
            case Said.EXTRACT:
                message.statuses.add(ID="extracting sha256:a", vertex=digest).completed.seconds = second
            case Said.NEED:
                message.vertexes.add(digest="next", name="[2/2] RUN id", inputs=[digest]).started.seconds = second
        events = reader.read(base64.b64encode(message.SerializeToString()).decode())
        told += [type(e) for e in events if e.step in ("ours", "theirs") and not isinstance(e, StepProgress)]
    told += [type(event) for event in reader.finish() if event.step in ("ours", "theirs")]
    assert told.count(StepPlanned) == (1 if said else 0)
    if StepFailed in told:
        assert told.index(StepFailed) == len(told) - 1
    for before, after in pairwise(told):
        assert before is not after
        assert after is not StepPaused or before is StepStarted
