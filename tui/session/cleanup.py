"""Removing what is ours from an engine, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from tui.engine.api import Engine
from tui.engine.errors import EngineError, ImageNotFound
from tui.engine.model import Image
from tui.session.ledger import Ledger, Made


@dataclass(frozen=True, slots=True)
class Leftover:
    """One image of ours that is still on the engine."""

    image: Image
    subject: str
    stage: str
    references: tuple[str, ...]
    """Our own names for it in the ledger: its ID, its tags."""

    @property
    def title(self) -> str:
        """What it is, in the words of the tutorial."""
        if self.stage and not self.image.tags:
            return f"{self.subject}, stage {self.stage}"
        return self.subject


@dataclass(frozen=True, slots=True)
class Removal:
    """What came of removing one image."""

    leftover: Leftover
    freed_bytes: int
    error: EngineError | None = None
    """Why it is still there, where it is."""


def leftovers(engine: Engine, ledger: Ledger) -> tuple[Leftover, ...]:
    """All images of ours that are still on the engine, oldest first. Raises EngineLost.

    What somebody else removed is struck off the ledger.
    """
    if engine.info.recorded_on is not None:
        # A recording knows nothing of what is on the engine that made it.
        return ()
    endpoint = engine.info.endpoint
    found: dict[str, tuple[Image, list[Made]]] = {}
    gone: list[str] = []
    for made in ledger.on(endpoint):
        try:
            image = engine.inspect(made.reference)
        except ImageNotFound:
            gone.append(made.reference)
            continue
        found.setdefault(image.image_id, (image, []))[1].append(made)
    ledger.forget(endpoint, gone)
    return tuple(
        Leftover(image, mine[-1].subject, mine[-1].stage, tuple(made.reference for made in mine))
        for image, mine in found.values()
    )


def remove(engine: Engine, ledger: Ledger, chosen: Iterable[Leftover]) -> tuple[Removal, ...]:
    """Remove these, one by one; an image that cannot be removed stays in the ledger."""
    return tuple(_remove(engine, ledger, leftover) for leftover in chosen)


def _remove(engine: Engine, ledger: Ledger, leftover: Leftover) -> Removal:
    freed = 0
    tags = [tag for tag in leftover.image.tags if tag in leftover.references]
    strangers = [tag for tag in leftover.image.tags if tag not in leftover.references]
    # Somebody else's tag on our image is theirs: then only our own tag goes.
    for reference in tags or ([] if strangers else [leftover.image.image_id]):
        try:
            freed += engine.remove_image(reference)
        except ImageNotFound:
            continue
        except EngineError as error:
            return Removal(leftover, freed, error)
    # What cannot be written down now is struck off when one looks again: it is gone.
    with suppress(OSError):
        ledger.forget(engine.info.endpoint, leftover.references)
    return Removal(leftover, freed)
