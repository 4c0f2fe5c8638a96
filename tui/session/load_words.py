"""A step's load in words: what the build pane and the command line say of it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.engine.events import Activity
from tui.session import format
from tui.session.step_load import Load

GAP = "  "


def load_words(load: Load) -> tuple[str, ...]:
    """The same in ever fewer words; the first has all. Empty where there is nothing to say of it."""
    amount = _amount(load)
    if not amount:
        return ()
    rate = f"{format.size(round(load.rate))}/s" if load.rate is not None else ""
    layers = f"{load.layers_done} of {len(load.layers)} layers" if load.layers else ""
    if load.activity is Activity.EXTRACTING:
        return tuple(_each_once(f"extracting {layers}", "extracting"))
    return tuple(_each_once(_joined(amount, layers, rate), _joined(amount, rate), amount))


def share(load: Load) -> float | None:
    """How much of it is done, from 0 to 1, where that can be told."""
    return min(1.0, load.current_bytes / load.total_bytes) if load.total_bytes else None


def _amount(load: Load) -> str:
    match load.activity:
        case Activity.DOWNLOADING:
            return f"↓ {format.progress(load.current_bytes, load.total_bytes)}"
        case Activity.TRANSFERRING:
            return f"↑ {format.progress(load.current_bytes, load.total_bytes)}"
        case Activity.EXTRACTING:
            return "extracting"
        case Activity.EXPORTING:
            return load.detail.split(" sha256:")[0]
        case Activity.OTHER:
            return ""


def _joined(*parts: str) -> str:
    return GAP.join(part for part in parts if part)


def _each_once(*words: str) -> Iterator[str]:
    yield from dict.fromkeys(words)
