"""A course as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk-through."""

    id: str
    """The file's name without its ending: `03-single-stage`."""
    title: str
    minutes: int
    """How long it takes."""
    markdown: str
    tab: str | None = None
    """The tab that goes with it: `dockerfiles`, `build`, `sizes`, `inside` or `run`."""
    action: str | None = None
    """The action that it asks for: `build-first`."""
    edition: str | None = None
    """The edition whose Dockerfiles it talks about."""
    rows: tuple[str, ...] = ()
    """The rows of the tutorial that it teaches: `T2`."""


@dataclass(frozen=True, slots=True)
class Course:
    """A walk-through."""

    title: str
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(step.minutes for step in self.steps)
