"""What the app has around a course: the ids that a lesson may name, and the program that it may show and build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Handed in by the session, as the course knows neither the app nor the engine."""

    actions: frozenset[str]
    """Ids of all that the app can do."""
    tabs: frozenset[str]
    """Of the work area: `dockerfiles`, `build`, …"""
    editions: frozenset[str]
    """Of the tutorial's pair of Dockerfiles."""
    images: frozenset[str]
    """Names of the images that can be built without the course's help: `simple`, `2019/multistage`."""
    program: Path
    """The folder of the program that comes with the app."""
