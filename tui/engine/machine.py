"""Whether an engine is on this machine: a port on the loopback address is there on the machine of its engine alone."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

REMOTE_SCHEMES = ("tcp", "http", "https", "ssh")


@dataclass(frozen=True, slots=True)
class Machine:
    """Another machine, as it is reached from here."""

    host: str
    user: str | None = None
    ssh_port: int | None = None
    """Where an ssh:// endpoint names one."""


def other_machine(endpoint_url: str) -> Machine | None:
    """The machine that an engine is on; None for this one. Looks the name up, which may take its time."""
    parts = urlsplit(endpoint_url)
    if parts.scheme not in REMOTE_SCHEMES or not parts.hostname or _is_this_one(parts.hostname):
        return None
    is_ssh = parts.scheme == "ssh"
    return Machine(parts.hostname, parts.username if is_ssh else None, parts.port if is_ssh else None)


def is_taken_here(host: str, port: int) -> bool:
    """Whether somebody accepts connections at this address."""
    try:
        with socket.create_connection((host, port), timeout=1.0):
            return True
    except OSError:
        return False


def _is_this_one(host: str) -> bool:
    """An address of this machine is one that can be bound here."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_DGRAM)
    except OSError:
        return False
    return any(_can_bind(family, address) for family, *_, address in found)


def _can_bind(family: int, address: tuple[object, ...]) -> bool:
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as tried:
        tried.bind(address)
        return True
    return False
