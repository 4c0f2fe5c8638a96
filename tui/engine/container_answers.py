"""An engine's answers about containers and its disk, read into our own data. Pure functions over decoded JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tui.engine.containers import LOOPBACK, Address, Container, ContainerState, Process, Share, Usage
from tui.engine.images import parse_time

STATES = {
    **{state.value: state for state in ContainerState},
    # Podman has some words of its own.
    "configured": ContainerState.CREATED,
    "initialized": ContainerState.CREATED,
    "stopped": ContainerState.EXITED,
    "stopping": ContainerState.RUNNING,
}
ANYWHERE = ("", "0.0.0.0", "::")


def read_container(inspected: dict[str, Any]) -> Container:
    """A container from `GET /containers/{id}/json`."""
    state = inspected.get("State") or {}
    config = inspected.get("Config") or {}
    stands = _state(state.get("Status"))
    code = state.get("ExitCode")
    ended = stands in (ContainerState.EXITED, ContainerState.DEAD) or bool(state.get("Error"))
    ports = (inspected.get("NetworkSettings") or {}).get("Ports") or {}
    published = ({"IP": one["HostIp"], "PublicPort": one["HostPort"]} for many in ports.values() for one in many or ())
    return Container(
        container_id=str(inspected["Id"]),
        name=str(inspected.get("Name") or "").removeprefix("/"),
        image=str(config.get("Image") or ""),
        image_id=str(inspected.get("Image") or ""),
        state=stands,
        exit_code=int(code) if ended and code is not None else None,
        created=parse_time(inspected.get("Created")),
        started=parse_time(state.get("StartedAt")),
        finished=parse_time(state.get("FinishedAt")),
        address=next(iter(addresses(published)), None),
        user=str(config.get("User") or ""),
        out_of_memory=bool(state.get("OOMKilled")),
        error=str(state.get("Error") or ""),
        labels=dict(config.get("Labels") or {}),
    )


def read_listed(entry: dict[str, Any]) -> Container:
    """A container from one entry of `GET /containers/json`, which tells less than an inspection."""
    names = entry.get("Names") or ("",)
    return Container(
        container_id=str(entry["Id"]),
        name=str(names[0]).removeprefix("/"),
        image=str(entry.get("Image") or ""),
        image_id=str(entry.get("ImageID") or ""),
        state=_state(entry.get("State")),
        address=next(iter(addresses(entry.get("Ports") or ())), None),
        # Left out where it is nothing.
        written_bytes=int(entry.get("SizeRw") or 0) if "SizeRootFs" in entry else None,
        labels=dict(entry.get("Labels") or {}),
    )


def _state(word: str | None) -> ContainerState:
    """What is not known does not run."""
    return STATES.get(word or ContainerState.CREATED.value, ContainerState.DEAD)


def addresses(ports: Iterable[dict[str, Any]]) -> tuple[Address, ...]:
    """Where published ports are reached; one that is open to every address is reached by the loopback one."""
    return tuple(
        Address(LOOPBACK if port.get("IP", "") in ANYWHERE else str(port["IP"]), int(port["PublicPort"]))
        for port in ports
        if port.get("PublicPort")
    )


def read_usage(sample: dict[str, Any]) -> Usage:
    """One sample of `GET /containers/{id}/stats`; file pages that the kernel would give back are left out."""
    memory = sample.get("memory_stats") or {}
    pages = memory.get("stats") or {}
    # The first name is that of cgroups version 1, the second that of version 2.
    idle = pages.get("total_inactive_file", pages.get("inactive_file", 0))
    used = int(memory.get("usage") or 0)
    return Usage(used - idle if idle < used else used, int((sample.get("pids_stats") or {}).get("current") or 0))


def read_processes(answer: dict[str, Any]) -> tuple[Process, ...]:
    """The rows of `GET /containers/{id}/top`, whose columns differ from engine to engine."""
    titles = [str(title).upper() for title in answer.get("Titles") or ()]
    rows = [dict(zip(titles, row, strict=False)) for row in answer.get("Processes") or ()]
    return tuple(
        Process(
            int(row.get("PID", 0)), str(row.get("UID", row.get("USER", ""))), row.get("CMD", row.get("COMMAND", ""))
        )
        for row in rows
    )


def read_shares(answer: dict[str, Any]) -> dict[str, Share]:
    """The images of `GET /system/df`, by ID; -1 stands there for what an engine has not counted."""
    return {
        str(image["Id"]): Share(int(image["Size"]) - int(image["SharedSize"]), int(image["SharedSize"]))
        for image in answer.get("Images") or ()
        if int(image.get("SharedSize", -1)) >= 0
    }
