"""Events of a learner's progress as plain data and back, for whoever keeps them. What does not fit is None."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from typing import Any, get_type_hints

from tui.course.progress import (
    Answered,
    Attempted,
    Event,
    Guessed,
    GuessSkipped,
    HintShown,
    Left,
    Measured,
    Opened,
    Reset,
    SolutionShown,
)

NAMES: dict[str, type[Event]] = {
    "opened": Opened,
    "left": Left,
    "guessed": Guessed,
    "guess-skipped": GuessSkipped,
    "measured": Measured,
    "answered": Answered,
    "attempted": Attempted,
    "hint": HintShown,
    "solution": SolutionShown,
    "reset": Reset,
}
_NAME_OF = {kind: name for name, kind in NAMES.items()}


def encode(event: Event) -> dict[str, Any]:
    """An event as an object of JSON."""
    return {"what": _NAME_OF[type(event)], **asdict(event)}


def decode(data: Mapping[str, Any]) -> Event | None:
    """The event that an object tells of; None where it is none that is known here."""
    name = str(data.get("what"))
    if name not in NAMES:
        return None
    values = {field: _value(data.get(field), hint) for field, hint in _hints(name).items()}
    if any(value is None for value in values.values()):
        return None
    return NAMES[name](**values)


@cache
def _hints(name: str) -> dict[str, Any]:
    kind = NAMES[name]
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(value: Any, hint: Any) -> Any:
    """The value in the type of its field, or None."""
    if hint is float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number and abs(value) < 1e18 and math.isfinite(value) else None
    if hint in (str, int, bool):
        return value if type(value) is hint else None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None
