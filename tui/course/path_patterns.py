"""Paths inside an image: which fit a pattern, and where the most bytes are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

DEEP_ENOUGH = 3
"""A folder is named to this depth: `/usr/local/go`, not `/usr`, and not one of its thousand packages."""
MOST_OF_IT = 0.7


def matching(pattern: str, files: Mapping[str, int]) -> dict[str, int]:
    """The files at a path, below it, or that fit a pattern: `*` within a name, `**/` for any folders."""
    fits = _compiled(pattern)
    return {path: size for path, size in files.items() if fits.fullmatch(path)}


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/"))
    wild = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(wild.get(piece, re.escape(piece)) for piece in pieces) + "(?:/.*)?", re.DOTALL)


def heaviest_folder(files: Mapping[str, int]) -> tuple[str, int]:
    """The folder that holds the most, as deep down as most of its bytes are in one place; with its bytes."""
    prefix, total = "", sum(files.values())
    for _ in range(DEEP_ENOUGH):
        below: dict[str, int] = {}
        for path, size in files.items():
            if path.startswith(prefix) and "/" in (rest := path[len(prefix) :]):
                below[rest.split("/", 1)[0]] = below.get(rest.split("/", 1)[0], 0) + size
        if not below:
            break
        heaviest = max(below, key=lambda name: below[name])
        if prefix and below[heaviest] < MOST_OF_IT * total:
            break
        prefix, total = f"{prefix}{heaviest}/", below[heaviest]
    return f"/{prefix}".rstrip("/") or "/", total
