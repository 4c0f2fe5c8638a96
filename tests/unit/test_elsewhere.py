"""Containers on another machine: their ports are not here, that is said, and what is done about it is noticed."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import ScriptedEngine
from tests.unit.web import pages
from tui.engine.container_command import ssh_tunnel_command
from tui.engine.containers import Address, ContainerRequest
from tui.engine.machine import Machine, other_machine
from tui.session.elsewhere import elsewhere
from tui.session.ledger import Ledger
from tui.session.run_events import NotReady, Probed, Ready, Refused, RunEvent
from tui.session.run_record import RunRecord, RunState
from tui.session.runner import Runner

FAR = "ssh://me@build.invalid:2222"
PAGES = {"/": (200, "Home"), "/healthz": (200, "ok")}


@pytest.mark.parametrize(
    "url",
    [
        "unix:///var/run/docker.sock",
        "npipe:////./pipe/docker_engine",
        "tcp://127.0.0.1:2375",
        "tcp://localhost:2375",
        "tcp://[::1]:2375",
        "ssh://me@localhost",
        f"tcp://{socket.gethostname()}:2375",
    ],
)
def test_a_socket_and_an_address_of_this_machine_are_here(url: str) -> None:
    assert other_machine(url) is None


@pytest.mark.parametrize(
    ("url", "machine", "command"),
    [
        ("tcp://build.invalid:2376", Machine("build.invalid"), "ssh -N -L 32768:127.0.0.1:32768 build.invalid"),
        ("tcp://192.0.2.7:2375", Machine("192.0.2.7"), "ssh -N -L 32768:127.0.0.1:32768 192.0.2.7"),
        (FAR, Machine("build.invalid", "me", 2222), "ssh -N -p 2222 -L 32768:127.0.0.1:32768 me@build.invalid"),
    ],
)
def test_another_machine_is_known_with_the_way_to_bring_a_port_of_it_here(
    url: str, machine: Machine, command: str
) -> None:
    assert other_machine(url) == machine
    assert ssh_tunnel_command(machine, 32768) == command


class Far:
    """A container on another machine, whose port there is one of this machine's own that is free."""

    def __init__(self, address: Address) -> None:
        engine = ScriptedEngine()
        engine.info = replace(engine.info, endpoint=FAR)
        engine.containers = ScriptedContainers({"simple": Script(address=address)})
        self.runner = Runner(engine, Ledger())
        self.run = self.runner.start("simple", ContainerRequest("me/simple:1", "me-simple"))
        self.record = RunRecord(self.run)

    def shown(self) -> tuple[RunState, Refused | None, str]:
        return self.record.state, self.record.refused, self.record.silent_reason

    def until(self, kind: type[RunEvent]) -> None:
        while True:
            arrived = [news.event for news in self.runner.outbox.wait(20)]
            assert arrived, f"no {kind} came"
            for event in arrived:
                self.record.apply(event)
            if any(isinstance(event, kind) for event in arrived):
                return


def a_free_address() -> Address:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return Address("127.0.0.1", server.getsockname()[1])


def test_where_it_runs_is_said_and_a_port_that_is_brought_here_is_noticed() -> None:
    address = a_free_address()
    far = Far(address)
    far.until(NotReady)
    assert f"127.0.0.1:{address.port} is an address of that machine" in far.record.silent_reason
    assert f"ssh -N -p 2222 -L {address.port}:127.0.0.1:{address.port} me@build.invalid" in far.record.silent_advice
    far.runner.probe(far.run)
    far.until(Refused)
    state, refused, reason = far.shown()
    assert state is RunState.SILENT
    assert refused is not None
    assert (refused.what, refused.advice) == (reason, far.record.silent_advice)
    with pages(PAGES, port=address.port):
        far.until(Ready)
        assert far.shown() == (RunState.READY, None, "")
        # How long somebody took to bring the port here is no start-up time.
        assert far.record.ready_seconds is None
        far.runner.probe(far.run)
        far.until(Probed)
    far.runner.close()


def test_what_answers_here_already_is_not_taken_for_the_container() -> None:
    with pages(PAGES) as address:
        away = elsewhere(FAR, address)
        assert away is not None
        assert not away.can_come
        assert f"Port {address.port} of this machine is in use" in away.advice
