"""Build events and the data in them as JSON, and back, without loss."""

from __future__ import annotations

import dataclasses
import types
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from tui.engine import events
from tui.engine.events import BuildEvent

EVENT_TYPES: dict[str, type] = {kind.__name__: kind for kind in get_args(BuildEvent)}


def encode(value: Any) -> Any:
    """A dataclass, or anything that one holds, as plain JSON data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(kind: Any, data: Any) -> Any:
    """The value of type `kind` that `encode` made `data` of. Raises ValueError, TypeError or KeyError if none."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else decode(next(k for k in get_args(kind) if k is not type(None)), data)
    if origin is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(data) if inner[1:] == (...,) else list(inner)
        return tuple(decode(k, item) for k, item in zip(kinds, data, strict=True))
    if origin is dict:
        return {str(key): decode(get_args(kind)[1], item) for key, item in data.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: decode(hints[name], item) for name, item in data.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if not isinstance(data, kind):
        raise ValueError(f"{data!r} is no {kind.__name__}")
    return data


def encode_event(event: BuildEvent) -> dict[str, Any]:
    """An event with the name of its type."""
    return {"event": type(event).__name__, **encode(event)}


def decode_event(data: dict[str, Any]) -> events.BuildEvent:
    """The event that `encode_event` made this of. Raises ValueError, TypeError or KeyError where it is none."""
    fields = dict(data)
    event: BuildEvent = decode(EVENT_TYPES[fields.pop("event")], fields)
    return event
