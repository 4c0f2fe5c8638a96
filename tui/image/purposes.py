"""What the bytes of an image are for: rules as data, in `purposes.toml`, put on the members of its layers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tui.image.model import LayerIndex, Program
from tui.image.path_rules import NO_RULE, PathRule, PathTable, PatternRefused, path_rule
from tui.image.provenance import Bringer

FORMAT = 1


class Purpose(StrEnum):
    """What bytes are for. Every byte has one."""

    BASE_SYSTEM = "base_system"
    TOOLCHAIN = "toolchain"
    BUILD_CACHE = "build_cache"
    MODULE_CACHE = "module_cache"
    PACKAGE_LEFTOVERS = "package_leftovers"
    SOURCES = "sources"
    YOUR_PROGRAM = "your_program"
    OTHER = "other"

    @property
    def label(self) -> str:
        """For people: `base system`."""
        return LABELS[self]


LABELS = {
    Purpose.BASE_SYSTEM: "base system",
    Purpose.TOOLCHAIN: "toolchain",
    Purpose.BUILD_CACHE: "build cache",
    Purpose.MODULE_CACHE: "module cache",
    Purpose.PACKAGE_LEFTOVERS: "package leftovers",
    Purpose.SOURCES: "sources and context",
    Purpose.YOUR_PROGRAM: "your program",
    Purpose.OTHER: "other",
}
PURPOSES = tuple(Purpose)
"""The order of columns of purposes: a byte there is a position here."""
_OTHER = PURPOSES.index(Purpose.OTHER)


class RulesDamaged(ValueError):
    """A text with rules cannot be used; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as it is written; `purposes.toml` tells what its parts mean."""

    purpose: Purpose
    paths: tuple[str, ...]
    outside: tuple[str, ...] = ()
    brought_by: tuple[str, ...] = ()
    from_context: bool = False
    is_written: bool = False
    is_base: bool = False
    program: str = ""
    """Empty, `executable` or `go`."""

    def suits(self, bringer: Bringer) -> bool:
        """Whether it holds for a layer that came like this."""
        return (
            (not self.brought_by or bringer.keyword in self.brought_by)
            and bringer.from_context >= self.from_context
            and bringer.is_written >= self.is_written
            and bringer.is_base >= self.is_base
        )

    def suits_program(self, program: Program) -> bool:
        """Whether it is about programs, and about such a one."""
        return bool(self.program) and program.is_executable and (self.program != "go" or bool(program.go_module))


MOST_FOLDERS = 16
"""So many folders of an image's own are looked through for each variable that names some."""


@dataclass(frozen=True, slots=True)
class PurposeRules:
    """Rules in order, of which the first that matches counts."""

    rules: tuple[Rule, ...]
    folder_sets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Name → folders, for patterns that begin with `$NAME`."""
    variables: tuple[str, ...] = ()
    """Variables of an image's environment that name further folders of the set of their name."""

    def sets_for(self, environment: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The sets of folders, and what an image's environment (`NAME=value`) adds to them."""
        sets = dict(self.folder_sets)
        for entry in environment:
            name, _, value = entry.partition("=")
            if name in self.variables:
                # GOPATH may name several folders.
                further = (folder.rstrip("/") for folder in value.split(":"))
                mine = sets.get(name, ())
                plain = [f for f in further if f.startswith("/") and f not in mine and not set(f) & set("*?$")]
                sets[name] = (*mine, *plain[:MOST_FOLDERS])
        return tuple(sets.items())


@lru_cache
def standard_rules() -> PurposeRules:
    """The rules that come with the program."""
    return read_rules(files("tui.image").joinpath("purposes.toml").read_text("utf-8"))


def read_rules(*texts: str) -> PurposeRules:
    """Rules out of TOML texts, those of the first text first; sets of folders are added to. Raises RulesDamaged."""
    rules: list[Rule] = []
    sets: dict[str, tuple[str, ...]] = {}
    variables: list[str] = []
    for text in texts:
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RulesDamaged(f"The rules are no TOML: {error}.") from error
        if document.get("format") != FORMAT:
            raise RulesDamaged(f"The format of the rules must be {FORMAT}, not {document.get('format')!r}.")
        for name, folders in document.get("folders", {}).items():
            sets[name] = (*sets.get(name, ()), *_texts(folders, f"the set of folders {name}"))
        variables += _texts(document.get("environment", {}).get("variables", []), "variables")
        rules += map(_rule, document.get("rules", []))
    if len(rules) >= NO_RULE:
        raise RulesDamaged(f"There are {len(rules)} rules; {NO_RULE - 1} is the limit.")
    made = PurposeRules(tuple(rules), tuple(sets.items()), tuple(variables))
    try:
        _compiled(made.rules, made.folder_sets)
    except PatternRefused as error:
        raise RulesDamaged(str(error)) from error
    return made


def purposes_of(
    layers: Sequence[LayerIndex],
    bringers: Sequence[Bringer],
    environment: Sequence[str] = (),
    rules: PurposeRules | None = None,
) -> tuple[bytes, ...]:
    """For each layer a column: what each member is for, as its position in PURPOSES."""
    rules = rules or standard_rules()
    compiled = _compiled(rules.rules, rules.sets_for(environment))
    to_purpose = bytearray([_OTHER]) * 256
    for number, rule in enumerate(rules.rules):
        to_purpose[number] = PURPOSES.index(rule.purpose)
    tables: dict[tuple[int, ...], PathTable] = {}
    columns: list[bytes] = []
    for layer, bringer in zip(layers, bringers, strict=True):
        suiting = tuple(number for number, rule in enumerate(rules.rules) if rule.suits(bringer))
        by_path = tuple(number for number in suiting if not rules.rules[number].program)
        table = tables.setdefault(by_path, PathTable({number: compiled[number] for number in by_path}))
        column = table.column(layer)
        for member, program in layer.programs.items():
            for number in suiting:
                if number >= column[member]:
                    break
                if rules.rules[number].suits_program(program) and compiled[number].matches(layer.paths[member]):
                    column[member] = number
        columns.append(bytes(column.translate(to_purpose)))
    return tuple(columns)


@lru_cache(maxsize=16)
def _compiled(rules: tuple[Rule, ...], folder_sets: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[PathRule, ...]:
    sets = dict(folder_sets)
    return tuple(path_rule(rule.paths, rule.outside, sets) for rule in rules)


def _rule(entry: Mapping[str, Any]) -> Rule:
    try:
        purpose = Purpose(entry.get("purpose", ""))
    except ValueError as error:
        raise RulesDamaged(f"A rule's purpose cannot be {entry.get('purpose')!r}.") from error
    unknown = set(entry) - set(Rule.__dataclass_fields__)
    if unknown:
        raise RulesDamaged(f"A rule for {purpose} has the unknown {', '.join(sorted(unknown))}.")
    if entry.get("program", "") not in ("", "executable", "go"):
        raise RulesDamaged(f"A rule for {purpose} asks for the unknown program {entry['program']!r}.")
    where = f"a rule for {purpose}"
    return Rule(
        purpose,
        paths=_texts(entry.get("paths", []), where),
        outside=_texts(entry.get("outside", []), where),
        brought_by=_texts(entry.get("brought_by", []), where),
        from_context=bool(entry.get("from_context")),
        is_written=bool(entry.get("is_written")),
        is_base=bool(entry.get("is_base")),
        program=entry.get("program", ""),
    )


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RulesDamaged(f"In {where}, a list of texts is wanted, not {value!r}.")
    return tuple(value)
