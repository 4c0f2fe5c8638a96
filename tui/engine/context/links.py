"""What names lead to by way of symbolic links, as https://github.com/tonistiigi/fsutil finds it (followlinks.go)."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable
from pathlib import Path

from tui.engine.context.errors import ContextUnreadable
from tui.engine.context.go_paths import BadPattern, clean, match

DEPTH = 255
"""Links behind links: more of them are taken for a circle. Linux gives up at 40."""


def follow_links(root: Path, paths: Iterable[str]) -> list[str]:
    """Include patterns for `paths` and for what they lead to within `root`; none at all if that is `root` itself.

    A link's target is looked for within the folder, whatever it says. Raises ContextUnreadable.
    """
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    left = [(clean(f"/{path}")[1:], 0) for path in paths]
    while left:
        path, depth = left.pop()
        current, rest = "", path
        while True:
            name, _, rest = rest.partition("/")
            current = posixpath.join(current, name)
            targets = _targets(root, current)
            if targets or not rest:
                found.add(current or ".")
                break
        # fsutil follows each link once only, and so misses the second of two files behind one link.
        if targets and depth < DEPTH and (current, rest) not in seen:
            seen.add((current, rest))
            left += [(clean(posixpath.join(target, rest))[1:], depth + 1) for target in targets]
    return without_covered(sorted(found))


def without_covered(patterns: Iterable[str]) -> list[str]:
    """Patterns without those that lie below their predecessor; none if one of them is the whole folder."""
    kept: list[str] = []
    for pattern in patterns:
        if pattern == ".":
            return []
        if not pattern.startswith(f"{kept[-1] if kept else ''}/"):
            kept.append(pattern)
    return kept


def _targets(root: Path, path: str) -> list[str]:
    """Where the link at `path` leads, or all links that match it if its last name is a pattern; from `/` on."""
    folder, name = posixpath.split(path)
    names = [name]
    if _is_wild(name):
        names = [found for found in _names(root / folder) if _matches(name, found)]
    targets = []
    for one in names:
        target = _target(root / folder / one)
        if target is not None:
            targets.append(clean(posixpath.join("/", folder, target.replace(os.sep, "/"))))
    return targets


def _target(path: Path) -> str | None:
    try:
        return str(path.readlink()) if stat.S_ISLNK(path.lstat().st_mode) else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ContextUnreadable(f"{path} cannot be read: {error.strerror}.") from error


def _names(folder: Path) -> list[str]:
    try:
        return sorted(one.name for one in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ContextUnreadable(f"The folder {folder} cannot be read: {error.strerror}.") from error


def _matches(pattern: str, name: str) -> bool:
    try:
        return match(pattern, name)
    except BadPattern:
        return False


def _is_wild(name: str) -> bool:
    plain, index = True, 0
    while plain and index < len(name):
        plain = name[index] not in "*?["
        index += 2 if name[index] == "\\" else 1
    return not plain
