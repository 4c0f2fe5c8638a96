"""A build that is wanted, as frozen data. The first screen needs no more of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Builder(StrEnum):
    """Which of Docker's two builders carries out a build."""

    BUILDKIT = "buildkit"
    CLASSIC = "classic"


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
    labels: tuple[tuple[str, str], ...] = ()
    no_cache: bool = False
    builder: Builder | None = None
    """None leaves the choice to the engine."""
