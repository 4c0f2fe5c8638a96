"""What the command line asks of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.session.build_options.model import BuildOptions, OptionRefused
from tui.session.variants import CURRENT, Project, edition, own_project

if TYPE_CHECKING:
    from tui.engine.request import Builder
    from tui.session.build_options.reading import Given

REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class StartOptions:
    """How a session begins."""

    engine: str | None = None
    """`docker`, `replay`, a URL, or None to look for one."""
    builder: Builder | None = None
    edition: str = CURRENT
    context: Path | None = None
    """A context of the learner's own; then the edition does not count."""
    dockerfiles: tuple[Path, ...] = ()
    course: Path | None = None
    """The folder of a course; None for the tutorial."""
    no_cache: bool = False
    at_once: bool = False
    build: BuildOptions = field(default_factory=BuildOptions)

    def project(self) -> Project:
        """What is to be built.

        Raises FileNotFoundError where the learner's own files are not there, and OptionRefused for a stage that is not.
        """
        if self.context is not None or self.dockerfiles:
            return own_project(self.context or Path.cwd(), self.dockerfiles, self.build.target)
        if self.build.target is not None:
            raise OptionRefused(
                "--target is for Dockerfiles of your own, named with -f or --context. "
                "jettison build builder builds the tutorial's first stage alone."
            )
        return edition(self.edition)

    def with_build_options(self, given: Given, environ: Mapping[str, str], cwd: Path) -> StartOptions:
        """The same with what was typed, and with what the environment says where nothing was. Raises OptionRefused."""
        from tui.session.build_options.environment import read_environment
        from tui.session.build_options.reading import read_build_options

        environment = read_environment(environ)
        builder = self.builder or environment.builder
        build = environment.completing(read_build_options(given, environ, cwd))
        if builder is not None and (refusal := build.refusal(builder)):
            raise OptionRefused(refusal)
        return replace(self, builder=builder, build=build)
