"""Paths sorted by patterns, some hundred thousand at a time.

A pattern is an absolute path in which `*` and `?` stand for anything within one name and `**` for any number of
folders. One that ends with `/**` means a folder and all that is in it, any other one the very path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.image.model import Kind, LayerIndex

NO_RULE = 255
"""Stands in a column for a path that no rule knows; there are fewer rules than that."""

FOLDER_SET = re.compile(r"\$([A-Z]+)")


class PatternRefused(ValueError):
    """A pattern cannot be understood; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """Some patterns, ready to be asked. Folders have a slash at both ends here."""

    trees: re.Pattern[str] | None
    """Matches each folder of which all is meant."""
    names: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """Folder and name of each very path."""

    def covers(self, folder: str) -> bool:
        """Whether all that is in this folder is meant."""
        return self.trees is not None and self.trees.match(folder) is not None

    def names_in(self, folder: str) -> tuple[re.Pattern[str], ...]:
        """What the names in this folder are to match."""
        return tuple(name for where, name in self.names if where.match(folder))

    def matches(self, path: str) -> bool:
        """Whether this path, as a layer has it, is meant."""
        folder, _, name = path.rpartition("/")
        folder = _with_slashes(folder)
        return self.covers(folder) or any(pattern.match(name) for pattern in self.names_in(folder))


def path_rule(
    patterns: Iterable[str], outside: Iterable[str] = (), folder_sets: Mapping[str, Sequence[str]] | None = None
) -> PathRule:
    """What matches one of `patterns` and lies in none of the folders `outside`. A pattern may begin with the name of a
    set of folders, `$HOME/.cache/**`. Raises PatternRefused."""
    sets = folder_sets or {}
    trees: list[str] = []
    names: dict[str, list[str]] = {}
    for pattern in expanded(patterns, sets):
        folder, _, name = pattern.rpartition("/")
        if name == "**":
            trees.append(_folder_expression(folder))
        else:
            names.setdefault(_folder_expression(folder), []).append(_name_expression(name))
    excluded = [_folder_expression(pattern.removesuffix("/**")) for pattern in expanded(outside, sets)]
    before = f"(?!{'|'.join(excluded)})" if excluded else ""
    return PathRule(
        _compile(f"{before}(?:{'|'.join(trees)})") if trees else None,
        tuple((_compile(rf"{before}{where}\Z"), _compile(rf"(?:{'|'.join(n)})\Z")) for where, n in names.items()),
    )


def expanded(patterns: Iterable[str], folder_sets: Mapping[str, Sequence[str]]) -> list[str]:
    """Patterns with the names of sets filled in. Raises PatternRefused."""
    done: list[str] = []
    waiting = [(pattern, 0) for pattern in patterns][::-1]
    while waiting:
        pattern, depth = waiting.pop()
        named = FOLDER_SET.match(pattern)
        if not named:
            if not pattern.startswith(("/", "**/")):
                raise PatternRefused(f"The pattern {pattern!r} is no absolute path.")
            done.append(pattern)
        elif named[1] not in folder_sets or depth > len(folder_sets):
            raise PatternRefused(f"The pattern {pattern!r} names a set of folders that is not there, or names itself.")
        else:
            rest = pattern[named.end() :]
            waiting.extend((folder + rest, depth + 1) for folder in reversed(folder_sets[named[1]]))
    return done


_Known: TypeAlias = tuple[int, re.Pattern[str] | None, tuple[int, ...]]
"""Of a folder: the rule for all that is in it, and before that a pattern for names, with a rule for each group."""


class PathTable:
    """Rules in order, of which the first that matches counts. What holds for a folder is worked out once."""

    def __init__(self, rules: Mapping[int, PathRule]) -> None:
        self._rules = sorted(rules.items())
        self._folders: dict[str, _Known] = {}
        self._joined: dict[tuple[str, ...], re.Pattern[str]] = {}

    def column(self, layer: LayerIndex) -> bytearray:
        """The number of the first rule that each member's path matches, or NO_RULE."""
        found = bytearray(len(layer.paths))
        folders = self._folders
        for member, path in enumerate(layer.paths):
            folder, _, name = path.rpartition("/")
            number, names, numbers = folders.get(folder) or self._look_at(folder)
            if names is not None:
                match = names.match(name)
                if match:
                    number = numbers[(match.lastindex or 0) - 1]
            found[member] = number
        # A folder of which all is meant is meant itself.
        for member, kind in enumerate(layer.kinds):
            if kind == Kind.FOLDER:
                path = layer.paths[member]
                inside = (folders.get(path) or self._look_at(path))[0]
                found[member] = min(found[member], inside)
        return found

    def _look_at(self, folder: str) -> _Known:
        """The first rule that means all of a folder, and what earlier rules say of names in it."""
        expressions: list[str] = []
        numbers: list[int] = []
        rest = NO_RULE
        slashed = _with_slashes(folder)
        for number, rule in self._rules:
            if rule.covers(slashed):
                rest = number
                break
            for pattern in rule.names_in(slashed):
                expressions.append(pattern.pattern)
                numbers.append(number)
        known = rest, self._join(tuple(expressions)), tuple(numbers)
        self._folders[folder] = known
        return known

    def _join(self, expressions: tuple[str, ...]) -> re.Pattern[str] | None:
        """One pattern, whose groups tell which of the expressions it was; many folders share one."""
        if not expressions:
            return None
        joined = self._joined.get(expressions)
        if joined is None:
            joined = self._joined[expressions] = _compile("|".join(f"({expression})" for expression in expressions))
        return joined


def _with_slashes(folder: str) -> str:
    return f"/{folder}/" if folder else "/"


def _folder_expression(folder: str) -> str:
    """Matches a folder that has slashes at both ends, and the beginning of all below it."""
    parts = [part for part in folder.split("/") if part]
    return "/" + "".join("(?:[^/]+/)*" if part == "**" else _name_expression(part) + "/" for part in parts)


def _name_expression(name: str) -> str:
    if "**" in name:
        raise PatternRefused(f"In {name!r}, ** is no whole name.")
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(sign, re.escape(sign)) for sign in name)


def _compile(expression: str) -> re.Pattern[str]:
    # A name may have a line's end in it.
    return re.compile(expression, re.DOTALL)
