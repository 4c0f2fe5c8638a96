"""What engines answer about containers, old and new, read into our own data."""

from __future__ import annotations

from typing import Any

import pytest

from tui.engine.container_answers import (
    addresses,
    read_container,
    read_listed,
    read_processes,
    read_shares,
    read_usage,
)
from tui.engine.containers import Address, ContainerState, Process, Share


def inspected(**state: Any) -> dict[str, Any]:
    return {
        "Id": "a" * 64,
        "Name": "/web",
        "Image": "sha256:b",
        "Created": "2026-11-24T12:00:00.123456789Z",
        "State": {"Status": "running", "ExitCode": 0, "StartedAt": "2026-11-24T12:00:01Z", **state},
        "Config": {"Image": "web:1", "User": "nobody", "Labels": {"a": "b"}},
        "NetworkSettings": {"Ports": {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": "32768"}], "9/tcp": None}},
    }


def test_a_running_container_has_an_address_and_no_exit_code() -> None:
    container = read_container(inspected())
    assert container.is_running
    assert container.exit_code is None
    assert container.name == "web"
    assert container.address == Address("127.0.0.1", 32768)
    assert container.address.url == "http://127.0.0.1:32768"
    assert container.address.websocket_url == "ws://127.0.0.1:32768/ws"


def test_one_that_ended_has_an_exit_code_and_one_that_could_not_be_started_too() -> None:
    assert read_container(inspected(Status="exited", ExitCode=137, OOMKilled=True)).exit_code == 137
    failed = read_container(
        inspected(Status="created", ExitCode=127, Error="exec: no", StartedAt="0001-01-01T00:00:00Z")
    )
    assert (failed.exit_code, failed.state, failed.started) == (127, ContainerState.CREATED, None)


def test_a_list_tells_names_states_and_addresses() -> None:
    entry = {"Id": "a", "Names": ["/web"], "Image": "web:1", "ImageID": "sha256:b", "State": "exited", "Ports": []}
    assert read_listed(entry).state is ContainerState.EXITED
    assert addresses([{"IP": "::", "PrivatePort": 8080, "PublicPort": 80}, {"PrivatePort": 9}]) == (
        Address("127.0.0.1", 80),
    )


@pytest.mark.parametrize(
    ("word", "state"), [("configured", "created"), ("stopped", "exited"), ("unheard of", "dead"), ("paused", "paused")]
)
def test_words_of_other_engines_are_understood(word: str, state: str) -> None:
    assert read_container(inspected(Status=word)).state.value == state


@pytest.mark.parametrize("idle", ["total_inactive_file", "inactive_file"])
def test_memory_is_counted_as_docker_stats_counts_it(idle: str) -> None:
    sample = {"memory_stats": {"usage": 1000, "stats": {idle: 400}}, "pids_stats": {"current": 7}}
    usage = read_usage(sample)
    assert (usage.memory_bytes, usage.tasks) == (600, 7)


def test_a_container_that_does_not_run_uses_nothing() -> None:
    assert read_usage({"memory_stats": {}, "pids_stats": {}}).memory_bytes == 0


@pytest.mark.parametrize("titles", [["UID", "PID", "CMD"], ["USER", "PID", "COMMAND"]])
def test_processes_are_read_whatever_the_columns_are_called(titles: list[str]) -> None:
    assert read_processes({"Titles": titles, "Processes": [["nobody", "7", "/main"]]}) == (
        Process(7, "nobody", "/main"),
    )


def test_images_whose_share_was_not_counted_are_left_out() -> None:
    answer = {"Images": [{"Id": "a", "Size": 100, "SharedSize": 30}, {"Id": "b", "Size": 100, "SharedSize": -1}]}
    assert read_shares(answer) == {"a": Share(70, 30)}
