"""Image names, read as docker reads them: https://pkg.go.dev/github.com/distribution/reference."""

from __future__ import annotations

import re
from dataclasses import dataclass

HUB = "docker.io"
HUB_API = "registry-1.docker.io"
"""Who answers for Docker Hub."""
LEGACY_HUB = "index.docker.io"
OFFICIAL = "library"
"""The folder of Docker Hub's official images, which their names leave out."""
DEFAULT_TAG = "latest"

_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_PART}(?:/{_PART})*")
_HOST = re.compile(r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d+)?")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an image is, in full."""

    name: str
    """As it was written."""
    host: str
    """`docker.io`, `registry.example:5000`"""
    repository: str
    """`library/golang`"""
    tag: str | None
    """None only where there is a digest alone."""
    digest: str | None = None

    @property
    def api_host(self) -> str:
        """The host that is asked."""
        return HUB_API if self.host == HUB else self.host

    @property
    def registry(self) -> str:
        """What people call the registry."""
        return registry_title(self.host)

    @property
    def full_name(self) -> str:
        """`docker.io/library/golang:1.27`, as engines print it."""
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.host}/{self.repository}{tag}{f'@{self.digest}' if self.digest else ''}"

    @property
    def short_repository(self) -> str:
        """The name without its tag, as people write it: `golang`, `registry.example/app`."""
        if self.host != HUB:
            return f"{self.host}/{self.repository}"
        return self.repository.removeprefix(f"{OFFICIAL}/")

    @property
    def is_official(self) -> bool:
        """Whether Docker itself looks after it: then it is for everybody, so that what is refused does not exist."""
        return self.host == HUB and self.repository.startswith(f"{OFFICIAL}/")

    @property
    def version(self) -> str:
        """What picks the image in its repository: the digest, or else the tag."""
        return self.digest or self.tag or DEFAULT_TAG


def registry_title(host: str) -> str:
    """What people call a registry: its host, but for Docker Hub."""
    return "Docker Hub" if host in (HUB, HUB_API, LEGACY_HUB) else host


def parse_reference(name: str) -> Reference:
    """Read a name. Raises ValueError where docker would call its format invalid."""
    rest, at, digest = name.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        raise ValueError(f"{name!r} has no digest behind its @")
    host, slash, path = rest.partition("/")
    if not slash or not (any(sign in host for sign in ".:") or host == "localhost" or host.lower() != host):
        host, path = HUB, rest
    path, colon, tag = path.partition(":")
    if host in (HUB, LEGACY_HUB):
        host, path = HUB, path if "/" in path else f"{OFFICIAL}/{path}"
    if not _HOST.fullmatch(host) or not _REPOSITORY.fullmatch(path) or (colon and not _TAG.fullmatch(tag)):
        raise ValueError(f"{name!r} is no name of an image")
    return Reference(name, host, path, tag or (None if at else DEFAULT_TAG), digest or None)
