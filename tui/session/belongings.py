"""All that is ours on an engine and on the disk, and its removal: containers, images, cached files, work folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from tui.session.cached_files import Cached, cached_files, remove_cached, work_folders
from tui.session.cleanup import Leftover, Removal, leftovers, remove
from tui.session.container_cleanup import ContainerRemoval, LeftContainer, left_containers, remove_containers

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.containers import Share
    from tui.session.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Ours:
    """All that could be removed."""

    containers: tuple[LeftContainer, ...]
    images: tuple[Leftover, ...]
    shares: Mapping[str, Share]
    """How much of each image is its own, by ID, where the engine tells."""
    cached: tuple[Cached, ...]
    work: tuple[Cached, ...] = ()
    """What the learner wrote. Removed only where they choose it."""

    def __bool__(self) -> bool:
        return bool(self.containers or self.images or self.cached or self.work)

    @property
    def count(self) -> str:
        """`2 containers, 1 image and the cached files`; empty where there is nothing."""
        parts = [
            f"{len(things)} {word if len(things) == 1 else word + 's'}"
            for things, word in ((self.containers, "container"), (self.images, "image"))
            if things
        ]
        if self.cached:
            parts.append("the cached files")
        if self.work:
            parts.append("what you wrote")
        return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """A folder or file that could not be deleted."""

    cached: Cached
    why: str
    """The system's own words."""

    def __str__(self) -> str:
        return f"{self.cached.path} cannot be deleted: {self.why}. Delete it yourself, or look whose it is."


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of removing it."""

    containers: tuple[ContainerRemoval, ...] = ()
    images: tuple[Removal, ...] = ()
    cache_bytes: int = 0
    work_bytes: int = 0
    kept_files: tuple[KeptFiles, ...] = ()
    """What of the cached files and of the work could not be deleted, or not all of it."""

    @property
    def complete(self) -> bool:
        """Whether nothing was kept."""
        errors = [one.error for one in self.containers] + [one.error for one in self.images]
        return not any(errors) and not self.kept_files


def all_ours(several: Sequence[Ours]) -> Ours:
    """What several learners have, in one list: whoever runs a trial of a course is a learner of its own."""
    return Ours(
        containers=tuple(chain.from_iterable(one.containers for one in several)),
        images=tuple(chain.from_iterable(one.images for one in several)),
        shares={image_id: share for one in several for image_id, share in one.shares.items()},
        cached=tuple(chain.from_iterable(one.cached for one in several)),
        work=tuple(chain.from_iterable(one.work for one in several)),
    )


def all_removed(several: Sequence[Removed]) -> Removed:
    """What came of removing what several learners had."""
    return Removed(
        containers=tuple(chain.from_iterable(one.containers for one in several)),
        images=tuple(chain.from_iterable(one.images for one in several)),
        cache_bytes=sum(one.cache_bytes for one in several),
        work_bytes=sum(one.work_bytes for one in several),
        kept_files=tuple(chain.from_iterable(one.kept_files for one in several)),
    )


def find_ours(engine: Engine, ledger: Ledger, *, cache: bool, work: bool = False) -> Ours:
    """What there is; cached files and work folders only where they are asked for. Raises EngineLost, OSError."""
    images = leftovers(engine, ledger)
    shares = engine.shares() if images else {}
    cached, written = cached_files() if cache else (), work_folders() if work else ()
    return Ours(left_containers(engine, ledger), images, shares, cached, written)


def remove_ours(engine: Engine, ledger: Ledger, ours: Ours) -> Removed:
    """Remove all of these; what cannot be removed is told, and keeps nothing else from going."""
    # Containers first: an image that one of them uses cannot be removed.
    containers = remove_containers(engine, ledger, ours.containers)
    images = remove(engine, ledger, ours.images)
    cache_bytes, kept_of_cache = _deleted(ours.cached)
    work_bytes, kept_of_work = _deleted(ours.work)
    return Removed(containers, images, cache_bytes, work_bytes, kept_of_cache + kept_of_work)


def _deleted(chosen: Sequence[Cached]) -> tuple[int, tuple[KeptFiles, ...]]:
    """The bytes freed by deleting these, and those that could not be."""
    freed_bytes, kept = 0, []
    for cached in chosen:
        try:
            freed_bytes += remove_cached([cached])
        except OSError as error:
            kept.append(KeptFiles(cached, error.strerror or str(error)))
    return freed_bytes, tuple(kept)
