"""JSON that others wrote, read without trusting its shape: what is not of the wanted type counts as empty."""

from __future__ import annotations

import json


def parse(data: bytes) -> object:
    """The value that JSON text stands for. Raises ValueError, however it is broken."""
    try:
        value: object = json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def as_object(value: object) -> dict[str, object]:
    """An object's fields."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """A list's items."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """A text."""
    return value if isinstance(value, str) else ""


def as_texts(value: object) -> tuple[str, ...]:
    """The texts of a list; what else it holds is left out."""
    return tuple(item for item in as_list(value) if isinstance(item, str))
