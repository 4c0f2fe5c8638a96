"""Containers looked after on a real engine: floods, silence, kills, lost engines, chats, and fifty runs in a row."""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest

from tests.engine.conftest import MakeContainer
from tests.lab import dockerd
from tests.lab.plugin import LabEngine
from tests.shell import jettison
from tui.engine.containers import ContainerRequest
from tui.engine.death import Cause
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.session.container_cleanup import left_containers, remove_containers
from tui.session.identity import own_identity
from tui.session.ledger import CONTAINER, Ledger
from tui.session.log_buffer import MAX_LINES
from tui.session.run_bench import RunBench
from tui.session.run_events import (
    ChatClosed,
    ChatOpened,
    ChatReceived,
    Died,
    LogRestarted,
    LogText,
    Ready,
    RunEvent,
    RunFailed,
    Started,
    Stopped,
)
from tui.session.run_record import RunRecord
from tui.session.runner import Runner
from tui.session.variants import edition

FOREVER = "echo begun; while :; do sleep 600; done"
FLOOD_LINES = 1_000_000
SILENCE_SECONDS = 60.0


class Watched:
    """A run, and all that was told of it."""

    def __init__(self, engine: DockerEngine, request: ContainerRequest) -> None:
        self.ledger = Ledger()
        self.runner = Runner(engine, self.ledger)
        self.run = self.runner.start("it", request)
        self.record = RunRecord(self.run)
        self.events: list[RunEvent] = []

    def until(self, condition: Callable[[], object]) -> None:
        while not condition():
            arrived = [news.event for news in self.runner.outbox.wait(SILENCE_SECONDS)]
            assert arrived, f"nothing more came after {self.events[-3:]}"
            for event in arrived:
                self.record.apply(event)
            self.events += arrived

    def until_said(self, text: str) -> None:
        self.until(
            lambda: any(text in self.record.log.line(n) for n in range(self.record.log.first, self.record.log.end))
        )

    def told(self, kind: type[RunEvent]) -> bool:
        return any(isinstance(event, kind) for event in self.events)

    def stop(self, patience_seconds: float = 0.0) -> None:
        self.runner.stop(self.run, patience_seconds)
        self.until(lambda: self.record.is_removed)


def test_a_flood_is_told_to_its_last_line_and_kept_within_bounds(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    watched = Watched(engine, make_container(f"seq 1 {FLOOD_LINES}"))
    watched.events = []
    lines = 0
    while watched.record.end is None:
        for news in watched.runner.outbox.wait(SILENCE_SECONDS):
            watched.record.apply(news.event)
            if isinstance(news.event, LogText):
                lines += news.event.text.count("\n")
    while lines < FLOOD_LINES:
        arrived = watched.runner.outbox.wait(SILENCE_SECONDS)
        assert arrived, f"{lines} lines came"
        for news in arrived:
            watched.record.apply(news.event)
            lines += news.event.text.count("\n") if isinstance(news.event, LogText) else 0
    log = watched.record.log
    assert log.line(log.end - 1) == str(FLOOD_LINES)
    assert len(log) <= MAX_LINES * 1.1
    watched.stop()


def test_one_that_prints_nothing_is_stopped_like_any_other(engine: DockerEngine, make_container: MakeContainer) -> None:
    watched = Watched(engine, make_container("while :; do sleep 600; done"))
    watched.until(lambda: watched.told(Started))
    watched.stop()
    assert isinstance(watched.record.end, Stopped)
    assert len(watched.record.log) == 0


def test_one_that_ignores_sigterm_is_killed_in_the_end_and_the_wait_is_told(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    watched = Watched(engine, make_container(f"trap '' TERM; {FOREVER}"))
    watched.until_said("begun")
    watched.stop(1.0)
    assert isinstance(watched.record.end, Stopped)
    assert watched.record.end.exit_code == 137
    assert watched.record.end.seconds >= 1


def test_one_that_somebody_kills_or_removes_is_told_as_such(
    engine: DockerEngine, lab_engine: LabEngine, make_container: MakeContainer
) -> None:
    client = lab_engine.client()
    killed, removed = Watched(engine, make_container(FOREVER)), Watched(engine, make_container(FOREVER))
    for watched in (killed, removed):
        watched.until_said("begun")
    client.containers.get(killed.run.request.name).kill()
    client.containers.get(removed.run.request.name).remove(force=True)
    client.close()
    for watched in (killed, removed):
        watched.until(lambda watched=watched: watched.record.end)  # type: ignore[misc]
        end = watched.record.end
        assert isinstance(end, Died)
        assert end.death.cause is Cause.KILLED
        watched.runner.stop(watched.run)
    killed.until(lambda: killed.record.is_removed)
    while removed.runner.leftovers:
        removed.runner.outbox.wait(SILENCE_SECONDS)
    assert killed.ledger.on(engine.info.endpoint, CONTAINER) == ()


def test_the_log_begins_anew_with_times_when_they_are_wanted_and_goes_on(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    watched = Watched(engine, make_container("echo first; trap 'echo last; exit' TERM; while :; do sleep 0.1; done"))
    watched.until_said("first")
    watched.runner.follow(watched.run, timestamps=True)
    watched.until(lambda: watched.told(LogRestarted))
    watched.until_said("Z first")
    watched.stop(10)
    watched.until_said("Z last")
    assert watched.record.log.end == 2


def test_an_engine_that_is_killed_is_told_and_what_ran_is_listed_when_it_is_back(
    private_engine: dockerd.EngineParts,
) -> None:
    engine = open_engine(Endpoint(private_engine.docker_host, "private"))
    request = ContainerRequest(
        "jettison-test-base:1", "left-behind", labels=own_identity().labels, command=("sh", "-c", FOREVER)
    )
    watched = Watched(engine, request)
    watched.until_said("begun")
    dockerd.kill(private_engine)
    watched.until(lambda: watched.record.end)
    assert isinstance(watched.record.end, RunFailed)
    assert "docker info" in watched.record.end.advice
    dockerd.start(private_engine)
    (left,) = left_containers(engine, Ledger())
    assert left.container.name == "left-behind"
    (removal,) = remove_containers(engine, Ledger(), [left])
    assert removal.error is None
    assert engine.containers.labelled(*own_identity().labels[0]) == ()
    assert Ledger().on(engine.info.endpoint, CONTAINER) == ()
    engine.close()


@pytest.fixture
def bench(engine: DockerEngine, lab_engine: LabEngine) -> Iterator[RunBench]:
    """The tutorial's multi-stage image, built, on a bench; all goes afterwards."""
    environ = {"DOCKER_HOST": lab_engine.docker_host}
    assert jettison("build", "multistage", **environ).returncode == 0
    yield RunBench(engine, Ledger())
    assert jettison("clean", "--yes", **environ).returncode == 0


UNREAD: WeakKeyDictionary[RunBench, deque[RunEvent]] = WeakKeyDictionary()
"""What came together with what was waited for: the next wait may be for that."""


def wait_for(bench: RunBench, kind: type[RunEvent]) -> RunEvent:
    unread = UNREAD.setdefault(bench, deque())
    while True:
        while unread:
            event = unread.popleft()
            if isinstance(event, kind):
                return event
        unread.extend(event for _, event in bench.wait(SILENCE_SECONDS))
        assert unread, f"no {kind} came"


def test_what_is_said_in_a_chat_comes_back_stands_in_the_log_and_ends_with_the_container(bench: RunBench) -> None:
    project = edition("current")
    record = bench.start(project, project.variant("multistage"))
    wait_for(bench, Ready)
    chat = bench.runner.chat(record.run)
    assert chat is not None
    chat.send("grün 🚀")
    wait_for(bench, ChatOpened)
    received = wait_for(bench, ChatReceived)
    assert isinstance(received, ChatReceived)
    assert received.message == "grün 🚀"
    assert received.latency_seconds is not None
    bench.runner.stop(record.run)
    closed = wait_for(bench, ChatClosed)
    assert isinstance(closed, ChatClosed)
    assert (closed.code, closed.reason) == (1001, "the server stops")
    while not record.is_removed:
        bench.wait(SILENCE_SECONDS)
    lines = record.log.lines(range(record.log.first, record.log.end))
    assert "Hello World" in lines
    assert any('message: "grün' in line for line in lines)
    assert isinstance(record.end, Stopped)
    assert record.end.exit_code == 0


def test_starting_a_variant_again_removes_the_run_before(bench: RunBench, engine: DockerEngine) -> None:
    project = edition("current")
    first = bench.start(project, project.variant("multistage"))
    wait_for(bench, Ready)
    second = bench.start(project, project.variant("multistage"))
    while not (first.is_removed and second.ready_seconds is not None):
        assert bench.wait(SILENCE_SECONDS)
    assert [one.name for one in engine.containers.labelled(*own_identity().labels[0])] == [second.run.request.name]
    bench.runner.stop(second.run)
    while not second.is_removed:
        assert bench.wait(SILENCE_SECONDS)


def test_fifty_runs_in_a_row_leave_no_container_no_thread_and_no_open_file(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    runner = Runner(engine, Ledger())

    def once() -> None:
        run = runner.start("it", make_container(FOREVER))
        over = False
        while not over:
            for news in runner.outbox.wait(SILENCE_SECONDS):
                if isinstance(news.event, LogText):
                    runner.stop(run, 0)
                over = over or isinstance(news.event, Stopped | Died | RunFailed)

    def held() -> tuple[int, int]:
        gc.collect()
        return threading.active_count(), len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))

    once()
    runner.close()
    before = held()
    for _ in range(50):
        once()
    runner.close()
    for thread in threading.enumerate():
        if (
            thread is not threading.current_thread()
            and thread.daemon
            and thread.name.split()[0] in ("run", "stop", "ready", "log", "ask")
        ):
            thread.join(SILENCE_SECONDS)
    assert held() == before
    assert engine.containers.labelled(*make_container().labels[0]) == ()
    assert Ledger().on(engine.info.endpoint, CONTAINER) == ()
