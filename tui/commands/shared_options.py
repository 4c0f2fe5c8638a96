"""Options that several commands have, and what becomes of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.commands.context_folder import CONTEXT_FOLDER

if TYPE_CHECKING:
    from tui.engine.request import Builder
    from tui.session.options import StartOptions

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

EDITIONS = click.Choice(["current", "2019"])
BUILD_PARAMETERS = ("build_args", "secrets", "ssh", "target", "platform", "pull")


def _all(*options: Decorator) -> Decorator:
    """Several options as one decorator; help lists them in the opposite order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in options:
            command = option(command)
        return command

    return decorate


engine_options = _all(
    click.option("--builder", type=click.Choice(["buildkit", "classic"]), help="Use this builder."),
    click.option(
        "--engine", metavar="ENGINE", help="docker, replay, or a URL such as unix:///path or tcp://host:2376."
    ),
)
"""Which engine and which builder."""

edition_option = click.option(
    "--edition",
    type=EDITIONS,
    default="current",
    show_default=True,
    help="The tutorial's Dockerfiles as they are written today (current), or as in the article (2019).",
)
"""Which of the tutorial's Dockerfiles."""

project_options = _all(
    click.option("--no-cache", is_flag=True, help="Do not use the build cache."),
    click.option("--file", "-f", "dockerfiles", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
                 help="A Dockerfile of your own; name several to compare them."),
    click.option("--context", type=CONTEXT_FOLDER, metavar="FOLDER", help="The build context: a folder."),
    edition_option,
)  # fmt: skip
"""What is built: an edition of the tutorial's pair, or files of the learner's own."""

target_option = click.option("--target", metavar="STAGE", help="Stop at this stage of your own Dockerfiles.")

build_options = _all(
    click.option("--pull", is_flag=True, help="Ask registries for newer base images."),
    click.option("--platform", metavar="OS/ARCH", help="Build for this platform: linux/arm64."),
    click.option("--ssh", "ssh", multiple=True, metavar="NAME[=SOCKET]",
                 help="Give builds an ssh agent: default, or default=SOCKET."),
    click.option("--secret", "secrets", multiple=True, metavar="id=NAME[,src=FILE|,env=VAR]",
                 help="Give builds a secret: the content of a file, or of a variable."),
    click.option("--build-arg", "build_args", multiple=True, metavar="NAME[=VALUE]",
                 help="Set an ARG; without a value, that of the environment."),
)  # fmt: skip
"""How it is built, as for docker build. Whoever has them honours DOCKER_BUILDKIT and DOCKER_DEFAULT_PLATFORM too."""

course_option = click.option(
    "--course", type=click.Path(path_type=Path), metavar="FOLDER", help="Use the course in this folder."
)
"""A custom course."""


def start_options(**given: Any) -> StartOptions:
    """The options of a command as StartOptions. Raises OptionRefused."""
    from tui.session.build_options.reading import Given
    from tui.session.options import StartOptions

    typed = {name: given.pop(name) for name in BUILD_PARAMETERS if name in given}
    options = StartOptions(builder=_builder(given.pop("builder", None)), **given)
    return options.with_build_options(Given(**typed), os.environ, Path.cwd()) if typed else options


def written(command: click.Command, parameter: str) -> str:
    """A parameter as it is written on the command line: `--build-arg`."""
    return next((max(one.opts, key=len) for one in command.params if one.name == parameter), parameter)


def _builder(name: str | None) -> Builder | None:
    """A builder by its name."""
    if name is None:
        return None
    from tui.engine.request import Builder

    return Builder(name)
