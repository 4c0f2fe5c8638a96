"""Patterns of ignore files, include lists and COPY sources, matched as docker matches them.

The rules are those of https://github.com/moby/patternmatcher (v0.6): what matches a folder matches all in it, the
last pattern that matches decides, and a pattern that could not change the outcome is not looked at. So
an invalid pattern is an error only where it is reached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from tui.engine.context.errors import PatternRefused
from tui.engine.context.go_paths import BadPattern, clean, match, trim_space
from tui.engine.context.go_regexp import to_python

Hits = tuple[bool, ...]
"""Which of the patterns have matched a folder or a folder above it, in the order of the patterns."""

Test = Callable[[str], bool]
_WILD = re.compile(r"[*?\[\]\\^]")
_NAME_SUFFIX = re.compile(r"\*\*/\*([^*?\[\]\\/^{|}]+)")
_TO_ESCAPE = ".+()$"
"""Of the characters that a regular expression gives a meaning, those that are escaped: `{`, `|`, `}` are forgotten."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a pattern is matched: just one of these is given."""

    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    """`**/name` has `/name` here, and matches `name` too."""
    name_suffix: str | None = None
    """`**/*.go` has `.go` here."""
    regex: str | None = None


@dataclass(frozen=True)
class Pattern:
    """One pattern, cleaned and without its `!`."""

    text: str
    negated: bool
    listed_in: str
    """What docker calls the list in its messages."""

    @cached_property
    def prefix(self) -> str:
        """The pattern without the `/*` or `/**` at its end."""
        return self.text.removesuffix("/**").removesuffix("/*")

    @cached_property
    def is_literal(self) -> bool:
        """Whether `prefix` is a plain name, so that it tells what can match below a folder."""
        return _WILD.search(self.prefix) is None

    @cached_property
    def kind(self) -> Kind:
        """How the pattern is matched. Raises PatternRefused."""
        try:
            return _kind(self.text)
        except BadPattern as error:
            raise PatternRefused(f"failed to match {self.listed_in}: {error}") from error

    @cached_property
    def matches(self) -> Test:
        """Whether a path matches; what is above it does not count. Raises PatternRefused."""
        return _any_of([self.kind])


class Patterns:
    """A list of patterns. The paths that are matched have slashes between names, and nowhere else."""

    def __init__(self, patterns: Iterable[str], called: str = "excludepatterns") -> None:
        """`called` is what docker calls the list when it refuses it, as it does before it has seen a single file.

        Raises PatternRefused.
        """
        given = list(patterns)
        try:
            self.rules = tuple(_parsed(text, called) for pattern in given if (text := trim_space(pattern)))
        except BadPattern as error:
            raise PatternRefused(f"invalid {called}: [{' '.join(given)}]: {error}") from error
        self.top: Hits = (False,) * len(self.rules)
        """What has been hit above the top folder's entries: nothing."""
        self._tests: dict[Hits, Test | bool] = {}

    def match_folder(self, path: str, above: Hits) -> tuple[bool, Hits]:
        """The verdict on a folder within one that has the hits `above`, and its own hits."""
        matched, hits = False, []
        for rule, hit in zip(self.rules, above, strict=True):
            # A pattern that is skipped here counts as not hit, below this folder too: so does docker.
            now = hit or (rule.negated == matched and rule.matches(path))
            if now:
                matched = not rule.negated
            hits.append(now)
        return matched, tuple(hits)

    def files_in(self, hits: Hits) -> Test | bool:
        """The verdict on the files of a folder with these hits: a test of a path, or one answer for all of them."""
        if hits not in self._tests:
            self._tests[hits] = self._test(hits)
        return self._tests[hits]

    def matches(self, path: str) -> bool:
        """The verdict on a file by its path alone, folders above it included."""
        hits, above = self.top, path.split("/")[:-1]
        for depth in range(len(above)):
            _, hits = self.match_folder("/".join(above[: depth + 1]), hits)
        verdict = self.files_in(hits)
        return verdict if isinstance(verdict, bool) else verdict(path)

    def may_match_below(self, folder: str, *, negated: bool) -> bool:
        """Whether a pattern that is, or is not, `negated` could match something in `folder`."""
        rules = [rule for rule in self.rules if rule.negated == negated]
        below = f"{folder}/"
        return any(f"{rule.prefix}/".startswith(below) for rule in rules) or not all(rule.is_literal for rule in rules)

    def _test(self, hits: Hits) -> Test | bool:
        # What comes before the last hit cannot change the verdict. Behind it, neighbours that all have a `!`, or
        # all have none, are as good as one pattern.
        last = max((index for index, hit in enumerate(hits) if hit), default=-1)
        begins = last >= 0 and not self.rules[last].negated
        tests: list[tuple[bool, Test]] = []
        for negated, rules in groupby(self.rules[last + 1 :], lambda rule: rule.negated):
            if tests or negated == begins:
                tests.append((negated, _any_rule(list(rules))))
        if not tests:
            return begins
        if len(tests) == 1 and not begins:
            return tests[0][1]

        def verdict(path: str) -> bool:
            matched = begins
            for negated, test in tests:
                if negated == matched and test(path):
                    matched = not negated
            return matched

        return verdict


def _parsed(text: str, called: str) -> Pattern:
    text = clean(text)
    negated = text.startswith("!")
    if text == "!":
        raise BadPattern('illegal exclusion pattern: "!"')
    text = text[negated:]
    match(text, ".")  # Whether docker takes it at all.
    return Pattern(text, negated, called)


def _any_rule(rules: Sequence[Pattern]) -> Test:
    try:
        return _any_of([rule.kind for rule in rules])
    except PatternRefused:
        # As docker does: a flaw is an error when its turn comes, which it may never do.
        return lambda path: any(rule.matches(path) for rule in rules)


def _any_of(kinds: Sequence[Kind]) -> Test:
    """One quick test for several patterns."""
    suffixes = tuple(kind.suffix for kind in kinds if kind.suffix is not None)
    exact = {kind.exact for kind in kinds} | {suffix[1:] for suffix in suffixes if suffix.startswith("/")}
    name_suffixes = tuple(kind.name_suffix for kind in kinds if kind.name_suffix is not None)
    prefixes = tuple(kind.prefix for kind in kinds if kind.prefix is not None)
    regexes = [kind.regex for kind in kinds if kind.regex is not None]
    regex = re.compile("|".join(f"(?:{regex})" for regex in regexes), re.ASCII).match if regexes else None

    def test(path: str) -> bool:
        return (
            path in exact
            or path.endswith(suffixes)
            or path.startswith(prefixes)
            # In `**/*.go` the stars before the slash are no line feed: it is the `.` of a regular expression.
            or (path.endswith(name_suffixes) and "\n" not in path.rpartition("/")[0])
            or (regex is not None and regex(path) is not None)
        )

    return test


def _kind(pattern: str) -> Kind:
    """What moby/patternmatcher's Pattern.compile makes of a pattern. Raises BadPattern."""
    if plain := _NAME_SUFFIX.fullmatch(pattern):
        return Kind(name_suffix=plain[1])
    kind, expression, index = "exact", "", 0
    while index < len(pattern):
        character, begins = pattern[index], index == 0
        index += 1
        if pattern.startswith("**", index - 1):
            index += 1
            index += pattern.startswith("/", index)
            if index < len(pattern):
                kind, expression = "regex", f"{expression}(.*/)?"
            elif kind == "exact":
                kind = "prefix"
            else:
                kind, expression = "regex", f"{expression}.*"
            if begins:
                kind = "suffix"
        elif character in "*?":
            kind, expression = "regex", expression + ("[^/]*" if character == "*" else "[^/]")
        elif character == "\\" and index < len(pattern):
            kind, expression = "regex", expression + pattern[index - 1 : index + 1]
            index += 1
        elif character in "[]":
            kind, expression = "regex", expression + character
        else:
            expression += f"\\{character}" if character in _TO_ESCAPE else character
    match kind:
        case "exact":
            return Kind(exact=pattern)
        case "prefix":
            return Kind(prefix=pattern[:-2])
        case "suffix":
            return Kind(suffix=pattern[2:])
    return Kind(regex=to_python(f"^{expression}$"))


def escaped(name: str) -> str:
    """A pattern that matches this name alone."""
    return re.sub(r"[*?\[\]\\^]", r"\\\g<0>", name)
