"""Docker's own configuration file, `config.json`: the context in force, proxies for builds, registry logins.

A file that cannot be read stops nothing: as with docker's CLI there is a warning, and the defaults hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from tui.engine.request import BuildRequest

EVERY_HOST = "default"
"""The key of the proxies for engines that have no entry of their own."""
PROXY_VARIABLES = {
    "httpproxy": "HTTP_PROXY",
    "httpsproxy": "HTTPS_PROXY",
    "noproxy": "NO_PROXY",
    "ftpproxy": "FTP_PROXY",
    "allproxy": "ALL_PROXY",
}
"""By the keys of config.json in lower case: Go, which docker's CLI is written in, reads keys in any case."""
BYTE_ORDER_MARK = "\ufeff"

_KIND_WORDS: dict[type, str] = {str: "a string", dict: "an object"}

BuildArgs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DockerConfig:
    """What config.json says; all of it empty where there is none, or none that can be read."""

    current_context: str | None = None
    """As it stands there: `default` is possible."""
    proxies: Mapping[str, BuildArgs] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Build arguments by the engine's URL, or by `EVERY_HOST`. A proxy's URL may hold a password."""
    logins: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """`auths`, `credsStore` and `credHelpers`, as far as they are there, as they were written."""
    warning: str = ""
    """A sentence on what could not be read; empty where all could."""

    def proxies_for(self, host: str) -> BuildArgs:
        """The build arguments that docker's CLI adds to every build on the engine at this URL."""
        return self.proxies.get(host, self.proxies.get(EVERY_HOST, ()))


def docker_folder(environ: Mapping[str, str]) -> Path:
    """Where Docker's CLI keeps its configuration: `$DOCKER_CONFIG`, or `~/.docker`."""
    named = environ.get("DOCKER_CONFIG")
    return Path(named) if named else Path(environ.get("HOME") or Path.home()) / ".docker"


def read_docker_config(environ: Mapping[str, str]) -> DockerConfig:
    """The configuration of the user. Never raises: see `DockerConfig.warning`."""
    file = docker_folder(environ) / "config.json"
    try:
        text = file.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return DockerConfig()
    except OSError as error:
        return _unread(file, f"cannot be read ({error.strerror})")
    if text.startswith(BYTE_ORDER_MARK):
        return _unread(file, "begins with a byte order mark, which docker refuses too (save it as UTF-8 without one)")
    if not text.strip():
        return DockerConfig()
    try:
        # Docker reads the first value of the file and nothing behind it.
        content, _ = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text.strip())
    except (ValueError, RecursionError) as error:
        return _unread(file, f"is not valid JSON ({error})")
    if not isinstance(content, dict):
        return _unread(file, "does not hold a JSON object")
    return _Reader(file, content).config()


def with_proxies(request: BuildRequest, proxies: BuildArgs) -> BuildRequest:
    """A build with the proxies that it does not name itself."""
    given = {name for name, _ in request.build_args}
    added = tuple((name, value) for name, value in proxies if name not in given)
    return replace(request, build_args=(*request.build_args, *added)) if added else request


class _Reader:
    """Takes what it knows out of the file's object. A value of the wrong type is left out, and told of."""

    def __init__(self, file: Path, content: dict[str, Any]) -> None:
        self._file = file
        self._content = _any_case(content)
        self._odd: list[str] = []

    def config(self) -> DockerConfig:
        context = self._typed(self._content, "currentContext", str, "")
        proxies = self._proxies()
        logins = {
            key: value
            for key, kind in (("auths", dict), ("credsStore", str), ("credHelpers", dict))
            if (value := self._typed(self._content, key, kind, None))
        }
        warning = f"{self._file}: {', '.join(self._odd)}; docker's default is used instead." if self._odd else ""
        return DockerConfig(context or None, proxies, logins, warning)

    def _proxies(self) -> dict[str, BuildArgs]:
        hosts: dict[str, Any] = self._typed(self._content, "proxies", dict, {})
        return {host: self._arguments(hosts, host) for host in hosts}

    def _arguments(self, hosts: dict[str, Any], host: str) -> BuildArgs:
        """Each proxy under both of its names: programs look for either."""
        entry = _any_case(self._typed(hosts, host, dict, {}))
        found = {variable: self._typed(entry, key, str, "") for key, variable in PROXY_VARIABLES.items()}
        return tuple((name, url) for upper, url in found.items() if url for name in (upper, upper.lower()))

    def _typed(self, entries: dict[str, Any], key: str, kind: type, default: Any) -> Any:
        value = entries.get(key, entries.get(key.lower()))
        if value is None or isinstance(value, kind):
            return default if value is None else value
        self._odd.append(f"{key} is not {_KIND_WORDS[kind]}")
        return default


def _any_case(entries: dict[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in entries.items()}


def _no_constant(name: str) -> NoReturn:
    """Python's own JSON takes NaN and Infinity."""
    raise ValueError(f"{name} is no value")


def _unread(file: Path, why: str) -> DockerConfig:
    return DockerConfig(warning=f"{file} {why}; docker's defaults are used instead.")
