"""One run from its making to its end, on a scripted engine: what is told, what is written down, what is left."""

from __future__ import annotations

import threading

import pytest

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import ScriptedEngine
from tests.unit.web import pages
from tui.engine.containers import Address, ContainerRequest, LogPiece
from tui.engine.death import Cause, death_of
from tui.engine.errors import EngineLost, PortTaken, StartFailed
from tui.engine.events import Stream
from tui.session.ledger import CONTAINER, Ledger
from tui.session.live_run import Run
from tui.session.logs import LogFile
from tui.session.run_events import (
    Died,
    LogRestarted,
    LogText,
    Measured,
    Probed,
    Ready,
    Refused,
    Removed,
    RunEnd,
    RunEvent,
    RunFailed,
    Started,
    Starting,
    Stopped,
    Stopping,
)
from tui.session.run_record import RunRecord, RunState
from tui.session.runner import Runner

LOST = EngineLost("The engine stopped answering.", "Start it again.")


class Watched:
    """A runner on a scripted engine, and all that it told of its one run."""

    def __init__(self, script: Script) -> None:
        self.engine = ScriptedEngine()
        self.containers = self.engine.containers = ScriptedContainers({"simple": script})
        self.ledger = Ledger()
        self.runner = Runner(self.engine, self.ledger)
        self.run: Run = self.runner.start("simple", ContainerRequest("me/simple:1", "me-simple", "current/simple"))
        self.record = RunRecord(self.run)
        self.events: list[RunEvent] = []

    def until(self, *kinds: type[RunEvent]) -> list[RunEvent]:
        while not any(isinstance(event, kinds) for event in self.events):
            arrived = [news.event for news in self.runner.outbox.wait(20)]
            assert arrived, f"no {kinds} came after {self.events}"
            for event in arrived:
                self.record.apply(event)
            self.events += arrived
        told, self.events = self.events, []
        return told

    def written(self) -> list[str]:
        return [made.reference for made in self.ledger.on(self.engine.info.endpoint, CONTAINER)]


def ends(events: list[RunEvent]) -> list[RunEvent]:
    return [event for event in events if isinstance(event, RunEnd)]


def test_a_run_is_started_answers_and_is_stopped_and_nothing_is_left() -> None:
    with pages({"/": (200, "Home"), "/healthz": (200, "ok")}) as address:
        watched = Watched(Script(address=address))
        events = watched.until(Ready)
        assert isinstance(events[0], Starting)
        assert any(isinstance(event, Started) for event in events)
        assert watched.written() == ["me-simple", f"{1:064x}"]
        watched.runner.measure(watched.run)
        watched.until(Measured)
        watched.runner.probe(watched.run)
        watched.until(Probed)
        watched.runner.stop(watched.run)
        watched.runner.stop(watched.run)
        events = watched.until(Stopped)
        assert [event.patience_seconds for event in events if isinstance(event, Stopping)] == [10.0]
    assert ends(events) == [events[-1]]
    assert watched.record.state is RunState.STOPPED
    assert watched.record.log.line(0) == "Hello World"
    assert watched.containers.there == {}
    assert watched.written() == []
    assert not watched.runner.is_busy
    assert watched.runner.leftovers == ()


def test_one_that_takes_its_time_to_stop_is_shown_as_asked_to() -> None:
    watched = Watched(Script(address=None))
    watched.until(Started)
    watched.record.apply(Stopping(1.0, 10.0))
    assert (watched.record.state.value, watched.record.patience_seconds) == ("stopping", 10.0)
    # An answer that comes in the meantime does not make it a running one again.
    watched.record.apply(Ready(1.1, 1.1, "/"))
    assert watched.record.state.value == "stopping"
    watched.runner.stop(watched.run)
    watched.until(Stopped)
    assert watched.record.state is RunState.STOPPED


def test_what_it_says_at_its_end_is_told_before_the_end() -> None:
    events = Watched(Script(exits=1)).until(Died)
    texts = [event.text for event in events if isinstance(event, LogText)]
    assert texts == ["Hello World\n"]
    assert isinstance(events[-1], Died)
    assert events[-1].death.last_lines == ("Hello World",)


def test_one_that_died_is_kept_until_it_is_taken_away() -> None:
    watched = Watched(Script(exits=137, out_of_memory=True))
    (died,) = ends(watched.until(Died))
    assert isinstance(died, Died)
    assert died.death.cause is Cause.OUT_OF_MEMORY
    assert watched.containers.there
    assert watched.runner.leftovers == (watched.run,)
    watched.runner.stop(watched.run)
    watched.until(Removed)
    assert watched.containers.there == {}
    assert watched.written() == []


def test_a_program_that_cannot_be_started_died_of_it_and_leaves_nothing() -> None:
    death = death_of(127, engine_words='exec: "/main": stat /main: no such file or directory')
    watched = Watched(Script(refuses_start=StartFailed(death)))
    (died,) = ends(watched.until(Died))
    assert isinstance(died, Died)
    assert died.death.cause is Cause.NO_COMMAND
    assert watched.written() == []
    assert watched.runner.leftovers == ()


def test_a_taken_port_names_its_holder_and_leaves_nothing() -> None:
    watched = Watched(Script(refuses_start=PortTaken(8080, "the container theirs")))
    (failed,) = ends(watched.until(RunFailed))
    assert isinstance(failed, RunFailed)
    assert failed.what == "Port 8080 is taken by the container theirs."
    assert watched.written() == []


def lose(watched: Watched) -> None:
    watched.containers.lost = LOST
    watched.containers.end(f"{1:064x}")


def test_a_lost_engine_is_told_and_what_ran_stays_in_the_ledger() -> None:
    watched = Watched(Script(address=Address("127.0.0.1", 9)))
    watched.until(LogText)
    lose(watched)
    (failed,) = ends(watched.until(RunFailed))
    assert isinstance(failed, RunFailed)
    assert failed.what == LOST.what
    assert len(watched.written()) == 2
    watched.runner.stop(watched.run)
    watched.until(Refused)
    watched.containers.lost = None
    watched.runner.stop(watched.run)
    watched.until(Removed)
    assert watched.written() == []


def test_a_container_that_somebody_else_removes_is_told_as_such() -> None:
    watched = Watched(Script())
    watched.until(LogText)
    watched.containers.remove(f"{1:064x}")
    (died,) = ends(watched.until(Died))
    assert isinstance(died, Died)
    assert "was removed while it ran" in died.death.reason
    assert watched.written() == []


def test_the_log_is_told_anew_with_the_times_of_its_lines() -> None:
    watched = Watched(Script())
    watched.until(LogText)
    watched.runner.follow(watched.run, timestamps=True)
    watched.until(LogRestarted)
    watched.runner.stop(watched.run)
    watched.until(Stopped)
    assert watched.record.timestamps
    assert watched.record.log.line(0) == "2026-11-24T12:00:00Z Hello World"


def test_leaving_lets_containers_run_on_and_keeps_them_in_the_ledger() -> None:
    watched = Watched(Script())
    watched.until(LogText)
    watched.runner.close()
    (container,) = watched.containers.there.values()
    assert container.is_running
    assert len(watched.written()) == 2


def test_an_unforeseen_error_ends_the_run_and_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    caught: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", caught.append)
    monkeypatch.setattr(ScriptedContainers, "wait", broken)
    watched = Watched(Script())
    (failed,) = ends(watched.until(RunFailed))
    watched.runner.close(20)
    assert [one.exc_type for one in caught] == [ZeroDivisionError]
    assert isinstance(failed, RunFailed)
    assert "Jettison itself" in failed.what


def test_both_outputs_are_kept_together_and_apart() -> None:
    pieces = (LogPiece(Stream.STDOUT, "one\n"), LogPiece(Stream.STDERR, "two\n"))
    watched = Watched(Script(prints=pieces, exits=0))
    watched.until(Died)
    assert watched.record.log.lines(range(2)) == ["one", "two"]
    assert [watched.record.outputs[stream].line(0) for stream in Stream] == ["one", "two"]


def test_a_ledger_that_cannot_be_written_is_told_and_costs_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Ledger, "add", full)
    watched = Watched(Script())
    (refused, *_) = [event for event in watched.until(LogText) if isinstance(event, Refused)]
    assert "No space left on device" in refused.what
    watched.runner.stop(watched.run)
    watched.until(Stopped)


def test_the_whole_log_is_written_down_as_it_came() -> None:
    watched = Watched(Script(prints=(LogPiece(Stream.STDERR, "\x1b[31mred\x1b[0m\n"),), exits=0))
    watched.until(Died)
    assert watched.record.log_file is not None
    assert watched.record.log_file.read_text() == "\x1b[31mred\x1b[0m\n"


def test_a_log_that_cannot_be_written_down_is_told_and_costs_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LogFile, "write", full)
    watched = Watched(Script(exits=0))
    watched.until(Died)
    assert watched.record.refused is not None
    assert "No space left on device" in watched.record.refused.what
    assert watched.record.log.line(0) == "Hello World"
