"""Here-documents: the names that an instruction announces, and where each ends (ParseHeredoc in parser/parser.go)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tui.engine.dockerfile.forms import Form
from tui.engine.dockerfile.words import PLAIN, BadSubstitution, Rules, split

KEYWORDS = frozenset(("ADD", "COPY", "RUN"))
START = re.compile(r"\d*<<(-?)\s*([^<]*)", re.ASCII)

LINE_RULES = Rules(keep_quotes=True, keep_escapes=True, keep_unset=True)
NAME_RULES = Rules(keep_unset=True)


@dataclass(frozen=True, slots=True)
class HeredocStart:
    """A here-document that is announced, like `<<-EOF`."""

    name: str
    strips_tabs: bool


def starts_in(text: str, form: Form) -> list[HeredocStart]:
    """The here-documents that an instruction announces, in order."""
    held = form.trigger or form
    if held.keyword not in KEYWORDS or held.is_json or "<<" not in text:
        return []
    try:
        # Whatever the escape directive says, the shell's own is meant here.
        words = split(text, {}, LINE_RULES)
    except BadSubstitution:
        return []
    return [start for word in words if (start := start_of(word)) is not None]


def start_of(word: str) -> HeredocStart | None:
    """The here-document that one word announces; `<<<` and a shift within a word are none."""
    found = START.fullmatch(word) if "<<" in word else None
    if found is None or not found[2]:
        return None
    if PLAIN.fullmatch(found[2]):
        return HeredocStart(found[2], found[1] == "-")
    try:
        names = split(found[2], {}, NAME_RULES)
    except BadSubstitution:
        return None
    return HeredocStart(names[0], found[1] == "-") if len(names) == 1 else None


class LineIndex:
    """Which lines could end a here-document: looked up, so that a thousand open ones do not read the file as often."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._whole: dict[str, list[int]] = {}
        self._without_tabs: dict[str, list[int]] = {}

    def end_of(self, start: HeredocStart, first: int) -> int | None:
        """The index of the line that ends it, `first` or later."""
        if not self._whole:
            self._fill()
        places = (self._without_tabs if start.strips_tabs else self._whole).get(start.name, [])
        at = bisect_left(places, first)
        return places[at] if at < len(places) else None

    def _fill(self) -> None:
        whole: dict[str, list[int]] = defaultdict(list)
        without_tabs: dict[str, list[int]] = defaultdict(list)
        for index, line in enumerate(self._lines):
            mark = line.rstrip("\r\n")
            whole[mark].append(index)
            without_tabs[mark.lstrip("\t")].append(index)
        self._whole, self._without_tabs = whole, without_tabs
