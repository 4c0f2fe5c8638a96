"""Containers that are ours and still on an engine: after a crash, a kept run, a lost engine."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from tui.engine.api import Engine
from tui.engine.containers import Container
from tui.engine.errors import ContainerNotFound, EngineError
from tui.session.identity import OWNER_LABEL, own_identity
from tui.session.ledger import CONTAINER, Ledger


@dataclass(frozen=True, slots=True)
class LeftContainer:
    """One container of ours that is still on the engine."""

    container: Container
    subject: str
    references: tuple[str, ...]
    """Our own names for it in the ledger: its ID, its name."""


@dataclass(frozen=True, slots=True)
class ContainerRemoval:
    """What came of removing one container."""

    left: LeftContainer
    freed_bytes: int
    """What it had written."""
    error: EngineError | None = None
    """Why it is still there, where it is."""


def left_containers(engine: Engine, ledger: Ledger) -> tuple[LeftContainer, ...]:
    """All containers of ours that are still on the engine, oldest first. Raises EngineLost.

    Ours is what carries our label and stands in our ledger: either alone may be somebody else's. What somebody else
    removed is struck off the ledger.
    """
    if engine.info.recorded_on is not None:
        # A recording knows nothing of what is on the engine that made it.
        return ()
    endpoint = engine.info.endpoint
    written = ledger.on(endpoint, CONTAINER)
    labelled = engine.containers.labelled(OWNER_LABEL, own_identity().prefix) if written else ()
    found: list[LeftContainer] = []
    for container in reversed(labelled):
        names = (container.container_id, container.name)
        mine = [made for made in written if made.reference in names]
        if mine:
            found.append(LeftContainer(container, mine[0].subject, tuple(made.reference for made in mine)))
    there = {reference for left in found for reference in left.references}
    ledger.forget(endpoint, [made.reference for made in written if made.reference not in there])
    return tuple(found)


def remove_containers(engine: Engine, ledger: Ledger, chosen: Iterable[LeftContainer]) -> tuple[ContainerRemoval, ...]:
    """Remove these, running or not, one by one; one that cannot be removed stays in the ledger."""
    return tuple(_remove(engine, ledger, left) for left in chosen)


def _remove(engine: Engine, ledger: Ledger, left: LeftContainer) -> ContainerRemoval:
    freed = 0
    try:
        freed = engine.containers.remove(left.container.container_id)
    except ContainerNotFound:
        freed = 0
    except EngineError as error:
        return ContainerRemoval(left, 0, error)
    # What cannot be written down now is struck off when one looks again: it is gone.
    with suppress(OSError):
        ledger.forget(engine.info.endpoint, left.references)
    return ContainerRemoval(left, freed)
