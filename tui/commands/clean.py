"""`jettison clean`: what is ours on the engine and in the cache folder, and its removal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from tui.commands.building import no_engine, warn_of_configuration
from tui.commands.exits import Exit
from tui.commands.say import narrate, print_json, print_table
from tui.engine.errors import EngineError, NoEngine
from tui.session import format
from tui.session.belongings import Ours, Removed, all_ours, all_removed, find_ours, remove_ours
from tui.session.cleanup import Leftover, Removal
from tui.session.connect import connect
from tui.session.container_cleanup import ContainerRemoval, LeftContainer
from tui.session.ledger import Ledger
from tui.session.paths import another_home
from tui.session.trial_home import abandoned_homes

if TYPE_CHECKING:
    from pathlib import Path

    from tui.engine.api import Engine
    from tui.engine.containers import Share
    from tui.session.cached_files import Cached


def run(engine_name: str | None, *, yes: bool, as_json: bool, cache: bool = False, work: bool = False) -> Exit:
    """List what is ours, ask, remove it. Without a terminal nothing is removed unless `yes` says so."""
    try:
        warn_of_configuration(engine_name)
        engine = connect(engine_name, None)
    except NoEngine as error:
        return no_engine(error)
    with abandoned_homes() as homes:
        lots = [_Lot(ledger := Ledger(), find_ours(engine, ledger, cache=cache, work=work))]
        lots += [lot for home in homes if (lot := _left_by_trial(engine, home)).ours]
        ours = all_ours([lot.ours for lot in lots])
        if not as_json:
            _print_list(ours)
        if len(lots) > 1:
            narrate("Some of it is of a check of a course that came to no end of its own.")
        agreed = bool(ours) and (yes or _ask(ours, as_json=as_json))
        removed = all_removed([remove_ours(engine, lot.ledger, lot.ours) for lot in lots] if agreed else [])
    if as_json:
        print_json(_json(ours, removed, cache=cache, work=work))
    elif agreed:
        _print_removals(ours, removed)
    return Exit.FINE if removed.complete else Exit.CHECK_FAILED


@dataclass(frozen=True, slots=True)
class _Lot:
    """What one learner has, and where it is written down: the one who asks, or a trial of a course."""

    ledger: Ledger
    ours: Ours


def _left_by_trial(engine: Engine, home: Path) -> _Lot:
    with another_home(home):
        ledger = Ledger()
        return _Lot(ledger, find_ours(engine, ledger, cache=False))


def _print_list(ours: Ours) -> None:
    if not ours:
        print("Nothing on this engine is ours.")
        return
    if ours.containers:
        print_table(
            ("RUNS", "CONTAINER", "CONTAINER ID", "STATE", "WRITTEN"),
            [_container_row(left) for left in ours.containers],
            right=(4,),
        )
    if ours.images:
        _print_images(ours)
    for title, folders in (("CACHED", ours.cached), ("YOUR WORK", ours.work)):
        if folders:
            rows = [(one.name, str(one.files), format.size(one.size_bytes)) for one in folders]
            print_table((title, "FILES", "SIZE"), rows, right=(1, 2))


def _container_row(left: LeftContainer) -> tuple[str, ...]:
    one = left.container
    written = format.size(one.written_bytes) if one.written_bytes is not None else "?"
    return (left.subject, one.name, one.container_id[:12], one.state, written)


def _print_images(ours: Ours) -> None:
    rows = []
    for one in ours.images:
        share = ours.shares.get(one.image.image_id)
        unique, shared = (share.unique_bytes, share.shared_bytes) if share else (None, None)
        sizes = [format.size(part) if part is not None else "?" for part in (one.image.size_bytes, unique, shared)]
        rows.append((one.title, _tags(one.image.tags), one.image.image_id[7:19], *sizes))
    print_table(("MADE FOR", "TAG", "IMAGE ID", "SIZE", "UNIQUE", "SHARED"), rows, right=(3, 4, 5))


def _tags(tags: Sequence[str]) -> str:
    """In a cell of a table: an image that several builds came to has as many tags."""
    if not tags:
        return "<none>"
    return tags[0] if len(tags) == 1 else f"{tags[0]} and {len(tags) - 1} more"


def _ask(ours: Ours, *, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        narrate("Nothing was removed; --yes removes all of it.")
        return False
    return click.confirm(f"Remove {ours.count}?", err=True)


def _print_removals(ours: Ours, removed: Removed) -> None:
    for gone in removed.containers:
        if gone.error is not None:
            print(f"kept {gone.left.container.name}: {_words(gone.error)}")
    for removal in removed.images:
        if removal.error is not None:
            print(f"kept {removal.leftover.title}: {_words(removal.error)}")
    for word, removals in (("container", removed.containers), ("image", removed.images)):
        if removals:
            freed = sum(one.freed_bytes for one in removals)
            what = "of image layers freed" if word == "image" else "that they had written freed"
            print(f"{_gone(removals)} of {len(removals)} {word}s removed, {format.size(freed)} {what}.")
    if removed.images:
        print("Layers that the build cache still holds stay until you say: docker builder prune")
    kept = {one.cached.path for one in removed.kept_files}
    for files in removed.kept_files:
        print(f"kept {files.cached.name}: {files}")
    for what, cached, freed in (
        ("The cached files are", ours.cached, removed.cache_bytes),
        ("What you wrote is", ours.work, removed.work_bytes),
    ):
        if cached:
            but = " but for what is named above" if kept & {one.path for one in cached} else ""
            print(f"{what} deleted{but}, {format.size(freed)} freed.")


def _gone(removals: Sequence[Removal | ContainerRemoval]) -> int:
    return sum(1 for one in removals if one.error is None)


def _words(error: EngineError) -> str:
    return f"{error.what} {error.advice}"


def _json(ours: Ours, removed: Removed, *, cache: bool, work: bool) -> dict[str, object]:
    told: dict[str, object] = {
        "containers": [_container_json(one) for one in ours.containers],
        "images": [_image_json(one, ours.shares.get(one.image.image_id)) for one in ours.images],
        "removed": [_removal_json("image_id", one.leftover.image.image_id, one) for one in removed.images],
        "removed_containers": [
            _removal_json("container_id", one.left.container.container_id, one) for one in removed.containers
        ],
    }
    if cache or work:
        told["kept_files"] = [{"path": str(one.cached.path), "error": one.why} for one in removed.kept_files]
    if cache:
        told["cache"] = [_folder_json(one) for one in ours.cached]
        told["cache_freed_bytes"] = removed.cache_bytes
    if work:
        told["work"] = [_folder_json(one) for one in ours.work]
        told["work_freed_bytes"] = removed.work_bytes
    return told


def _folder_json(one: Cached) -> dict[str, object]:
    return {"name": one.name, "files": one.files, "size_bytes": one.size_bytes}


def _container_json(left: LeftContainer) -> dict[str, object]:
    container = left.container
    return {
        "subject": left.subject,
        "name": container.name,
        "container_id": container.container_id,
        "state": container.state.value,
        "written_bytes": container.written_bytes,
    }


def _image_json(leftover: Leftover, share: Share | None) -> dict[str, object]:
    image = leftover.image
    return {
        "subject": leftover.subject,
        "stage": leftover.stage,
        "image_id": image.image_id,
        "tags": list(image.tags),
        "size_bytes": image.size_bytes,
        "unique_bytes": share.unique_bytes if share else None,
        "shared_bytes": share.shared_bytes if share else None,
    }


def _removal_json(key: str, value: str, removal: Removal | ContainerRemoval) -> dict[str, object]:
    error = _words(removal.error) if removal.error else None
    return {key: value, "freed_bytes": removal.freed_bytes, "error": error}
