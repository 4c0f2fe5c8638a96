"""Cancelling: in every phase, on both builders, and nothing goes on running afterwards."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

import pytest

from tests.engine.conftest import MakeRequest
from tests.lab.plugin import LabEngine
from tui.engine.docker_engine import DockerEngine
from tui.engine.events import (
    BuildCancelled,
    BuildEvent,
    BuildStarted,
    ContextSent,
    StepOutput,
    StepStarted,
)

WATCHDOG_SECONDS = 60.0


def running_commands(lab: LabEngine) -> list[str]:
    client = lab.client()
    try:
        return [str(container.attrs["Config"]["Cmd"]) for container in client.containers.list(ignore_removed=True)]
    finally:
        client.close()


def wait_until_gone(lab: LabEngine, mark: str) -> None:
    """The engine needs a moment to end a container; a watchdog, not a measurement."""
    done = threading.Event()
    deadline = threading.Timer(WATCHDOG_SECONDS, done.set)
    deadline.start()
    while not done.is_set() and any(mark in command for command in running_commands(lab)):
        done.wait(0.1)
    deadline.cancel()
    assert not any(mark in command for command in running_commands(lab))


def is_in_the_middle_of_the_context(event: BuildEvent) -> bool:
    """Of an archive the length is known from the beginning, of synced files at the end."""
    return isinstance(event, ContextSent) and event.sent_bytes not in (0, event.total_bytes)


PHASES: dict[str, tuple[str, Callable[[BuildEvent], bool]]] = {
    "at once": ("sleep 600", lambda event: isinstance(event, BuildStarted)),
    "context": ("sleep 600", is_in_the_middle_of_the_context),
    "context sent": ("sleep 600", lambda event: isinstance(event, ContextSent)),
    "silent step": ("echo begun; sleep 600", lambda event: isinstance(event, StepOutput)),
    "noisy step": ("yes", lambda event: isinstance(event, StepOutput)),
    "starting step": ("sleep 600", lambda event: isinstance(event, StepStarted)),
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_cancelled_build_ends_as_cancelled_and_leaves_no_container(
    phase: str, engine: DockerEngine, make_request: MakeRequest, builder_engine: LabEngine
) -> None:
    command, arrived = PHASES[phase]
    mark = secrets.token_hex(6)
    files = {"big": secrets.token_bytes(60_000_000 if phase == "context" else 1000)}
    build = engine.build(make_request(f"FROM BASE\nCOPY big /big\nRUN : {mark}; {command}\n", files, no_cache=True))
    watchdog = threading.Timer(WATCHDOG_SECONDS, build.cancel)
    watchdog.start()
    events: list[BuildEvent] = []
    for event in build.events():
        events.append(event)
        if arrived(event):
            build.cancel()
    watchdog.cancel()
    assert any(map(arrived, events))
    assert isinstance(events[-1], BuildCancelled)
    wait_until_gone(builder_engine, mark)


def test_cancelling_twice_or_after_the_end_is_no_error(engine: DockerEngine, make_request: MakeRequest) -> None:
    build = engine.build(make_request("FROM BASE\n"))
    events = list(build.events())
    build.cancel()
    build.cancel()
    assert not isinstance(events[-1], BuildCancelled)


def test_a_build_that_was_cancelled_before_it_began_ends_at_once(
    engine: DockerEngine, make_request: MakeRequest
) -> None:
    build = engine.build(make_request("FROM BASE\nRUN sleep 600\n"))
    build.cancel()
    assert isinstance(list(build.events())[-1], BuildCancelled)
