"""Where an engine listens, and what is needed to be let in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The certificate files of a TLS endpoint, in PEM form."""

    ca: Path | None
    cert: Path | None
    key: Path | None
    verify: bool = True
    """False only where the docker context says `SkipTLSVerify`."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place where an engine may be had."""

    url: str
    """`unix:///var/run/docker.sock`, `tcp://host:2376`, `npipe:////./pipe/docker_engine`."""
    source: str
    """Why this place is tried, for people: `DOCKER_HOST`, `the default socket`, `Colima`."""
    context: str | None = None
    """The docker context that names it, where one does."""
    tls: TlsFiles | None = None
