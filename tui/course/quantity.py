"""Quantities as people write them, in lessons and as guesses: `15 MB`, `12×`, `3.5 s`, `40 %`, `yes`."""

from __future__ import annotations

import math
import re
from enum import StrEnum

from tui import figures

BYTE_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
SECOND_UNITS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "min": 60.0, "m": 60.0}
YES_WORDS = {"y": 1.0, "yes": 1.0, "true": 1.0, "n": 0.0, "no": 0.0, "false": 0.0}
LARGEST = 1e15


class Unit(StrEnum):
    """What a number counts."""

    BYTES = "bytes"
    RATIO = "ratio"
    """How many times one is the other."""
    SECONDS = "seconds"
    COUNT = "count"
    PERCENT = "percent"
    YES_NO = "yes-no"
    """1 is yes, 0 is no."""
    WHICH = "which"
    """The number of one of several options, counted from 1."""


NUMERIC = (Unit.BYTES, Unit.RATIO, Unit.SECONDS, Unit.COUNT, Unit.PERCENT)
"""Units of which a guess can be close."""

EXAMPLES = {
    Unit.BYTES: "120 MB",
    Unit.RATIO: "12×",
    Unit.SECONDS: "3.5 s",
    Unit.COUNT: "7",
    Unit.PERCENT: "40 %",
    Unit.YES_NO: "yes or no",
    Unit.WHICH: "the number of an option",
}


class NotAQuantity(Exception):
    """A text says no quantity of the unit; the message tells how one is written."""


def read(text: str, unit: Unit) -> float:
    """The number that a text says, never negative. Raises NotAQuantity. A bare number of bytes means megabytes."""
    if unit is Unit.YES_NO and text.strip().lower() in YES_WORDS:
        return YES_WORDS[text.strip().lower()]
    match = re.fullmatch(r"(\d{1,15}(?:[.,]\d{1,9})?)\s*([a-z×%]*)", text.strip().lower(), re.ASCII)
    factor = _factor(match.group(2), unit) if match else None
    if match is None or factor is None or unit is Unit.YES_NO:
        raise NotAQuantity(f"{text!r} is not written like {EXAMPLES[unit]}")
    value = float(match.group(1).replace(",", ".")) * factor
    if value > LARGEST or (unit in (Unit.COUNT, Unit.WHICH) and value != math.floor(value)):
        raise NotAQuantity(f"{text!r} is not written like {EXAMPLES[unit]}")
    return value


def say(value: float, unit: Unit, options: tuple[str, ...] = ()) -> str:
    """A quantity in words; one of several by its name."""
    match unit:
        case Unit.BYTES:
            sign = "−" if value < 0 else ""
            return sign + figures.size(round(abs(value)))
        case Unit.RATIO:
            return figures.times(value)
        case Unit.SECONDS:
            return figures.duration(value)
        case Unit.COUNT:
            return f"{value:.0f}"
        case Unit.PERCENT:
            return f"{value:.0f} %"
        case Unit.YES_NO:
            return "yes" if value else "no"
        case Unit.WHICH:
            number = round(value)
            return options[number - 1] if 1 <= number <= len(options) else f"option {number}"


def _factor(word: str, unit: Unit) -> float | None:
    match unit:
        case Unit.BYTES:
            return BYTE_UNITS.get(word or "mb")
        case Unit.SECONDS:
            return SECOND_UNITS.get(word or "s")
        case Unit.RATIO:
            return 1.0 if word in ("", "x", "×", "times") else None
        case Unit.PERCENT:
            return 1.0 if word in ("", "%", "percent") else None
        case _:
            return 1.0 if word == "" else None
