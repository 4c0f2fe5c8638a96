"""The nouns of running: a container that is wanted, one that exists, what it prints, and what it uses.

Sizes are whole bytes, durations are seconds as floats, dates are timezone-aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tui.engine.events import Stream

LOOPBACK = "127.0.0.1"
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may do. Privileges cannot be gained and no capability is kept, in all of them."""

    memory_bytes: int = 128 * MEBIBYTE
    processes: int = 128
    """Processes and threads."""
    read_only: bool = False
    """Whether it may write nowhere but to a /tmp in memory."""


@dataclass(frozen=True, slots=True)
class ContainerRequest:
    """One container that is wanted."""

    image: str
    """Its tag or ID."""
    name: str
    subject: str = ""
    """What runs, in the words of the tutorial (`current/simple`)."""
    labels: tuple[tuple[str, str], ...] = ()
    port: int = 8080
    """The TCP port that the program listens on, inside."""
    host_port: int | None = None
    """The port of the loopback address that leads to it; None leaves the choice of a free one to the engine."""
    environment: tuple[tuple[str, str], ...] = ()
    command: tuple[str, ...] = ()
    """Instead of the image's own; empty for that one."""
    limits: Limits = field(default_factory=Limits)


class ContainerState(StrEnum):
    """Where a container stands, in the engine's own words."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    REMOVING = "removing"
    EXITED = "exited"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a container's program can be reached from this machine."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """`http://127.0.0.1:32768`"""
        return f"http://{self.host}:{self.port}"

    @property
    def websocket_url(self) -> str:
        """`ws://127.0.0.1:32768/ws`"""
        return f"ws://{self.host}:{self.port}/ws"


@dataclass(frozen=True, slots=True)
class Container:
    """A container that exists on an engine."""

    container_id: str
    """64 hex digits."""
    name: str
    image: str
    """As it was asked for when the container was made: a tag or an ID."""
    image_id: str
    state: ContainerState
    exit_code: int | None = None
    """None while it runs, and where it never did."""
    created: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    address: Address | None = None
    """None where no port is published, and once it has ended."""
    user: str = ""
    """Config.User; empty means root."""
    out_of_memory: bool = False
    """Whether the kernel killed it for want of memory."""
    error: str = ""
    """The engine's own words where it could not be started."""
    written_bytes: int | None = None
    """What it has written beside its image; None where the engine was not asked."""
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Whether its program is there (even if it is paused)."""
        return self.state in (ContainerState.RUNNING, ContainerState.PAUSED)


@dataclass(frozen=True, slots=True)
class LogPiece:
    """Some of what a container printed: part of a line, or several of them."""

    stream: Stream
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a container uses at one moment."""

    memory_bytes: int
    """As `docker stats` counts it: without file pages that the kernel would give back."""
    tasks: int
    """Processes and threads."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process in a container."""

    pid: int
    """Its number outside of the container."""
    user: str
    command: str


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an image is its own, and how much it has in common with other images of the engine."""

    unique_bytes: int
    """What its removal would free, but for what the build cache holds."""
    shared_bytes: int
