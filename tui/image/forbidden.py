"""Paths that no image is to hold, named or by shell pattern, seen by a container or hidden in a layer."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from fnmatch import translate

from tui.image.anatomy import Anatomy
from tui.image.merge import Fate
from tui.printable import printable

_HIDDEN = (Fate.REPLACED, Fate.REMOVED)
_WILD = frozenset("*?[")


def read_pattern(text: str) -> str:
    """What is meant by `/usr/local/go`, `/srv/*.key` or `*.go`, in one way of writing it.

    With a slash in it, it is held against whole paths, from the root folder on; without one, against the name of
    each file and folder. `*`, `?` and `[…]` are those of a shell, and `*` goes through slashes as well. Raises
    ValueError, with a sentence, for what forbids nothing or everything.
    """
    if not text.strip():
        raise ValueError("an empty path forbids nothing: write it like /usr/local/go or *.go")
    name = text.rstrip("/")
    if "/" not in name and name not in ("", ".", ".."):
        return name
    path = "/" + posixpath.normpath(f"/{text}").lstrip("/")
    if path == "/":
        raise ValueError(f"{text!r} is the root folder, which is in every image: write it like /usr/local/go or *.go")
    return path


def forbidden_words(anatomy: Anatomy, text: str) -> str | None:
    """A sentence on what is there of what is forbidden; None where nothing is. Raises ValueError as `read_pattern`.

    What a container sees is told first, and otherwise the lowest layer that has it: an empty file, a folder or a
    link counts as much as any other.
    """
    pattern = read_pattern(text)
    finder = _Finder(pattern)
    if pattern.startswith("/") and anatomy.facts.has_path(pattern):
        return f"{printable(pattern)} is in it"
    live = finder.all_of(anatomy.merged.live) | finder.all_of(anatomy.merged.implied)
    if live:
        return f"{_named(live, pattern)} in it{_by(pattern)}"
    for number, (layer, fates) in enumerate(zip(anatomy.layers, anatomy.merged.fates, strict=True), 1):
        hidden = finder.all_of(path for path, fate in zip(layer.paths, fates, strict=True) if fate in _HIDDEN)
        if hidden:
            return f"{_named(hidden, pattern)} hidden in layer {number}{_by(pattern)}"
    return None


class _Finder:
    """Tells which of an image's paths are meant; what holds for a folder is worked out once."""

    def __init__(self, pattern: str) -> None:
        self._is_rooted = pattern.startswith("/")
        self._fits = re.compile(translate(pattern)).match
        self._folders: dict[str, str | None] = {"": None}

    def all_of(self, paths: Iterable[str]) -> set[str]:
        """Of each path that is meant, or lies in a folder that is, the highest that is."""
        found = set()
        for path in paths:
            folder = path.rpartition("/")[0]
            meant = self._folders[folder] if folder in self._folders else self._above(folder)
            if meant is None and path and self._is_meant(path):
                meant = path
            if meant is not None:
                found.add(meant)
        return found

    def _above(self, folder: str) -> str | None:
        ends = (match.start() for match in re.finditer("/|$", folder))
        found = next((folder[:end] for end in ends if self._is_meant(folder[:end])), None)
        self._folders[folder] = found
        return found

    def _is_meant(self, path: str) -> bool:
        return self._fits(f"/{path}" if self._is_rooted else path.rpartition("/")[2]) is not None


def _named(found: set[str], pattern: str) -> str:
    if not _WILD.intersection(pattern) and pattern.startswith("/"):
        return f"{printable(pattern)} is"
    first = printable("/" + min(found, key=lambda path: (path.count("/"), path)))
    return f"{first} is" if len(found) == 1 else f"{first} and {len(found) - 1:,} more are"


def _by(pattern: str) -> str:
    """By what it is forbidden, where that is not told already."""
    return "" if not _WILD.intersection(pattern) and pattern.startswith("/") else f" ({printable(pattern)})"
