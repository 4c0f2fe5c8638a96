"""A TOML table whose every value is asked for by name and type; whatever is wrong is noted with its place.

A value that is wrong or absent is noted as a problem and stands in for itself as something empty, so that one reading
finds all faults of a file. Whoever reads a course must look at the problems before using what came out.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from tui.course.problems import Problem, Source, forbidden_sign
from tui.course.quantity import EXAMPLES, NotAQuantity, Unit
from tui.course.quantity import read as read_quantity

MAX_TEXT = 2_000
MAX_ITEMS = 200
MAX_DEPTH = 8
MAX_TOML = 20_000
MAX_TOML_LINE = 3_000
"""More is no description but an attack: reading a dotted key takes the square of its length."""
MAX_KEY_LINE = 300
"""Only so much of a line is looked at for the place of a key."""
MAX_UNKNOWN = 20
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")

Step = str | int
Path = tuple[Step, ...]
Word = TypeVar("Word", bound=StrEnum)

_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]#]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_AT = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


@dataclass(slots=True)
class Page:
    """Where a piece of TOML stands in a file, and what is wrong with that file so far."""

    source: Source
    problems: list[Problem]
    first_line: int = 1
    """The line of the file on which the TOML begins."""
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def complain(self, message: str, path: Path = ()) -> None:
        """Note a problem with the value at a path, or with the nearest table around it."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (self.first_line, 1))
        self.problems.append(self.source.problem(message, line, column))


def parse(source: Source, problems: list[Problem], text: str | None = None, first_line: int = 1) -> Table:
    """The table that a file, or a part of it that begins on `first_line`, holds; empty where it is no TOML."""
    toml = source.text if text is None else text
    page = Page(source, problems, first_line)
    if len(toml) > MAX_TOML:
        page.complain(f"has more than {MAX_TOML:,} signs of TOML")
        return Table(page, {}, broken=True)
    if max(map(len, toml.split("\n"))) > MAX_TOML_LINE:
        page.complain(f"has a line of more than {MAX_TOML_LINE:,} signs of TOML")
        return Table(page, {}, broken=True)
    try:
        data = tomllib.loads(toml)
    except RecursionError:
        page.complain("is nested too deeply")
        return Table(page, {}, broken=True)
    except ValueError as error:
        # Not only TOMLDecodeError: Python refuses to read numbers of thousands of digits.
        _complain_of_toml(page, toml, error)
        return Table(page, {}, broken=True)
    page.places = _places(toml, first_line)
    _check_values(page, data, ())
    return Table(page, data)


class Table:
    """One table. Each value is taken once; `finish` complains of those that nobody asked for."""

    def __init__(self, page: Page, data: dict[str, Any], path: Path = (), *, broken: bool = False) -> None:
        self.page = page
        self._data = data
        self._path = path
        self._asked: set[str] = set()
        self._broken = broken
        """The text was no TOML: that is told already, and nothing else can be said of it."""

    def __contains__(self, name: str) -> bool:
        return name in self._data

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._data)

    def complain(self, message: str, name: str | None = None) -> None:
        """Note a problem of the table, or of one of its keys."""
        if not self._broken:
            self.page.complain(message, self._path if name is None else (*self._path, name))

    def text(self, name: str, *, most: int = MAX_TEXT) -> str:
        """A text that is there and says something."""
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            self.complain(f"{name} must be a text", name)
            return ""
        return self._short(value, name, most)

    def optional_text(self, name: str, *, most: int = MAX_TEXT) -> str | None:
        """A text, or None where the key is absent."""
        if name not in self:
            self._asked.add(name)
            return None
        return self.text(name, most=most)

    def name(self, name: str) -> str:
        """A name: small letters, digits, dots and dashes."""
        value = self.text(name, most=60)
        if value and not NAME.fullmatch(value):
            self.complain(f"{name} must be made of small letters, digits, dots and dashes", name)
        return value

    def integer(self, name: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        if name not in self and default is not None:
            self._asked.add(name)
            return default
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.complain(f"{name} must be a number from {least} to {most}", name)
            return least
        return value

    def number(self, name: str, least: float, most: float) -> float:
        """A number within bounds."""
        value = self._take(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            self.complain(f"{name} must be a number from {least:g} to {most:g}", name)
            return least
        return float(value)

    def has(self, name: str, wanted: int) -> bool:
        """Whether a key has this very value; any other is complained of."""
        value = self._take(name)
        if type(value) is not int or value != wanted:
            self.complain(f"{name} must be {wanted}, not {_shortened(repr(value))}", name)
            return False
        return True

    def flag(self, name: str) -> bool:
        """True or false; false where the key is absent."""
        value = self._take(name) if name in self else False
        if not isinstance(value, bool):
            self.complain(f"{name} must be true or false", name)
            return False
        return value

    def word(self, name: str, words: type[Word], default: Word | None = None) -> Word:
        """One of a closed set of words."""
        if name not in self and default is not None:
            self._asked.add(name)
            return default
        value = self._take(name)
        if value not in list(words):
            self.complain(f"{name} must be one of {', '.join(words)}", name)
            return next(iter(words))
        return words(value)

    def texts(self, name: str, *, least: int = 0, most: int = MAX_ITEMS) -> tuple[str, ...]:
        """A list of texts that say something; empty where the key is absent."""
        value = self._take(name) if name in self or least else []
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.complain(f"{name} must be a list of texts", name)
            return ()
        if not least <= len(value) <= most:
            self.complain(f"{name} must have {least} to {most} entries, not {len(value)}", name)
            return ()
        return tuple(self._short(item, name, MAX_TEXT) for item in value)

    def quantity(self, name: str, unit: Unit) -> float:
        """A quantity as it is written for people: `"15 MB"`."""
        return self._quantity(self._take(name), name, unit)

    def quantities(self, name: str, unit: Unit) -> tuple[float, float]:
        """Two quantities, the smaller one first: `["15 MB", "2 GB"]`."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) != 2:
            self.complain(f'{name} must be two quantities, like ["{EXAMPLES[unit]}", …]', name)
            return 0.0, 0.0
        low, high = (self._quantity(item, name, unit) for item in value)
        if low >= high:
            self.complain(f"{name} must have the smaller quantity first", name)
        return low, high

    def table(self, name: str) -> Table:
        """A table within this one; empty where the key is absent."""
        value = self._take(name) if name in self else {}
        if not isinstance(value, dict):
            self.complain(f"{name} must be a table, [{name}]", name)
            value = {}
        return Table(self.page, value, (*self._path, name))

    def tables(self, name: str, *, most: int = MAX_ITEMS) -> tuple[Table, ...]:
        """A list of tables, `[[name]]` each; empty where the key is absent."""
        value = self._take(name) if name in self else []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value) or len(value) > most:
            self.complain(f"{name} must be at most {most} tables, each under its own [[{name}]]", name)
            return ()
        return tuple(Table(self.page, item, (*self._path, name, number)) for number, item in enumerate(value))

    def finish(self) -> None:
        """Complain of keys that nobody asked for."""
        for key in [key for key in self._data if key not in self._asked][:MAX_UNKNOWN]:
            near = difflib.get_close_matches(_shortened(key), self._asked, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            self.complain(f"unknown {_shortened(key)}{hint}", key)

    def _take(self, name: str) -> Any:
        self._asked.add(name)
        return self._data.get(name)

    def _short(self, value: str, name: str, most: int) -> str:
        if len(value) > most:
            self.complain(f"{name} must have at most {most} signs, not {len(value)}", name)
            return value[:most]
        return value.strip()

    def _quantity(self, value: Any, name: str, unit: Unit) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and unit is not Unit.BYTES:
            value = str(value)
        try:
            return read_quantity(value if isinstance(value, str) else "", unit)
        except NotAQuantity:
            self.complain(f"{name} must be written like {EXAMPLES[unit]}", name)
            return 0.0


def _complain_of_toml(page: Page, toml: str, error: ValueError) -> None:
    match = _AT.match(str(error))
    if match is None:
        page.complain(str(error))
        return
    lines = toml.rstrip("\n").split("\n")
    end = (len(lines), len(lines[-1]) + 1)
    line, column = (int(match.group(2)), int(match.group(3))) if match.group(2) else end
    problem = page.source.problem(match.group(1), page.first_line + line - 1, column)
    page.problems.append(problem)


def _check_values(page: Page, value: Any, path: Path) -> None:
    """Refuse what no value may be, whoever asks for it: signs that steer terminals, and depth without end."""
    if len(path) > MAX_DEPTH:
        page.complain("is nested too deeply", path)
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_values(page, key, path)
            _check_values(page, inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value[: MAX_ITEMS + 1]):
            _check_values(page, inner, (*path, number))
    elif isinstance(value, str) and (position := forbidden_sign(value)) is not None:
        page.complain(f"has the control character U+{ord(value[position]):04X}", path)


def _places(toml: str, first_line: int) -> dict[Path, tuple[int, int]]:
    """Line and column of each key and table header; keys of inline tables stand with their table."""
    places: dict[Path, tuple[int, int]] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, whole in enumerate(toml.split("\n"), start=first_line):
        text = whole[:MAX_KEY_LINE]
        if header := _HEADER.match(text):
            table = _resolved(_parts(header.group(2)), counts)
            if header.group(1) == "[[":
                number = counts.get(table, -1) + 1
                counts[table] = number
                table = (*table, number)
            places.setdefault(table, (line, len(text) - len(text.lstrip()) + 1))
        elif key := _KEY.match(text):
            places.setdefault((*table, *_parts(key.group(1))), (line, key.start(1) + 1))
    return places


def _resolved(parts: Sequence[str], counts: dict[Path, int]) -> Path:
    """A header's path, with the number of the last table wherever a list of tables is on the way."""
    path: Path = ()
    for number, part in enumerate(parts):
        path = (*path, part)
        if path in counts and number < len(parts) - 1:
            path = (*path, counts[path])
    return path


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


def _shortened(key: str) -> str:
    return key if len(key) <= 40 else key[:39] + "…"
