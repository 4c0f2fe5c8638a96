"""Figures as people read them; sizes in decimal units with three digits, as docker itself prints them.

The lowest layer: lessons, sessions and screens all say a figure in these words.
"""

from __future__ import annotations

import re

UNITS = ("B", "kB", "MB", "GB", "TB")
SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*$", re.IGNORECASE)


def size(size_bytes: int) -> str:
    """`456 MB`, `11.4 MB`, `2.21 MB`, `512 B`: decimal units, three digits that count."""
    number, unit = size_parts(size_bytes)
    return f"{number} {unit}"


def size_parts(size_bytes: int) -> tuple[str, str]:
    """Number and unit apart, for figures that are drawn large."""
    value = float(size_bytes)
    for unit in UNITS:
        digits = _three_digits(value) if unit != "B" else f"{value:.0f}"
        # 999.6 kB rounds to 1000: that is 1.00 MB.
        if float(digits) < 1000 or unit == UNITS[-1]:
            return digits, unit
        value /= 1000
    raise AssertionError("the last unit takes everything")


def progress(current_bytes: int, total_bytes: int) -> str:
    """`143 / 312 MB`, `0.52 / 9.44 MB`: so much of so much; `143 MB` where the whole is not known."""
    if total_bytes <= 0:
        return size(current_bytes)
    total, unit = size_parts(total_bytes)
    current = current_bytes / 1000 ** UNITS.index(unit)
    digits = f"{current:.0f}" if unit == "B" or not current_bytes else _three_digits(current)
    return f"{digits} / {total} {unit}"


def parse_size(text: str) -> int:
    """The bytes of `20MB`, `1.5 GB`, `512` (decimal units, as docker prints them) or `20MiB`. Raises ValueError."""
    match = SIZE.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no size: write it like 20MB or 1.5GiB")
    number, unit, binary = match.groups()
    factor: int = (1024 if binary else 1000) ** " kmgt".index(unit.lower() or " ")
    return round(float(number) * factor)


def ratio(larger_bytes: int, smaller_bytes: int) -> float | None:
    """How many times larger one image is, or None where that cannot be said."""
    return larger_bytes / smaller_bytes if smaller_bytes > 0 else None


def files(count: int) -> str:
    """`1 file`, `12,084 files`."""
    return f"{count:,} file{'' if count == 1 else 's'}"


def times(value: float) -> str:
    """`40×`, `1.7×`: enough digits to compare, none to spare."""
    return f"{value:.0f}×" if value >= 10 else f"{value:.1f}×"


def elapsed(seconds: float) -> str:
    """`12 s`, `1 m 05 s`: a clock that runs, in whole seconds, so that it ticks and does not flicker."""
    return duration(float(int(max(0.0, seconds)))).replace(".0 s", " s")


def duration(seconds: float) -> str:
    """`0.4 s`, `27.1 s`, `2 min 05 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _three_digits(value: float) -> str:
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"
