"""The docker command that a build equals, for people to read, learn and copy."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from tui.engine.request import Builder, BuildRequest


def docker_build_command(request: BuildRequest, cwd: Path) -> str:
    """One line that does the same at a shell standing in `cwd`. Ownership labels are ours alone and left out."""
    dockerfile = request.dockerfile
    if not dockerfile.is_absolute():
        dockerfile = request.context / dockerfile
    words = ["docker", "build", "-t", request.tag]
    if dockerfile != request.context / "Dockerfile":
        words += ["-f", _from(dockerfile, cwd)]
    if request.target:
        words += ["--target", request.target]
    for name, value in request.build_args:
        words += ["--build-arg", f"{name}={value}"]
    if request.no_cache:
        words.append("--no-cache")
    words.append(_from(request.context, cwd))
    prefix = "DOCKER_BUILDKIT=0 " if request.builder is Builder.CLASSIC else ""
    return prefix + shlex.join(words)


def _from(path: Path, cwd: Path) -> str:
    """The shorter of the absolute and the relative way to a path."""
    relative = os.path.relpath(path, cwd)
    return relative if len(relative) <= len(str(path)) else str(path)
