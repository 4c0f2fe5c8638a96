"""Reading build options as `docker build` reads them. What is wrong with one is said before anything is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.session.build_options.model import BuildOptions, OptionRefused
from tui.session.build_options.platform import read_platform
from tui.session.build_options.secret import read_secret
from tui.session.build_options.ssh import read_ssh_agent


@dataclass(frozen=True, slots=True)
class Given:
    """The options as they were typed."""

    build_args: Sequence[str] = ()
    secrets: Sequence[str] = ()
    ssh: Sequence[str] = ()
    target: str | None = None
    platform: str | None = None
    pull: bool = False


def read_build_options(given: Given, environ: Mapping[str, str], cwd: Path) -> BuildOptions:
    """The options that were typed in the folder `cwd`. Raises OptionRefused."""
    arguments, inherited = _build_args(given.build_args, environ)
    secrets = {secret.id: secret for secret in (read_secret(text, environ, cwd) for text in given.secrets)}
    agents = [read_ssh_agent(text, environ, cwd) for text in given.ssh]
    for agent in agents:
        if sum(agent.id == other.id for other in agents) > 1:
            raise OptionRefused(f"--ssh {agent.id} is given twice: agent names must be unique.")
    if given.target is not None and not given.target.strip():
        raise OptionRefused("--target is empty: name a stage of the Dockerfile.")
    return BuildOptions(
        tuple(arguments.items()),
        inherited,
        # Of two secrets of one name docker takes the later.
        tuple(secrets.values()),
        tuple(agents),
        given.target,
        read_platform(given.platform, "--platform") if given.platform is not None else None,
        given.pull,
    )


def _build_args(texts: Sequence[str], environ: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """The arguments by name, the later of two of one name; and the names that were given without a value."""
    found: dict[str, str] = {}
    inherited: set[str] = set()
    for text in texts:
        name, has_value, value = text.partition("=")
        if not name.strip():
            raise OptionRefused(f"--build-arg {text!r} has no name: write NAME=VALUE.")
        if has_value:
            found[name] = value
            inherited.discard(name)
        elif name in environ:
            found[name] = environ[name]
            inherited.add(name)
    return found, frozenset(inherited)
