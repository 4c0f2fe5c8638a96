"""Scripted containers: for faults that a real engine cannot be made to have, and for screens that must be still."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tui.engine.containers import Address, Container, ContainerRequest, ContainerState, LogPiece, Process, Usage
from tui.engine.errors import ContainerNotFound, EngineError
from tui.engine.events import Stream

MAIN = Process(4711, "nobody", "/main")
STARTED = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Script:
    """What a container does."""

    prints: Sequence[LogPiece] = (LogPiece(Stream.STDOUT, "Hello World\n"),)
    address: Address | None = None
    exits: int | None = None
    """None where it runs until it is stopped."""
    refuses_start: EngineError | None = None
    usage: Usage = field(default_factory=lambda: Usage(1_900_000, 7))
    processes: tuple[Process, ...] = (MAIN,)
    shell: str | None = "/bin/sh"
    out_of_memory: bool = False


class ScriptedLog:
    """Plays what is printed; with an `over` it goes on until the container's end or a cancel."""

    def __init__(self, pieces: Sequence[LogPiece], over: threading.Event | None) -> None:
        self._pieces = pieces
        self._over = over

    def pieces(self) -> Iterator[LogPiece]:
        yield from self._pieces
        if self._over is not None:
            self._over.wait()

    def cancel(self) -> None:
        if self._over is not None:
            self._over.set()


class ScriptedWait:
    """Ends when the container does."""

    def __init__(self, containers: ScriptedContainers, container_id: str, over: threading.Event) -> None:
        self._containers = containers
        self._container_id = container_id
        self._over = over
        self._cancelled = False

    def exit_code(self) -> int | None:
        self._over.wait()
        if self._cancelled:
            return None
        return self._containers.inspect(self._container_id).exit_code

    def cancel(self) -> None:
        self._cancelled = True
        self._over.set()


class ScriptedContainers:
    """Does what its script says, by the image's repository: `jettison-test/simple` → `simple`."""

    def __init__(self, scripts: dict[str, Script] | None = None, *, lost: EngineError | None = None) -> None:
        self.scripts = scripts or {}
        self.lost = lost
        """Raised by every question from the moment when it is set."""
        self.requests: list[ContainerRequest] = []
        self.there: dict[str, Container] = {}
        self._listening: dict[str, list[threading.Event]] = {}
        self._over: set[str] = set()
        self.removed: list[str] = []

    def create(self, request: ContainerRequest) -> str:
        self._be_there()
        self.requests.append(request)
        container_id = f"{len(self.requests):064x}"
        self._listening[container_id] = []
        self.there[container_id] = Container(
            container_id=container_id,
            name=request.name,
            image=request.image,
            image_id="sha256:" + request.image.encode().hex().ljust(64, "0")[:64],
            state=ContainerState.CREATED,
            created=STARTED,
            labels=dict(request.labels),
        )
        return container_id

    def start(self, container_id: str) -> Container:
        script = self._script(container_id)
        if script.refuses_start is not None:
            del self.there[container_id]
            raise script.refuses_start
        state = ContainerState.RUNNING if script.exits is None else ContainerState.EXITED
        self._change(container_id, state=state, exit_code=script.exits, started=STARTED, address=script.address)
        if script.exits is not None:
            self._change(container_id, address=None, out_of_memory=script.out_of_memory)
            self.end(container_id)
        return self.there[container_id]

    def inspect(self, reference: str) -> Container:
        self._be_there()
        for container in self.there.values():
            if reference in (container.container_id, container.name):
                return container
        raise ContainerNotFound(f"There is no such container: {reference}.", "docker ps -a lists them.")

    def labelled(self, label: str, value: str) -> tuple[Container, ...]:
        self._be_there()
        return tuple(one for one in reversed(self.there.values()) if one.labels.get(label) == value)

    def log(self, container_id: str, *, follow: bool, timestamps: bool = False, last: int | None = None) -> ScriptedLog:
        pieces = [
            replace(piece, text=f"2026-11-24T12:00:00Z {piece.text}") if timestamps else piece
            for piece in self._script(container_id).prints
        ]
        return ScriptedLog(pieces[-last:] if last else pieces, self._listen(container_id) if follow else None)

    def wait(self, container_id: str) -> ScriptedWait:
        return ScriptedWait(self, container_id, self._listen(container_id))

    def usage(self, container_id: str) -> Usage:
        return self._script(container_id).usage

    def processes(self, container_id: str) -> tuple[Process, ...]:
        return self._script(container_id).processes

    def stop(self, container_id: str, patience_seconds: float) -> float:
        if self.inspect(container_id).is_running:
            self._change(container_id, state=ContainerState.EXITED, exit_code=0, address=None)
        self.end(container_id)
        return 0.1

    def remove(self, container_id: str) -> int:
        gone = self.inspect(container_id)
        del self.there[gone.container_id]
        self.end(gone.container_id)
        self.removed.append(gone.name)
        return 0

    def shell(self, container_id: str) -> str | None:
        return self._script(container_id).shell

    def end(self, container_id: str) -> None:
        """Let all who listen to this container know that it is over."""
        self._over.add(container_id)
        for over in self._listening[container_id]:
            over.set()

    def _listen(self, container_id: str) -> threading.Event:
        over = threading.Event()
        self._listening[container_id].append(over)
        if container_id in self._over:
            over.set()
        return over

    def _change(self, container_id: str, **changes: object) -> None:
        self.there[container_id] = replace(self.there[container_id], **changes)  # type: ignore[arg-type]

    def _script(self, container_id: str) -> Script:
        repository = self.inspect(container_id).image.partition(":")[0]
        return self.scripts.get(repository.rpartition("/")[2], Script())

    def _be_there(self) -> None:
        if self.lost is not None:
            raise self.lost
