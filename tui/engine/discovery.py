"""Finding an engine: what was named, then the places where engines usually listen.

Whatever is tried in vain is kept as data, for the screen without an engine and for `jettison doctor`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.engine.contexts import ContextUnknown, context_endpoint, current_context, tls_files
from tui.engine.docker_config import DockerConfig, docker_folder, read_docker_config
from tui.engine.endpoint import Endpoint, TlsFiles
from tui.engine.errors import NoEngine
from tui.engine.hosts import HostUnreadable, read_host
from tui.engine.model import Attempt, Problem
from tui.engine.request import Builder

if TYPE_CHECKING:
    from tui.engine.docker_engine import DockerEngine

ANSWER_SECONDS = 5.0
"""How long a place may take to answer before the next one is tried."""

REPLAY_ADVICE = "jettison --engine replay shows a recorded build."
SPOKEN = ("unix", "tcp", "http", "https", "npipe", "fd")
LOCAL = ("unix:", "npipe:", "/", "./")
"""What the address of an engine on this machine begins with: there is no TLS on the way to it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look, in order."""

    endpoints: tuple[Endpoint, ...]
    named: bool
    """Whether the user named the place: then it is the only one, and nothing else may step in."""


def places(named: str | None, environ: Mapping[str, str], config: DockerConfig | None = None) -> Places:
    """The places that are worth a try. `named` is what `--engine` says: `docker`, a URL, or None.

    `config` is Docker's configuration, where it was read before.

    Raises ContextUnknown where the docker context in force does not exist.
    """
    if named and named != "docker":
        return Places((Endpoint(named, "--engine", tls=_environment_tls(named, environ)),), named=True)
    if host := environ.get("DOCKER_HOST"):
        return Places((Endpoint(host, "DOCKER_HOST", tls=_environment_tls(host, environ)),), named=True)
    context = current_context(environ, config or read_docker_config(environ))
    if context is not None:
        chosen = context_endpoint(context, environ)
        if environ.get("DOCKER_CONTEXT") or named:
            return Places((chosen,), named=True)
        return Places((chosen, *_usual(environ)), named=False)
    return Places(tuple(_usual(environ)), named=bool(named))


def find_engine(
    named: str | None = None, builder: Builder | None = None, environ: Mapping[str, str] | None = None
) -> DockerEngine:
    """The first engine that answers. Raises NoEngine, which tells of every attempt."""
    environ = os.environ if environ is None else environ
    config = read_docker_config(environ)
    try:
        where = places(named, environ, config)
    except ContextUnknown as error:
        raise _unknown_context(error, environ) from error
    attempts: list[Attempt] = []
    for endpoint in where.endpoints:
        found = _try(endpoint, builder, config)
        if not isinstance(found, Attempt):
            return found
        attempts.append(found)
    raise NoEngine(_what(where, attempts), _advice(attempts), tuple(attempts), where.named)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look at every place found."""

    engine: DockerEngine | None
    """The first that answers."""
    attempts: tuple[Attempt, ...]
    """The places that do not answer, those behind the first engine included."""
    advice: str


def survey(named: str | None = None, environ: Mapping[str, str] | None = None) -> Survey:
    """Try every place, even when one answers. Never raises: an unknown docker context is an attempt like others."""
    environ = os.environ if environ is None else environ
    config = read_docker_config(environ)
    try:
        where = places(named, environ, config)
    except ContextUnknown as error:
        refused = _unknown_context(error, environ)
        return Survey(None, refused.attempts, refused.advice)
    engine: DockerEngine | None = None
    attempts: list[Attempt] = []
    for endpoint in where.endpoints:
        found = _try(endpoint, None, config)
        if isinstance(found, Attempt):
            attempts.append(found)
        elif engine is None:
            engine = found
        else:
            found.close()
    return Survey(engine, tuple(attempts), _advice(attempts))


def _try(endpoint: Endpoint, builder: Builder | None, config: DockerConfig) -> DockerEngine | Attempt:
    try:
        endpoint = replace(endpoint, url=read_host(endpoint.url, tls=endpoint.tls is not None))
    except HostUnreadable as error:
        return Attempt(endpoint.source, endpoint.url, Problem.UNSUPPORTED, str(error))
    scheme, _, rest = endpoint.url.partition("://")
    if not rest or scheme not in SPOKEN:
        return Attempt(endpoint.source, endpoint.url, Problem.UNSUPPORTED, _unsupported(scheme))
    if scheme == "unix" and not os.path.lexists(rest):
        # Not worth the import of an HTTP client.
        return Attempt(endpoint.source, endpoint.url, Problem.NOT_THERE, os.strerror(2))

    import requests
    from docker.errors import DockerException

    from tui.engine.boundary import diagnose
    from tui.engine.docker_engine import open_engine

    try:
        return open_engine(endpoint, builder, ANSWER_SECONDS, config.proxies_for(endpoint.url))
    except (requests.RequestException, DockerException, OSError, ValueError, KeyError) as error:
        problem, detail = diagnose(error)
        return Attempt(endpoint.source, endpoint.url, problem, detail)


def _usual(environ: Mapping[str, str]) -> Iterator[Endpoint]:
    """The sockets where engines listen when nothing is said, the most likely first."""
    if sys.platform == "win32":
        yield Endpoint("npipe:////./pipe/docker_engine", "the default pipe")
        yield Endpoint("npipe:////./pipe/dockerDesktopLinuxEngine", "Docker Desktop")
        return
    home = Path(environ.get("HOME") or Path.home())
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    for path, source in (
        (Path("/var/run/docker.sock"), "the default socket"),
        (runtime / "docker.sock", "rootless Docker"),
        (home / ".docker/run/docker.sock", "Docker Desktop"),
        (home / ".docker/desktop/docker.sock", "Docker Desktop for Linux"),
        (home / ".colima/default/docker.sock", "Colima"),
        (home / ".orbstack/run/docker.sock", "OrbStack"),
        (home / ".rd/docker.sock", "Rancher Desktop"),
        (runtime / "podman/podman.sock", "rootless Podman"),
        (Path("/run/podman/podman.sock"), "Podman"),
    ):
        yield Endpoint(f"unix://{path}", source)


def _environment_tls(url: str, environ: Mapping[str, str]) -> TlsFiles | None:
    """The certificates that DOCKER_TLS_VERIFY and DOCKER_CERT_PATH ask for, as Docker's CLI reads them."""
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    cert_path = environ.get("DOCKER_CERT_PATH")
    if not (verify or cert_path or url.startswith("https")) or url.strip().startswith(LOCAL):
        return None
    return tls_files(Path(cert_path) if cert_path else docker_folder(environ), verify)


def _unknown_context(error: ContextUnknown, environ: Mapping[str, str]) -> NoEngine:
    name = environ.get("DOCKER_CONTEXT") or "currentContext"
    attempt = Attempt("the docker context", name, Problem.UNKNOWN_CONTEXT, str(error))
    return NoEngine(
        f"The docker context cannot be used: {error}.",
        f"Choose another with docker context use, or unset DOCKER_CONTEXT; {REPLAY_ADVICE}",
        (attempt,),
        named=True,
    )


def _unsupported(scheme: str) -> str:
    if scheme == "ssh":
        return (
            "ssh:// is not spoken here; forward the socket instead: "
            "ssh -nNT -L /tmp/remote.sock:/var/run/docker.sock HOST, then --engine unix:///tmp/remote.sock"
        )
    return "an engine's URL begins with unix://, tcp:// or npipe://"


def _what(where: Places, attempts: list[Attempt]) -> str:
    if where.named and len(attempts) == 1:
        attempt = attempts[0]
        return (
            f"No engine answers at {attempt.endpoint} (named by {attempt.source}): {attempt.problem}, {attempt.detail}."
        )
    return f"No container engine answers; {len(attempts)} places were tried."


def _advice(attempts: list[Attempt]) -> str:
    """What helps most: the problem that is nearest to success decides."""
    problems = {attempt.problem for attempt in attempts}
    if Problem.NOT_ALLOWED in problems:
        how = "This user may not open the engine's socket: sudo usermod -aG docker $USER, then log in again."
    elif Problem.TLS in problems:
        how = "Check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY: the certificates do not fit."
    elif Problem.NOBODY_LISTENS in problems:
        how = "The engine is installed but does not run: start it (systemctl start docker, or open Docker Desktop)."
    else:
        how = "Install or start one: Docker Desktop, Docker Engine, Colima or Podman."
    return f"{how} Without one, {REPLAY_ADVICE}"
