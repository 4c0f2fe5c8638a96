"""What of a folder is wanted, in the order in which BuildKit wants to hear of it.

As https://github.com/tonistiigi/fsutil walks (filter.go): depth first, names by their bytes, a folder before what is
in it. A folder that is not wanted itself is told of as soon as something below it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.engine.context.errors import ContextUnreadable, PackingStopped
from tui.engine.context.patterns import Hits, Patterns, Test

Entry = tuple[str, "os.DirEntry[str]"]
"""A path from the top folder, with slashes, and what the system tells of it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files are wanted: those that `includes` match, or all without it, if `excludes` do not match them."""

    excludes: Patterns
    includes: Patterns | None = None


class _Folder:
    """A folder on the way down."""

    __slots__ = ("entries", "excluded", "included", "owed", "prefix")

    def __init__(self, prefix: str, entries: Iterator[os.DirEntry[str]], included: Hits, excluded: Hits) -> None:
        self.prefix = prefix
        self.entries = entries
        self.included = included
        self.excluded = excluded
        self.owed: Entry | None = None
        """The folder itself, if it is told of only when something in it is."""


def wanted(root: Path, selection: Selection, *, tolerant: bool = False) -> Iterator[Entry]:
    """What is wanted of a folder, links not followed; a `tolerant` walk passes by folders that may not be read.

    Raises ContextUnreadable, PatternRefused too.
    """
    includes, excludes = selection.includes, selection.excludes
    top = _Folder("", _listed(str(root), tolerant), includes.top if includes else (), excludes.top)
    way = [top]
    owing = 0
    while way:
        folder = way[-1]
        prefix = folder.prefix
        wants = _wants_file(selection, folder)
        for entry in folder.entries:
            path = prefix + entry.name
            if not entry.is_dir(follow_symlinks=False):
                if wants is False or (wants is not True and not wants(path)):
                    continue
                if owing:
                    yield from _pay(way)
                    owing = 0
                yield path, entry
                continue
            included, include_hits = includes.match_folder(path, folder.included) if includes else (True, ())
            excluded, exclude_hits = excludes.match_folder(path, folder.excluded)
            is_wanted = included and not excluded
            if is_wanted:
                if owing:
                    yield from _pay(way)
                    owing = 0
                yield path, entry
            elif not _may_have_wanted(selection, path, included=included, excluded=excluded):
                continue
            below = _Folder(f"{path}/", _listed(entry.path, tolerant or not is_wanted), include_hits, exclude_hits)
            if not is_wanted:
                below.owed = path, entry
                owing += 1
            way.append(below)
            break
        else:
            way.pop()
            owing -= folder.owed is not None


def first_name_not_utf8(root: Path, excludes: Patterns, *, stopped: Callable[[], bool] = lambda: False) -> str | None:
    """The first wanted path that is not UTF-8: engines of today refuse to sync it.

    Quick, as only names are read. Raises PatternRefused, and PackingStopped as soon as `stopped()` holds.
    """
    for path, _ in wanted(root, Selection(excludes), tolerant=True):
        if stopped():
            raise PackingStopped
        if not path.isascii():
            try:
                path.encode()
            except UnicodeEncodeError:
                return path
    return None


def _pay(way: list[_Folder]) -> Iterator[Entry]:
    for folder in way:
        if folder.owed is not None:
            yield folder.owed
            folder.owed = None


def _wants_file(selection: Selection, folder: _Folder) -> Test | bool:
    """Whether files of a folder are wanted: a test of their paths, or one answer for all."""
    excluded = selection.excludes.files_in(folder.excluded)
    included = selection.includes.files_in(folder.included) if selection.includes else True
    if excluded is True or included is False:
        return False
    if excluded is False:
        return included
    if included is True:
        return lambda path: not excluded(path)
    return lambda path: included(path) and not excluded(path)


def _may_have_wanted(selection: Selection, path: str, *, included: bool, excluded: bool) -> bool:
    """Whether a folder that is not wanted may have something that is."""
    includes = selection.includes
    if not included and includes is not None and not includes.may_match_below(path, negated=False):
        return False
    return not excluded or selection.excludes.may_match_below(path, negated=True)


def _listed(folder: str, tolerant: bool) -> Iterator[os.DirEntry[str]]:
    """A folder's entries. One that is gone has none; nor has one that may not be read, for whoever is `tolerant`."""
    try:
        with os.scandir(folder) as entries:
            return iter(sorted(entries, key=_bytes_of_name))
    except (FileNotFoundError, NotADirectoryError):
        return iter(())
    except OSError as error:
        if tolerant and isinstance(error, PermissionError):
            return iter(())
        raise ContextUnreadable(f"The folder {folder} cannot be read: {error.strerror}.") from error


def _bytes_of_name(entry: os.DirEntry[str]) -> bytes:
    return os.fsencode(entry.name)
