"""What tests know of the lab's registry."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

from tests.lab.places import (
    REFUSING_PROXY_PORT,
    REGISTRY_ADDRESS,
    REGISTRY_HOST,
    SILENT_PORT,
    UNTRUSTED_PORT,
    authority_file,
)
from tests.lab.registry import process
from tests.lab.registry.front import Request
from tests.lab.registry.tokens import IDENTITY_TOKEN, PASSWORD, USER


@dataclass(frozen=True, slots=True)
class LabRegistry:
    """The registry that `make lab` started, as a mirror of Docker Hub and in its own name.

    Repositories with a fault: `private/base:1`, `limited/base:1`, `cut/base:1`, `slow/base:1`, `elsewhere/base:1`
    (tests/lab/registry/front.py); `both/base:1` is for two platforms.
    """

    lab: Path
    seen: int
    """How many bytes of the log of requests are older than the test."""

    host = REGISTRY_HOST
    """As it stands before a repository's name."""
    untrusted_host = f"{REGISTRY_ADDRESS}:{UNTRUSTED_PORT}"
    silent_host = f"{REGISTRY_ADDRESS}:{SILENT_PORT}"
    refusing_proxy = f"http://{REGISTRY_ADDRESS}:{REFUSING_PROXY_PORT}"
    user, password, identity_token = USER, PASSWORD, IDENTITY_TOKEN

    @classmethod
    def of(cls, lab: Path) -> LabRegistry:
        """The registry of this lab, as of now."""
        log = process.RegistryParts(lab).log
        return cls(lab, log.stat().st_size if log.is_file() else 0)

    @property
    def authority(self) -> Path:
        """The certificate of its authority: what `SSL_CERT_FILE` names for whoever is to trust it."""
        return authority_file(self.lab)

    def answers(self) -> bool:
        """Whether it runs."""
        return process.answers(self.lab)

    def get(self, path: str) -> HTTPResponse:
        """Ask it without a token and past all engines."""
        connection = HTTPSConnection(self.host, context=ssl.create_default_context(cafile=self.authority))
        connection.request("GET", path)
        return connection.getresponse()

    def requests(self) -> list[Request]:
        """What reached it and its token server since the test began, in order."""
        with process.RegistryParts(self.lab).log.open() as log:
            log.seek(self.seen)
            return [Request(**json.loads(line)) for line in log]
