"""The nouns of an engine, as frozen data: the engine itself, where one was looked for, an image that exists.

Sizes are whole bytes, durations and offsets are seconds as floats, dates are timezone-aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tui.engine.request import Builder


class SizeBasis(StrEnum):
    """What an engine's size figure counts; figures of unlike basis must not be compared."""

    UNPACKED = "unpacked"
    """The sum of the unpacked layers, as graph drivers such as overlay2 report."""
    PACKED = "packed"
    """The compressed content as it lies in containerd's content store."""
    PACKED_AND_UNPACKED = "packed and unpacked"
    """Both of the above added up, as lists on the containerd image store report."""


class Problem(StrEnum):
    """Why a place where an engine might listen did not answer as one."""

    NOT_THERE = "not there"
    """No such socket or host."""
    NOBODY_LISTENS = "nobody listens"
    """The socket or port exists, and no engine is behind it."""
    NOT_ALLOWED = "not allowed"
    """This user may not open the socket."""
    NOT_DOCKER = "not Docker"
    """Something answered that does not speak Docker's API, or only a version too old."""
    TLS = "TLS"
    """The certificates do not fit or cannot be read."""
    UNKNOWN_CONTEXT = "unknown context"
    """A docker context was named that does not exist, or its files cannot be read."""
    UNSUPPORTED = "unsupported"
    """The URL's scheme cannot be spoken here (ssh://, which takes a forwarded socket instead)."""
    NO_ANSWER = "no answer"
    """Connected, and nothing came back in time."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One place where an engine was looked for in vain."""

    source: str
    """Why this place was tried: `DOCKER_HOST`, `docker context "desktop-linux"`, `Colima`, …"""
    endpoint: str
    """The URL."""
    problem: Problem
    detail: str
    """The system's own words."""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Who answers: shown in the header, printed by `jettison doctor`, kept in recordings."""

    name: str
    """The product: `docker`, `podman`."""
    version: str
    api_version: str
    builder: Builder
    """The builder that a build uses unless its request names another."""
    storage_driver: str
    """`overlay2`, `overlayfs`, `vfs`, …"""
    size_basis: SizeBasis
    """What this engine's image sizes count."""
    platform: str
    """`linux/amd64`"""
    endpoint: str
    """The URL that was connected to."""
    context: str | None = None
    """The docker context that named the endpoint, where one did."""
    root_folder: str = ""
    """Where it keeps its data, on its own machine."""
    recorded_on: datetime | None = None
    """Set only where no engine answers but a recording of one does; every figure must then say so."""


@dataclass(frozen=True, slots=True)
class HistoryLayer:
    """One entry of an image's history, oldest first."""

    created_by: str
    """The instruction as the builder wrote it down, without noise such as `/bin/sh -c #(nop)`; empty where an image
    was imported rather than built."""
    size_bytes: int
    """Unpacked bytes that this instruction added; 0 for one that changed the configuration only."""
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image that exists on an engine."""

    image_id: str
    """`sha256:` and 64 hex digits."""
    tags: tuple[str, ...]
    size_bytes: int
    size_basis: SizeBasis
    platform: str
    """`linux/amd64`"""
    created: datetime | None
    layers: tuple[HistoryLayer, ...]
    user: str = ""
    """Config.User; empty means root."""
    labels: dict[str, str] = field(default_factory=dict)
    unpacked_bytes: int | None = None
    """Where the engine tells both figures (containerd image store); otherwise None."""
    packed_bytes: int | None = None

    @property
    def stand_in(self) -> str | None:
        """What a stand-in base image below this one says of itself, or None on real bases."""
        return self.labels.get(STAND_IN_LABEL)


STAND_IN_LABEL = "jettison.stand-in"
"""Carried by base images that only stand in for the real ones; every image built on them inherits it."""
