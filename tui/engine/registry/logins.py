"""The user's registry logins, as `docker login` keeps them: in config.json, or in a credential helper that it names."""

from __future__ import annotations

import binascii
import logging
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from docker.auth import AuthConfig, encode_header, load_config
from docker.credentials.errors import StoreError
from docker.errors import DockerException

from tui.engine.docker_config import read_docker_config

log = logging.getLogger(__name__)

HUB_HOSTS = ("docker.io", "index.docker.io", "registry-1.docker.io")
"""Docker Hub's names: images carry the first, logins stand under the second, and the third is asked."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Login:
    """Who the user is at one registry."""

    user: str
    """Empty where the secret is an identity token."""
    secret: str = field(repr=False)


class Logins:
    """Reads logins when they are asked for: a helper may open a key chain, and a login may be made meanwhile.

    A helper that is named but not installed, or a damaged entry, counts as no login. Images that anybody may have
    can then still be pulled; where a login is needed, the registry says so.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """`environ` tells where the configuration lies."""
        self._environ = environ

    def for_host(self, host: str) -> Login | None:
        """The login at a registry, by the host that is asked (`registry-1.docker.io`, `registry.example:5000`)."""
        name = "docker.io" if host in HUB_HOSTS else host
        found: dict[str, Any] = _leniently(lambda: self._config().resolve_authconfig(name) or {}, {})
        by_name = {key.lower(): value or "" for key, value in found.items()}
        if by_name.get("identitytoken"):
            return Login("", by_name["identitytoken"])
        if by_name.get("username") or by_name.get("password"):
            return Login(by_name.get("username", ""), by_name.get("password", ""))
        return None

    def headers(self) -> dict[str, str]:
        """All logins, as a header for the classic builder: its engine gets to see the passwords."""
        logins: dict[str, Any] = _leniently(lambda: self._config().get_all_credentials(), {})
        return {"X-Registry-Config": encode_header(logins).decode("ascii")} if logins else {}

    def _config(self) -> Any:
        entries = dict(read_docker_config(self._environ).logins)
        # Given nothing, the docker package would look for a file by itself.
        return load_config(config_dict=entries) if entries else AuthConfig({})


def _leniently(read: Callable[[], Answer], otherwise: Answer) -> Answer:
    try:
        with warnings.catch_warnings():
            # A warning of the docker package would be printed across the screen; the log below has it.
            warnings.simplefilter("ignore")
            return read()
    except (DockerException, StoreError, OSError, ValueError, KeyError, binascii.Error) as error:
        log.warning("No registry login can be read: %s", error)
        return otherwise
