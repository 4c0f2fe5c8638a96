"""What the environment asks of docker's CLI and so of us: DOCKER_BUILDKIT and DOCKER_DEFAULT_PLATFORM."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tui.engine.docker_config import docker_folder
from tui.engine.request import Builder
from tui.session.build_options.model import BuildOptions, OptionRefused
from tui.session.build_options.platform import read_platform

BUILDKIT_VARIABLE = "DOCKER_BUILDKIT"
PLATFORM_VARIABLE = "DOCKER_DEFAULT_PLATFORM"
BUILDX_VARIABLE = "BUILDX_BUILDER"
YES = ("1", "t", "T", "TRUE", "true", "True")
NO = ("0", "f", "F", "FALSE", "false", "False")
"""What Go's strconv.ParseBool takes for an answer."""


@dataclass(frozen=True, slots=True)
class BuildEnvironment:
    """What holds where the command line says nothing else."""

    builder: Builder | None = None
    """None leaves it to the engine, which is BuildKit wherever the engine has it."""
    platform: str | None = None

    def completing(self, options: BuildOptions) -> BuildOptions:
        """The options, with the platform of the environment where they name none."""
        return options if options.platform is not None else replace(options, platform=self.platform)


def read_environment(environ: Mapping[str, str]) -> BuildEnvironment:
    """What the environment says. Raises OptionRefused where it cannot be understood."""
    platform = environ.get(PLATFORM_VARIABLE, "")
    return BuildEnvironment(_builder(environ), read_platform(platform, PLATFORM_VARIABLE) if platform else None)


def other_builder(environ: Mapping[str, str]) -> str:
    """The builder of buildx that the user has chosen in place of the engine's own; empty where there is none."""
    if named := environ.get(BUILDX_VARIABLE, ""):
        return named
    try:
        chosen = json.loads((docker_folder(environ) / "buildx" / "current").read_bytes())
    except (OSError, ValueError):
        # buildx's own file, and it has not chosen, or in a way that is not known here.
        return ""
    return str(chosen.get("Name") or "") if isinstance(chosen, dict) else ""


def docker_habits(environ: Mapping[str, str]) -> Iterator[str]:
    """What the environment asks of builds, as sentences for people."""
    try:
        environment = read_environment(environ)
    except OptionRefused as error:
        yield str(error)
    else:
        if environment.builder is not None:
            yield f"{BUILDKIT_VARIABLE}={environ[BUILDKIT_VARIABLE]}: by the {environment.builder} builder."
        if environment.platform is not None:
            yield f"{PLATFORM_VARIABLE}={environ[PLATFORM_VARIABLE]}: for {environment.platform}."
    if other := other_builder(environ):
        yield f"buildx uses the builder {other}; Jettison builds with the engine's own."


def _builder(environ: Mapping[str, str]) -> Builder | None:
    wanted = environ.get(BUILDKIT_VARIABLE, "")
    if wanted in NO:
        return Builder.CLASSIC
    if wanted and wanted not in YES:
        raise OptionRefused(f"{BUILDKIT_VARIABLE} is {wanted!r}: it is 1 for BuildKit or 0 for the classic builder.")
    return None
