"""The address of an engine, as docker's CLI reads it from DOCKER_HOST, `-H` and its contexts.

The rules are those of `opts.ParseHost` in docker/cli. Two things differ: `http://` and `https://` are taken too, as
docker's Python package does, and a TCP address without a port means 2376 where TLS is asked for, as docker's manual has
it.
"""

from __future__ import annotations

import re
from pathlib import Path

DEFAULT_SOCKET = "/var/run/docker.sock"
DEFAULT_PIPE = "//./pipe/docker_engine"
DEFAULT_HOST = "localhost"
PLAIN_PORT = 2375
TLS_PORT = 2376
HIGHEST_PORT = 65535

AS_IT_IS = ("fd", "ssh", "http", "https")
_AUTHORITY = re.compile(r"(?:[^@/]*@)?(\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[^:\[\]?#\s]*)(?::([0-9]*))?")


class HostUnreadable(Exception):
    """An address that names no engine; the message says what one looks like."""


def read_host(text: str, *, tls: bool = False) -> str:
    """The URL that an address means: `host:2375` and `tcp://host/` are `tcp://host:2375`. Raises HostUnreadable."""
    address = text.strip()
    scheme, has_scheme, rest = address.partition("://")
    if not has_scheme:
        if address.startswith(("/", "./")):
            return f"unix://{Path(address).absolute()}"
        scheme, rest = "tcp", address
    if scheme in AS_IT_IS:
        return address.rstrip("/")
    if "://" in rest:
        raise HostUnreadable(f"{address} names two protocols")
    match scheme:
        case "tcp":
            return _tcp(address, rest, TLS_PORT if tls else PLAIN_PORT)
        case "unix":
            return f"unix://{rest.rstrip('/') or DEFAULT_SOCKET}"
        case "npipe":
            return f"npipe://{rest or DEFAULT_PIPE}"
    raise HostUnreadable("an engine's URL begins with unix://, tcp:// or npipe://")


def _tcp(address: str, rest: str, default_port: int) -> str:
    authority, _, path = rest.partition("/")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise HostUnreadable(f"{address} is not an address of the form tcp://host:port")
    port = int(match[2]) if match[2] else default_port
    if port > HIGHEST_PORT:
        raise HostUnreadable(f"{port} in {address} is not a port")
    path = f"/{path}".rstrip("/")
    return f"tcp://{match[1] or DEFAULT_HOST}:{port}{path}"
