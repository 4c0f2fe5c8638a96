"""`jettison clean`: what is ours on the engine, and its removal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from tui.commands.building import no_engine
from tui.commands.exits import Exit
from tui.commands.say import narrate, print_json, print_table
from tui.engine.errors import EngineError, NoEngine
from tui.session import format
from tui.session.cleanup import Leftover, Removal, leftovers, remove
from tui.session.connect import connect
from tui.session.ledger import Ledger


def run(engine_name: str | None, *, yes: bool, as_json: bool) -> Exit:
    """List what is ours, ask, remove it. Without a terminal nothing is removed unless `yes` says so."""
    try:
        engine = connect(engine_name, None)
    except NoEngine as error:
        return no_engine(error)
    ledger = Ledger()
    ours = leftovers(engine, ledger)
    if not as_json:
        _print_list(ours)
    agreed = bool(ours) and (yes or _ask(ours, as_json=as_json))
    removals = remove(engine, ledger, ours) if agreed else ()
    if as_json:
        print_json({"images": [_leftover_json(one) for one in ours], "removed": [_removal_json(r) for r in removals]})
    elif removals:
        _print_removals(removals)
    return Exit.CHECK_FAILED if any(removal.error for removal in removals) else Exit.FINE


def _print_list(ours: Sequence[Leftover]) -> None:
    if not ours:
        print("Nothing on this engine is ours.")
        return
    rows = [(one.title, ", ".join(one.image.tags) or "<none>", one.image.image_id[7:19], _size(one)) for one in ours]
    print_table(("MADE FOR", "TAG", "IMAGE ID", "SIZE"), rows, right=(3,))


def _ask(ours: Sequence[Leftover], *, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        narrate("Nothing was removed; --yes removes all of it.")
        return False
    return click.confirm(f"Remove {'this image' if len(ours) == 1 else f'these {len(ours)} images'}?", err=True)


def _print_removals(removals: Sequence[Removal]) -> None:
    for removal in removals:
        if removal.error is not None:
            print(f"kept {removal.leftover.title}: {_words(removal.error)}")
    gone = [removal for removal in removals if removal.error is None]
    freed = sum(removal.freed_bytes for removal in removals)
    print(f"{len(gone)} of {len(removals)} removed, {format.size(freed)} of image layers freed.")
    print("Layers that the build cache still holds stay until you say: docker builder prune")


def _words(error: EngineError) -> str:
    return f"{error.what} {error.advice}"


def _size(leftover: Leftover) -> str:
    return format.size(leftover.image.size_bytes)


def _leftover_json(leftover: Leftover) -> dict[str, object]:
    image = leftover.image
    return {
        "subject": leftover.subject,
        "stage": leftover.stage,
        "image_id": image.image_id,
        "tags": list(image.tags),
        "size_bytes": image.size_bytes,
    }


def _removal_json(removal: Removal) -> dict[str, object]:
    return {
        "image_id": removal.leftover.image.image_id,
        "freed_bytes": removal.freed_bytes,
        "error": _words(removal.error) if removal.error else None,
    }
