"""The docker command that a build equals, for people to read, learn and copy."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from tui.engine.request import Builder, BuildRequest, BuildSecret, SecretFile, SshAgent

PREFIX = {Builder.CLASSIC: "DOCKER_BUILDKIT=0 ", Builder.BUILDKIT: "DOCKER_BUILDKIT=1 ", None: ""}
"""A builder that was asked for by name is asked for here too, whatever the shell's environment says."""


def docker_build_command(request: BuildRequest, cwd: Path) -> str:
    """One line that does the same at a shell standing in `cwd`.

    Left out are ownership labels, which are ours alone, and the proxies of config.json, which docker adds by itself.
    """
    dockerfile = request.dockerfile
    if not dockerfile.is_absolute():
        dockerfile = request.context / dockerfile
    words = ["docker", "build", "-t", request.tag]
    if dockerfile != request.context / "Dockerfile":
        words += ["-f", _from(dockerfile, cwd)]
    words += _options(request, cwd)
    words.append(_from(request.context, cwd))
    return PREFIX[request.builder] + shlex.join(words)


def _options(request: BuildRequest, cwd: Path) -> Iterator[str]:
    if request.target:
        yield from ("--target", request.target)
    if request.platform:
        yield from ("--platform", request.platform)
    for name, value in request.build_args:
        yield from ("--build-arg", name if name in request.inherited_args else f"{name}={value}")
    for secret in request.secrets:
        yield from ("--secret", _secret(secret, cwd))
    for agent in request.ssh_agents:
        yield from ("--ssh", _agent(agent, cwd))
    if request.pull:
        yield "--pull"
    if request.no_cache:
        yield "--no-cache"


def _secret(secret: BuildSecret, cwd: Path) -> str:
    source = f"src={_from(secret.path, cwd)}" if isinstance(secret, SecretFile) else f"env={secret.variable}"
    return ",".join(map(_csv_field, (f"id={secret.id}", source)))


def _csv_field(text: str) -> str:
    """A field in quotes where it has to be: docker reads the fields of a secret as CSV."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _agent(agent: SshAgent, cwd: Path) -> str:
    return agent.id if agent.socket is None else f"{agent.id}={_from(agent.socket, cwd)}"


def _from(path: Path, cwd: Path) -> str:
    """The shorter of the absolute and the relative way to a path, never like an option."""
    relative = os.path.relpath(path, cwd)
    if relative.startswith("-"):
        relative = f"./{relative}"
    return relative if len(relative) <= len(str(path)) else str(path)
