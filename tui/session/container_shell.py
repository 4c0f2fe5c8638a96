"""A shell inside a running container: how to start one, or why there is none."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engine.container_command import docker_shell_command

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.containers import Container


@dataclass(frozen=True, slots=True)
class Shell:
    """A command that opens a shell, for a terminal that it may have to itself."""

    arguments: tuple[str, ...]
    environ: tuple[tuple[str, str], ...]
    """To be added to the environment: it points docker at the same engine."""
    command: str
    """For people."""


@dataclass(frozen=True, slots=True)
class NoShell:
    """Why none can be opened."""

    reason: str
    command: str
    """What one would have typed."""


def shell_in(engine: Engine, container: Container) -> Shell | NoShell:
    """Look whether the container has a shell. Raises ContainerNotFound, EngineLost; blocks while the engine looks."""
    command = docker_shell_command(container.name)
    if engine.containers.shell(container.container_id) is None:
        reason = "There is no shell in this image: it holds the program and little else. That is a strength, too."
        return NoShell(reason, command)
    docker = shutil.which("docker")
    if docker is None:
        return NoShell("The docker command is not installed here; where it is, this opens the shell.", command)
    info = engine.info
    # A context brings its certificates along; an address alone does not.
    environ = (("DOCKER_CONTEXT", info.context),) if info.context else (("DOCKER_HOST", info.endpoint),)
    return Shell((docker, "exec", "-it", container.container_id, "sh"), environ, command)
