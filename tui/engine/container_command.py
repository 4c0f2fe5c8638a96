"""The docker commands that containers equal, for people to read, learn and copy."""

from __future__ import annotations

import shlex

from tui.engine.containers import LOOPBACK, MEBIBYTE, ContainerRequest
from tui.engine.machine import Machine


def docker_run_command(request: ContainerRequest) -> str:
    """One line that starts the same container. Ownership labels are ours alone and left out."""
    limits = request.limits
    words = ["docker", "run", "-d", "--name", request.name]
    words += ["-p", f"{LOOPBACK}:{request.host_port or ''}:{request.port}"]
    for name, value in request.environment:
        words += ["-e", f"{name}={value}"]
    words += ["--memory", f"{limits.memory_bytes // MEBIBYTE}m", "--pids-limit", str(limits.processes)]
    words += ["--security-opt", "no-new-privileges", "--cap-drop", "ALL"]
    if limits.read_only:
        words += ["--read-only", "--tmpfs", "/tmp"]
    return shlex.join([*words, request.image, *request.command])


def docker_logs_command(container: str, *, timestamps: bool = False) -> str:
    """Follow a container's log."""
    return shlex.join(["docker", "logs", "-f", *(["-t"] if timestamps else []), container])


def docker_stop_command(container: str, patience_seconds: float | None = None) -> str:
    """Stop a container; after its patience the engine kills it."""
    patience = [] if patience_seconds is None else ["-t", f"{patience_seconds:.0f}"]
    return shlex.join(["docker", "stop", *patience, container])


def docker_remove_command(container: str) -> str:
    """Remove a container, running or not."""
    return shlex.join(["docker", "rm", "-f", "-v", container])


def docker_stats_command(container: str) -> str:
    """What a container uses now."""
    return shlex.join(["docker", "stats", "--no-stream", container])


def docker_top_command(container: str) -> str:
    """The processes of a container."""
    return shlex.join(["docker", "top", container])


def docker_shell_command(container: str, shell: str = "sh") -> str:
    """A shell in a running container."""
    return shlex.join(["docker", "exec", "-it", container, shell])


def ssh_tunnel_command(machine: Machine, port: int) -> str:
    """Lead a port of this machine's loopback address to the same one of another machine."""
    where = machine.host if machine.user is None else f"{machine.user}@{machine.host}"
    login = [] if machine.ssh_port is None else ["-p", str(machine.ssh_port)]
    return shlex.join(["ssh", "-N", *login, "-L", f"{port}:{LOOPBACK}:{port}", where])
