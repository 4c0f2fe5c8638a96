"""A build that is wanted, as frozen data. The first screen needs no more of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Builder(StrEnum):
    """Which of Docker's two builders carries out a build."""

    BUILDKIT = "buildkit"
    CLASSIC = "classic"


MOST_SECRET_BYTES = 500 * 1024
"""BuildKit takes no larger secret."""


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A secret whose value is the content of a file of this machine."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class SecretVariable:
    """A secret whose value is an environment variable."""

    id: str
    variable: str


BuildSecret = SecretFile | SecretVariable
"""What `RUN --mount=type=secret,id=…` may read. Values are read when the builder asks, and kept nowhere."""


@dataclass(frozen=True, slots=True)
class SshAgent:
    """An ssh agent that `RUN --mount=type=ssh` may use."""

    id: str = "default"
    socket: Path | None = None
    """None means the one of `$SSH_AUTH_SOCK`."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """One build that is wanted."""

    context: Path
    """The folder that is sent to the engine."""
    dockerfile: Path
    """Absolute, or relative to the context."""
    tag: str
    subject: str = ""
    """What is built, in the words of the tutorial (`current/simple`): recordings are found by it."""
    target: str | None = None
    """The stage to stop at; None builds the last one."""
    build_args: tuple[tuple[str, str], ...] = ()
    inherited_args: frozenset[str] = frozenset()
    """The names among them whose values come from the environment: a command shows these names alone."""
    labels: tuple[tuple[str, str], ...] = ()
    secrets: tuple[BuildSecret, ...] = ()
    ssh_agents: tuple[SshAgent, ...] = ()
    platform: str | None = None
    """`linux/arm64`; None leaves the choice to the engine."""
    pull: bool = False
    """Ask the registry for a newer base image even where one is here."""
    no_cache: bool = False
    builder: Builder | None = None
    """None leaves the choice to the engine."""
