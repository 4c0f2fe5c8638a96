"""The tasks of an errand: they go on when they are told to, and asking how they stand moves nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, a_build
from tui.session.beginning import begin
from tui.session.container_trial import Questions
from tui.session.courses import open_course
from tui.session.coursework import Coursework
from tui.session.errand import BuildTask, RebuildTask, StartTask
from tui.session.learner import Learner
from tui.session.measuring import Remedy, Unmeasured
from tui.session.options import StartOptions
from tui.session.run_bench import RunBench
from tui.session.run_events import Died, Removed, RunEvent
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


def wait_for(runs: RunBench, wanted: type[RunEvent]) -> None:
    """Take in what happens to containers, until this has."""
    while not any(isinstance(event, wanted) for _, event in runs.wait(1.0)):
        pass


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
