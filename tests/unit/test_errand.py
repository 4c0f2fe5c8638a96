"""The tasks of an errand: they go on when they are told to, and asking how they stand moves nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, a_build
from tui.engine.model import Image
from tui.session.beginning import begin
from tui.session.container_trial import STOP_PATIENCE_SECONDS, Questions
from tui.session.courses import open_course
from tui.session.coursework import Coursework
from tui.session.errand import BuildTask, Errand, RebuildTask, StartTask
from tui.session.learner import Learner
from tui.session.measuring import Remedy, Unmeasured
from tui.session.options import StartOptions
from tui.session.run_bench import RunBench
from tui.session.run_events import Died, Removed, RunEvent, Stopped, Stopping
from tui.session.settings import Settings


class HeldContainers(ScriptedContainers):
    """End by themselves, and are not removed before they are let go."""

    def __init__(self) -> None:
        super().__init__({"simple": Script(exits=0)})
        self.let_go = threading.Event()

    def remove(self, container_id: str) -> int:
        self.let_go.wait()
        return super().remove(container_id)


@pytest.fixture
def containers() -> HeldContainers:
    """Those of the learner's engine."""
    return HeldContainers()


@pytest.fixture
def learner(containers: HeldContainers) -> Learner:
    """Somebody in the tutorial who has built the single-stage image."""
    engine = ScriptedEngine({"simple": a_build(SIMPLE_IMAGE), "simple-again": a_build(SIMPLE_IMAGE)})
    engine.containers = containers
    learner = Learner(StartOptions(), begin(), Settings())
    learner.take_course(Coursework(open_course()))
    learner.adopt(engine)
    build = BuildTask(learner, learner.evidence().target("simple"))
    drain_until(learner, lambda: build.is_over)
    return learner


def drain_until(learner: Learner, is_reached: Callable[[], bool]) -> None:
    """Take in what happens, as the app does, until it has come that far."""
    bench = learner.bench
    assert bench is not None
    while not is_reached():
        bench.wait(1.0)


def wait_for(runs: RunBench, wanted: type[RunEvent]) -> list[RunEvent]:
    """Take in what happens to containers, until this has."""
    told: list[RunEvent] = []
    while not any(isinstance(event, wanted) for event in told):
        told += [event for _, event in runs.wait(1.0)]
    return told


def test_asking_whether_a_container_is_done_with_leaves_it_where_it_is(
    learner: Learner, containers: HeldContainers
) -> None:
    task = StartTask(learner, Unmeasured("simple", Remedy.START, questions=Questions()))
    runs, trials = learner.run_bench, learner.found.trials
    assert runs is not None
    wait_for(runs, Died)
    task.go_on()
    containers.let_go.set()
    wait_for(runs, Removed)
    assert (task.is_over, dict(trials)) == (False, {})
    task.go_on()
    task.go_on()
    assert task.is_over
    assert [trial.exit_code for trial in trials[SIMPLE_IMAGE.image_id]] == [0]


def test_asking_whether_a_rebuild_is_over_keeps_nothing_of_it(learner: Learner) -> None:
    task = RebuildTask(learner, Unmeasured("simple", Remedy.REBUILD))
    bench, rebuilds = learner.bench, learner.found.rebuilds[SIMPLE_IMAGE.image_id]
    assert bench is not None
    again = bench.records["current/simple-again"]
    drain_until(learner, lambda: again.end is not None and not learner.is_busy)
    assert (task.is_over, rebuilds) == (False, {})
    task.go_on()
    assert task.is_over
    assert rebuilds[""].is_whole


def test_a_cancel_counts_while_the_container_is_taken_away(learner: Learner, containers: HeldContainers) -> None:
    task = StartTask(learner, Unmeasured("simple", Remedy.START, questions=Questions()))
    runs, trials = learner.run_bench, learner.found.trials
    assert runs is not None
    wait_for(runs, Died)
    task.go_on()
    task.cancel()
    containers.let_go.set()
    wait_for(runs, Removed)
    task.go_on()
    assert (task.is_over, task.trouble, dict(trials)) == (True, "It was cancelled.", {})


def test_a_cancelled_trial_gives_the_program_no_time_that_only_a_question_needs(
    learner: Learner, containers: HeldContainers
) -> None:
    containers.scripts["simple"] = Script()
    containers.let_go.set()
    task = StartTask(learner, Unmeasured("simple", Remedy.START, questions=Questions(times_stop=True)))
    assert learner.run_bench is not None
    task.cancel()
    told = wait_for(learner.run_bench, Stopped)
    assert [event.patience_seconds for event in told if isinstance(event, Stopping)] == [STOP_PATIENCE_SECONDS]


def test_an_answer_that_comes_after_a_cancel_counts_no_more(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, let_go = threading.Event(), threading.Event()
    bench = learner.bench
    assert bench is not None
    bench.records["current/simple"].stage_images = ("sha256:1", "sha256:2")
    questions: list[str] = []

    def inspect(reference: str) -> Image:
        questions.append(reference)
        asked.set()
        let_go.wait()
        return SIMPLE_IMAGE

    monkeypatch.setattr(bench.engine, "inspect", inspect)
    errand = Errand(learner, lambda: Unmeasured("simple", Remedy.WEIGH))
    asked.wait()
    errand.cancel()
    errand.go_on()
    assert (errand.is_over, errand.trouble) == (True, "It was cancelled.")
    let_go.set()
    for thread in threading.enumerate():
        if thread.name == "weigh":
            thread.join()
    assert learner.found.left_bytes == {}
    assert questions == ["sha256:1"]
