"""What happens while a container runs, as typed, frozen events.

Every event has `at`, the seconds since the run was asked for. A run ends with exactly one of `Stopped`, `Died` and
`RunFailed`; where its container is taken away later, a `Removed` follows. What goes wrong with a run is an event,
never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.engine.containers import Container, Process, Usage
    from tui.engine.death import Death
    from tui.engine.events import Stream
    from tui.session.probe import ProbeResult


@dataclass(frozen=True, slots=True)
class Starting:
    """The container is being made."""

    at: float


@dataclass(frozen=True, slots=True)
class Started:
    """The engine says that it runs. Whether its program answers is not known yet."""

    at: float
    container: Container


@dataclass(frozen=True, slots=True)
class Ready:
    """Its program answered over HTTP for the first time."""

    at: float
    seconds: float | None
    """From the call that made the container to the answer; None where somebody first had to bring its port here."""
    path: str
    """What was asked for: `/healthz` or `/`."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """It runs, and nothing answered for as long as one waits, or can answer from another machine."""

    at: float
    seconds: float
    reason: str
    """What came of the last try, or why none was made."""
    advice: str = ""
    """What to do where that is known; once it is done, Ready may follow."""


@dataclass(frozen=True, slots=True)
class LogText:
    """It printed something: part of a line, or many lines."""

    at: float
    stream: Stream
    text: str


@dataclass(frozen=True, slots=True)
class LogKept:
    """The whole log is being written into a file, from its beginning."""

    at: float
    path: Path


@dataclass(frozen=True, slots=True)
class LogRestarted:
    """What was told of the log is void: all of it follows anew, with or without the time of each line."""

    at: float
    timestamps: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What it uses at this moment."""

    at: float
    usage: Usage
    processes: tuple[Process, ...]


@dataclass(frozen=True, slots=True)
class Probed:
    """The round of questions is over."""

    at: float
    result: ProbeResult


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was asked of the running container came to nothing; it runs on."""

    at: float
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """It was asked to end (SIGTERM)."""

    at: float
    patience_seconds: float
    """After so long it is killed (SIGKILL)."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """It was stopped from here, and its container is removed."""

    at: float
    seconds: float
    """How long the stop took."""
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class Died:
    """It ended by itself or by somebody else's hand. Its container is still there, for whoever wants to look."""

    at: float
    death: Death


@dataclass(frozen=True, slots=True)
class RunFailed:
    """It never ran, or the engine was lost."""

    at: float
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The container of a run that is over is gone."""

    at: float
    freed_bytes: int


@dataclass(frozen=True, slots=True)
class ChatOpened:
    """A chat is connected."""

    at: float


@dataclass(frozen=True, slots=True)
class ChatSent:
    """A message left."""

    at: float
    message: str | bytes


@dataclass(frozen=True, slots=True)
class ChatReceived:
    """A message came."""

    at: float
    message: str | bytes
    latency_seconds: float | None
    """Since the same message was sent; None where it is no echo."""


@dataclass(frozen=True, slots=True)
class ChatClosed:
    """The chat is over, or never came about."""

    at: float
    code: int | None
    """As RFC 6455 numbers them: 1000 well, 1001 going away, 1006 without a word; None where it never was open."""
    reason: str


RunEnd = Stopped | Died | RunFailed
ChatEvent = ChatOpened | ChatSent | ChatReceived | ChatClosed
RunEvent = (
    Starting
    | Started
    | Ready
    | NotReady
    | LogText
    | LogKept
    | LogRestarted
    | Measured
    | Probed
    | Refused
    | Stopping
    | RunEnd
    | Removed
    | ChatEvent
)
