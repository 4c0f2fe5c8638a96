"""Builds in a queue: order, cancelling, records, and one outbox for all that happens."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import INFO, MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine, a_build
from tui.engine.events import (
    Activity,
    BuildCancelled,
    BuildEvent,
    BuildFailed,
    BuildSucceeded,
    FailureKind,
    StepCached,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepProgress,
    StepStarted,
    Stream,
)
from tui.engine.request import SecretVariable
from tui.session.build_options.model import BuildOptions
from tui.session.build_record import BuildRecord, StepState
from tui.session.comparison import comparison_json
from tui.session.course_images import target_of
from tui.session.courses import open_course
from tui.session.ledger import Ledger
from tui.session.outbox import Outbox, Told
from tui.session.variants import edition, own_project
from tui.session.work_events import WorkEvent, logged
from tui.session.workbench import Workbench

PROJECT = edition("current")
SIMPLE, MULTISTAGE = PROJECT.variants


def run_to_end(bench: Workbench) -> list[BuildEvent]:
    events: list[BuildEvent] = []
    while bench.queue.is_busy:
        events += [event for _, event in bench.wait(5.0).builds]
    return events + [event for _, event in bench.drain().builds]


def test_both_variants_are_built_one_after_the_other_and_compared() -> None:
    engine = ScriptedEngine()
    bench = Workbench(engine)
    bench.build(PROJECT, PROJECT.variants)
    run_to_end(bench)
    assert [request.subject for request in engine.requests] == ["current/simple", "current/multistage"]
    comparison = bench.comparison(PROJECT)
    assert comparison.ratio == pytest.approx(912 / 18.3)
    data = comparison_json(comparison)
    assert list(data) == ["edition", "project", "engine", "variants", "ratio", "stand_in_bases"]
    assert [variant["name"] for variant in data["variants"]] == ["simple", "multistage"]
    assert {
        "name",
        "dockerfile",
        "image_id",
        "size_bytes",
        "size_basis",
        "build_seconds",
        "cached_steps",
        "steps",
        "layers",
    } <= set(data["variants"][0])


def test_requests_carry_the_learners_tag_and_label() -> None:
    bench = Workbench(ScriptedEngine())
    request = bench.request(PROJECT, MULTISTAGE, no_cache=True)
    prefix = request.tag.split("/")[0]
    assert request.tag == f"{prefix}/multistage:current"
    assert request.labels == (("jettison.owner", prefix),)
    assert "--no-cache" in bench.command(PROJECT, MULTISTAGE, no_cache=True)


def test_what_is_built_is_in_the_ledger_before_it_exists_and_by_id_afterwards() -> None:
    hold = threading.Event()
    bench = Workbench(ScriptedEngine(hold=hold))
    bench.build(PROJECT, [SIMPLE])
    while not any(isinstance(event, StepOutput) for _, event in bench.wait(5.0).builds):
        assert bench.queue.is_busy
    tag = bench.request(PROJECT, SIMPLE).tag
    assert [made.reference for made in bench.ledger.on(INFO.endpoint)] == [tag]
    hold.set()
    run_to_end(bench)
    assert [made.reference for made in bench.ledger.on(INFO.endpoint)] == [tag, SIMPLE_IMAGE.image_id]


def test_cancel_ends_the_running_build_and_takes_back_the_waiting_one() -> None:
    engine = ScriptedEngine(hold=threading.Event())
    bench = Workbench(engine)
    bench.build(PROJECT, PROJECT.variants)
    bench.wait(5.0)
    bench.queue.cancel()
    events = run_to_end(bench)
    assert sum(isinstance(event, BuildCancelled) for event in events) == 2
    assert len(engine.requests) == 1
    assert all(record.was_cancelled for record in bench.records.values())


def test_the_clock_of_a_build_that_waits_for_its_turn_stands_still_though_it_was_built_before() -> None:
    hold = threading.Event()
    engine = ScriptedEngine(hold=hold)
    engine.time_scale = 1.0
    bench = Workbench(engine)
    hold.set()
    bench.build(PROJECT, PROJECT.variants)
    run_to_end(bench)
    hold.clear()
    bench.build(PROJECT, PROJECT.variants)
    bench.wait(5.0)
    assert bench.records["current/multistage"].at == 0.0
    hold.set()
    run_to_end(bench)


def test_an_unforeseen_error_ends_one_build_and_the_next_is_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    caught: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    engine = ScriptedEngine()
    monkeypatch.setattr(Ledger, "note", broken)
    bench = Workbench(engine)
    bench.build(PROJECT, PROJECT.variants)
    run_to_end(bench)
    assert [request.subject for request in engine.requests] == ["current/simple", "current/multistage"]
    ends = [record.end for record in bench.records.values()]
    assert all(isinstance(end, BuildFailed) and "Jettison itself" in end.message for end in ends)
    assert caught == [ZeroDivisionError] * 2


def test_at_once_both_run_together() -> None:
    engine = ScriptedEngine(hold=threading.Event())
    bench = Workbench(engine)
    bench.build(PROJECT, PROJECT.variants, at_once=True)
    assert len(engine.requests) == 2
    bench.queue.cancel()
    run_to_end(bench)


def test_the_whole_log_is_kept_in_a_file() -> None:
    bench = Workbench(ScriptedEngine({"simple": a_build(SIMPLE_IMAGE, output="all of it\n")}))
    bench.build(PROJECT, [SIMPLE])
    run_to_end(bench)
    log = bench.log_file("current/simple")
    assert log is not None
    assert log.read_text() == "all of it\n"


def test_the_time_of_the_last_build_is_kept_for_the_next_one() -> None:
    for _ in range(2):
        bench = Workbench(ScriptedEngine())
        bench.build(PROJECT, [SIMPLE])
        run_to_end(bench)
    assert bench.previous["current/simple"].seconds == 30.0


def record_of(*events: BuildEvent) -> BuildRecord:
    record = BuildRecord()
    for event in events:
        record.apply(event)
    return record


def test_steps_stand_in_the_order_of_the_file_however_they_arrive() -> None:
    record = record_of(
        StepPlanned(0.0, "i", "load", internal=True),
        StepPlanned(0.0, "c", "COPY", "production", 9),
        StepPlanned(0.0, "a", "FROM", "builder", 1),
        StepPlanned(0.0, "e", "export", internal=True),
    )
    assert [step.id for step in record.steps] == ["i", "a", "c", "e"]
    assert [step.id for step in record.instructions] == ["a", "c"]


def test_a_failed_build_shows_the_step_and_stops_the_others() -> None:
    record = record_of(
        StepPlanned(0.0, "1", "RUN a"),
        StepPlanned(0.0, "2", "RUN b"),
        StepStarted(1.0, "1"),
        StepStarted(1.0, "2"),
        StepFailed(3.0, "1", 2.0, "exit code: 1", 1),
        BuildFailed(4.0, FailureKind.INSTRUCTION, "exit code: 1", "mend it", "1", 1),
    )
    states = {step.id: step.state for step in record.steps}
    assert states == {"1": StepState.FAILED, "2": StepState.CANCELLED}
    assert record.failure is not None
    assert record.image is None


def test_progress_counts_and_bytes_add_up() -> None:
    record = record_of(
        StepPlanned(0.0, "1", "FROM"),
        StepPlanned(0.0, "2", "RUN"),
        StepStarted(0.1, "1"),
        StepProgress(0.2, "1", "layer-a", 5, 10, activity=Activity.DOWNLOADING),
        StepProgress(0.2, "1", "layer-b", 1, 30, activity=Activity.DOWNLOADING),
        StepProgress(0.3, "1", "layer-a", 10, 10, activity=Activity.DOWNLOADING),
        StepCached(0.4, "2"),
    )
    step = record.step("1")
    assert step is not None and step.load is not None
    assert (step.load.current_bytes, step.load.total_bytes) == (11, 40)
    assert record.progress == (1, 2)
    assert record.cached_steps == 1


def output(text: str, step: str = "1", stream: Stream = Stream.STDOUT) -> StepOutput:
    return StepOutput(1.0, step, stream, text)


@given(
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from("ab"), st.sampled_from(list(Stream)), st.text(max_size=3))),
    st.integers(min_value=1, max_value=5),
)
def test_the_outbox_loses_nothing_and_keeps_the_order(pieces: list[tuple[int, str, Stream, str]], every: int) -> None:
    outbox = Outbox[WorkEvent](logged)
    taken: list[Told[WorkEvent]] = []
    for number, (job, step, stream, text) in enumerate(pieces):
        outbox.put(Told(job, output(text, step, stream)))
        if number % every == 0:
            taken += outbox.take()
    taken += outbox.take()

    def flat(items: list[Told[WorkEvent]]) -> list[tuple[int, str, Stream, str]]:
        found = [(i.sender, i.event) for i in items]
        return [(j, e.step, e.stream, c) for j, e in found if isinstance(e, StepOutput) for c in e.text]

    assert flat(taken) == [(job, step, stream, char) for job, step, stream, text in pieces for char in text]


def test_a_noisy_step_becomes_one_event_a_look() -> None:
    outbox = Outbox[WorkEvent](logged)
    for number in range(1000):
        outbox.put(Told(1, output(f"{number}\n")))
    (joined,) = outbox.take()
    assert isinstance(joined.event, StepOutput)
    assert joined.event.text == "".join(f"{number}\n" for number in range(1000))


def test_events_between_outputs_stay_between_them() -> None:
    outbox = Outbox[WorkEvent](logged)
    for event in (output("a"), StepStarted(1.0, "2"), output("b"), BuildSucceeded(2.0, MULTISTAGE_IMAGE)):
        outbox.put(Told(1, event))
    assert [type(item.event).__name__ for item in outbox.take()] == [
        "StepOutput",
        "StepStarted",
        "StepOutput",
        "BuildSucceeded",
    ]


def test_a_project_of_ones_own_has_a_variant_for_each_dockerfile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tmp_path / "My App"
    (context / "docker").mkdir(parents=True)
    for name in ("Dockerfile", "Dockerfile.slim", "docker/Dockerfile"):
        (context / name).write_text("FROM scratch\n")
    monkeypatch.chdir(context)
    project = own_project(Path(), (Path("Dockerfile"), Path("Dockerfile.slim"), Path("docker/Dockerfile")))
    assert project.name == "my-app"
    assert project.edition is None
    assert [variant.name for variant in project.variants] == ["dockerfile", "dockerfile-slim", "docker-dockerfile"]
    assert [v.name for v in own_project(context, ()).variants] == ["dockerfile"]
    with pytest.raises(FileNotFoundError, match="there is no Dockerfile absent"):
        own_project(context, (Path("absent"),))


@pytest.mark.parametrize(
    ("files", "titles"),
    [
        (["api/Dockerfile", "web/Dockerfile"], ["api/Dockerfile", "web/Dockerfile"]),
        (["a/x/Dockerfile", "b/x/Dockerfile", "c/Dockerfile"], ["a/x/Dockerfile", "b/x/Dockerfile", "c/Dockerfile"]),
        (["deep/down/api/Dockerfile", "web/Dockerfile"], ["api/Dockerfile", "web/Dockerfile"]),
        (["Dockerfile", "api/Dockerfile"], ["Dockerfile", "api/Dockerfile"]),
        (["api/Dockerfile", "api/Other"], ["Dockerfile", "Other"]),
        (["../outside/Dockerfile", "Dockerfile"], ["outside/Dockerfile", "Dockerfile"]),
    ],
)
def test_dockerfiles_of_one_name_are_told_apart_by_the_shortest_paths_that_differ(
    tmp_path: Path, files: list[str], titles: list[str]
) -> None:
    context = tmp_path / "app"
    for file in files:
        (context / file).resolve().parent.mkdir(parents=True, exist_ok=True)
        (context / file).resolve().write_text("FROM scratch\n")
    project = own_project(context, tuple(map(Path, files)))
    assert [variant.title for variant in project.variants] == titles
    assert len({variant.name for variant in project.variants}) == len(files)


def test_one_dockerfile_that_is_named_twice_is_two_variants(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    project = own_project(tmp_path, (Path("Dockerfile"), Path("./Dockerfile")))
    assert [variant.name for variant in project.variants] == ["dockerfile", "dockerfile-2"]


def test_what_a_course_brings_along_is_built_without_the_learner_s_secrets() -> None:
    opened = open_course()
    bench = Workbench(ScriptedEngine(), options=BuildOptions(secrets=(SecretVariable("t", "TOKEN"),)))
    exercise = target_of(opened, next(iter(opened.course.exercises)))
    pair = target_of(opened, "simple")
    assert bench.request(exercise.project, exercise.variant).secrets == ()
    assert bench.request(pair.project, pair.variant).secrets == (SecretVariable("t", "TOKEN"),)
