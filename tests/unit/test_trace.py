"""Traces as engines sent them: each instruction one step, and a base image under way until its last byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.traces import LATE, ODD_NAMES, TWO_BUILDS, TWO_STAGES, events_of, record_of
from tui.engine.events import Activity, StepDone, StepFailed, StepPaused, StepProgress, StepStarted
from tui.session.build_record import StepState

ENGINES = ["containerd", "overlay2", "20.10"]
TEN_STEPS = "FROM alpine:3.24 AS builder\n{}FROM scratch\nCOPY --from=builder /10 /\n"
BASE = "FROM registry.example/big:1"


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


def test_no_fixture_names_a_machine() -> None:
    for file in (Path(__file__).parent / "traces").glob("*.jsonl"):
        for step in record_of(events_of(file.stem, TWO_STAGES)).steps:
            assert "127.0.0.1" not in step.title
