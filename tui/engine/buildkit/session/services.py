"""Which services a build's session has, besides those of its files."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Mapping
from pathlib import Path

from tui.engine.buildkit.session.auth import AuthService
from tui.engine.buildkit.session.call import Handlers
from tui.engine.buildkit.session.health import health_handlers
from tui.engine.buildkit.session.secrets import SecretService
from tui.engine.buildkit.session.ssh import SshService
from tui.engine.registry.logins import Logins
from tui.engine.request import BuildRequest


def session_handlers(request: BuildRequest, environ: Mapping[str, str]) -> list[Handlers]:
    """The services that a build may need; `environ` has the values of secrets, and names the ssh agent."""
    return [
        health_handlers(),
        AuthService(Logins(environ).for_host).handlers(),
        SecretService(request.secrets, environ).handlers(),
        SshService(request.ssh_agents, environ).handlers(),
    ]


def shared_key(context: Path) -> str:
    """The key of a context folder: the daemon keeps a copy of each, by this machine and the folder's path."""
    return hashlib.sha256(f"{socket.gethostname()}:{context.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()
