"""What was found out about images beyond their builds and insides: by building them again, and by starting them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.session.base_images import BaseImage
    from tui.session.container_trial import Trial
    from tui.session.measuring import Rebuild


class Findings:
    """Kept by the image's ID, for as long as the session lasts."""

    def __init__(self) -> None:
        self.trials: dict[str, list[Trial]] = defaultdict(list)
        """The containers that were started of an image, oldest first."""
        self.rebuilds: dict[str, dict[str, Rebuild]] = defaultdict(dict)
        """Builds of the same Dockerfile that came later, by the file of which a line was edited before."""
        self.left_bytes: dict[str, int] = {}
        """What the build of an image left on the engine."""
        self.bases: dict[str, tuple[BaseImage, ...]] = {}
        """The images from outside that a project's Dockerfiles name, by the project's name: how they stood when it was
        last asked, before it was built."""
        self.engine_free_bytes: int | None = None
        """What was free on the engine's disk then, where that is known."""
        self.runs: set[int] = set()
        """Numbers of the runs that were begun for a lesson."""

    def forget(self, image_id: str) -> None:
        """Find it all out anew: another try may end otherwise."""
        for found in (self.trials, self.rebuilds, self.left_bytes):
            found.pop(image_id, None)
