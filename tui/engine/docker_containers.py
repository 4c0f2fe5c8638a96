"""Containers on a Docker engine (or Podman's Docker API); fulfils `tui.engine.api.Containers`.

Each question has a session of its own, which costs less than a tenth of a millisecond: none waits for another, and a
stop that takes ten seconds holds nobody up.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from docker import APIClient
from docker.errors import APIError
from docker.utils import version_gte

from tui.engine.boundary import engine_errors
from tui.engine.container_answers import (
    addresses,
    read_container,
    read_listed,
    read_processes,
    read_usage,
)
from tui.engine.container_errors import check, of_containers
from tui.engine.containers import LOOPBACK, Container, ContainerRequest, Process, Usage
from tui.engine.death import death_of
from tui.engine.docker_streams import DockerLog, DockerWait
from tui.engine.errors import (
    ContainerNotFound,
    EngineError,
    EngineLost,
    PortTaken,
    StartFailed,
)
from tui.engine.ports import ANYBODY, listener_of
from tui.engine.transport import Wire

ONE_SHOT_API = "1.41"
SHELL = "/bin/sh"

PORT_TAKEN = re.compile(r"port is already allocated|address already in use|ports are not available", re.IGNORECASE)
ENGINE_OWN_PORT = re.compile(r":(\d+)\b[^:]*(?:: bind)?: (?:failed: port is already|address already)", re.IGNORECASE)
NOT_STARTED = re.compile(
    r"OCI runtime|failed to create (?:shim )?task|exec: |starting container process", re.IGNORECASE
)


class DockerContainers:
    """The containers of one engine."""

    def __init__(self, connect: Callable[[Wire], APIClient], *, is_local: bool) -> None:
        self._connect = connect
        self._is_local = is_local
        self._wires: WeakSet[Wire] = WeakSet()

    def create(self, request: ContainerRequest) -> str:
        """Make a container, not yet running; its ID. Raises ImageNotFound, EngineLost."""
        limits = request.limits
        with self._talk(f"{request.name} was being made") as client:
            made = client.create_container(
                request.image,
                list(request.command) or None,
                name=request.name,
                labels=dict(request.labels),
                environment=dict(request.environment),
                ports=[request.port],
                host_config=client.create_host_config(
                    port_bindings={request.port: (LOOPBACK, request.host_port)},
                    mem_limit=limits.memory_bytes,
                    pids_limit=limits.processes,
                    security_opt=["no-new-privileges"],
                    cap_drop=["ALL"],
                    read_only=limits.read_only,
                    tmpfs={"/tmp": ""} if limits.read_only else None,
                ),
            )
        return str(made["Id"])

    def start(self, container_id: str) -> Container:
        """Start what was made; where that fails it is removed again.

        Raises PortTaken, StartFailed, ContainerNotFound, EngineLost.
        """
        try:
            with self._talk(f"{container_id[:12]} was being started") as client:
                client.start(container_id)
        except EngineLost:
            raise
        except EngineError as error:
            failed = self._failed_start(container_id, error)
            with contextlib.suppress(ContainerNotFound):
                self.remove(container_id)
            raise failed from error
        return self.inspect(container_id)

    def inspect(self, reference: str) -> Container:
        """The container of this ID or name. Raises ContainerNotFound, EngineLost."""
        with self._talk(f"it was asked about {reference[:64]}") as client:
            return read_container(client.inspect_container(reference))

    def labelled(self, label: str, value: str) -> tuple[Container, ...]:
        """All containers, running or not, that carry this label, newest first. Raises EngineLost."""
        with self._talk("it was asked for its containers") as client:
            listed = client.containers(all=True, size=True, filters={"label": f"{label}={value}"})
        return tuple(read_listed(entry) for entry in listed)

    def log(self, container_id: str, *, follow: bool, timestamps: bool = False, last: int | None = None) -> DockerLog:
        """What it prints, from the beginning or from its `last` lines."""
        log = DockerLog(self._connect, container_id, follow=follow, timestamps=timestamps, last=last)
        self._wires.add(log.wire)
        return log

    def wait(self, container_id: str) -> DockerWait:
        """Its end."""
        waiting = DockerWait(self._connect, container_id)
        self._wires.add(waiting.wire)
        return waiting

    def usage(self, container_id: str) -> Usage:
        """What it uses now. Raises ContainerNotRunning, ContainerNotFound, EngineLost."""
        with self._talk(f"{container_id[:12]} was being measured") as client:
            # Without one-shot an engine takes two samples, a second apart.
            once = {"one-shot": "1"} if version_gte(client.api_version, ONE_SHOT_API) else {}
            sample = _answer(client, f"containers/{container_id}/stats", {"stream": "0", **once}).json()
        return read_usage(sample)

    def processes(self, container_id: str) -> tuple[Process, ...]:
        """Its processes. Raises ContainerNotRunning, ContainerNotFound, EngineLost."""
        with self._talk(f"{container_id[:12]} was asked for its processes") as client:
            return read_processes(dict(client.top(container_id)))

    def stop(self, container_id: str, patience_seconds: float) -> float:
        """Ask it to end, and kill it when its patience is over; the seconds that it took.

        Raises ContainerNotFound, EngineLost.
        """
        with self._talk(f"{container_id[:12]} was being stopped") as client:
            began = time.monotonic()
            client.stop(container_id, timeout=round(patience_seconds))
            return time.monotonic() - began

    def remove(self, container_id: str) -> int:
        """Remove it, running or not, with its unnamed volumes; the bytes that it had written.

        Raises ContainerNotFound, EngineLost.
        """
        with self._talk(f"{container_id[:12]} was being removed") as client:
            written = _answer(client, f"containers/{container_id}/json", {"size": "1"}).json().get("SizeRw")
            client.remove_container(container_id, force=True, v=True)
        return int(written or 0)

    def shell(self, container_id: str) -> str | None:
        """The shell that can be started in it; None where the image has none. Raises ContainerNotFound, EngineLost."""
        with self._talk(f"{container_id[:12]} was asked for its shell") as client:
            url = f"{client.base_url}/v{client.api_version}/containers/{container_id}/archive"
            response = client.head(url, params={"path": SHELL})
            if response.ok:
                return SHELL
        # A HEAD has no body that would say whether the file is missing, or the container.
        self.inspect(container_id)
        return None

    def close(self) -> None:
        """Cut all logs and waits that are under way."""
        for wire in list(self._wires):
            wire.cut()

    @contextmanager
    def _talk(self, doing: str) -> Iterator[APIClient]:
        """A session for one question, behind the boundary of errors."""
        wire = Wire()
        self._wires.add(wire)
        with engine_errors(doing):
            client = self._connect(wire)
            try:
                yield client
            except APIError as error:
                if (told := of_containers(error)) is None:
                    raise
                raise told from error
            finally:
                client.close()

    def _failed_start(self, container_id: str, error: EngineError) -> EngineError:
        """The error that a learner should read, from the engine's words."""
        if isinstance(error, ContainerNotFound):
            return error
        made = self.inspect(container_id)
        words = f"{error.what}\n{made.error}"
        if PORT_TAKEN.search(words):
            named = ENGINE_OWN_PORT.search(words)
            port = self._wanted_port(container_id) or (int(named[1]) if named else 0)
            return PortTaken(port, self._holder_of(port, container_id))
        if NOT_STARTED.search(words):
            return StartFailed(death_of(made.exit_code, engine_words=made.error or error.what))
        return error

    def _wanted_port(self, container_id: str) -> int | None:
        with self._talk("it was asked for a port") as client:
            bindings = client.inspect_container(container_id)["HostConfig"].get("PortBindings") or {}
        return next((int(one["HostPort"]) for many in bindings.values() for one in many if one["HostPort"]), None)

    def _holder_of(self, port: int, but: str) -> str:
        with self._talk("it was asked for its ports") as client:
            running = client.containers()
        for entry in running:
            if entry["Id"] != but and port in {address.port for address in addresses(entry.get("Ports") or ())}:
                return f"the container {read_listed(entry).name}"
        return listener_of(port) if self._is_local else ANYBODY


def _answer(client: APIClient, path: str, parameters: dict[str, str]) -> Any:
    response = client.get(f"{client.base_url}/v{client.api_version}/{path}", params=parameters)
    check(response)
    return response
