"""JSON that others wrote, read without trusting its shape: what is not of the wanted type counts as empty."""

from __future__ import annotations

import json
import re

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(data: bytes) -> object:
    """The value that JSON text stands for; halves of a pair that stand alone in it become `\ufffd`.

    Raises ValueError, however it is broken.
    """
    try:
        value: object = json.loads(data)
        # Only an escape can bring such a half: UTF-8 has none.
        if _HALF.search(data):
            value = _whole(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _whole(value: object) -> object:
    """The same with texts that can be written anywhere."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return list(map(_whole, value))
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
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
