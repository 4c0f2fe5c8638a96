"""A shell inside a running container: how to start one, or why there is none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engine.container_command import docker_shell_command

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.containers import Container

QUIET = {"DOCKER_CLI_HINTS": "false"}
"""Docker's advertisements on stderr are no complaint."""


@dataclass(frozen=True, slots=True)
class Shell:
    """A command that opens a shell, for a terminal that it may have to itself."""

    arguments: tuple[str, ...]
    """They name the engine too: what the environment says may lead to another one."""
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
    engine_named = ("--context", info.context) if info.context else ("--host", info.endpoint)
    return Shell((docker, *engine_named, "exec", "-it", container.container_id, "sh"), command)


def open_shell(shell: Shell) -> str:
    """Give this terminal to the shell until it ends; docker's own complaint where it could not, or empty.

    For the main thread. A Ctrl+C before docker has the terminal to itself ends docker, and not us.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        # What is printed inside comes through the terminal: on stderr docker speaks for itself alone.
        done = subprocess.run(
            shell.arguments, stderr=subprocess.PIPE, text=True, env={**os.environ, **QUIET}, check=False
        )
    except OSError as error:
        return f"docker could not be started: {error.strerror}"
    finally:
        signal.signal(signal.SIGINT, before)
    return done.stderr.strip() if done.returncode else ""
