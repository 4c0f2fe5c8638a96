"""What the command line asks of a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.session.variants import CURRENT, Project, edition, own_project

if TYPE_CHECKING:
    from tui.engine.request import Builder

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

    def project(self) -> Project:
        """What is to be built. Raises FileNotFoundError where the learner's own files are not there."""
        if self.context is not None or self.dockerfiles:
            return own_project(self.context or Path.cwd(), self.dockerfiles)
        return edition(self.edition)
