"""The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/…}`: `*`, `?` and escapes, no brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

TOKEN = re.compile(r"\\?.|\\", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern, as regular expressions for the literal parts between its stars."""

    MAX_VALUE: ClassVar[int] = 4096
    """Characters of a value that it should be matched with: replacing takes their square in time."""

    tokens: tuple[str, ...]
    """Regular expressions of one character each; `*` is an empty one."""

    @classmethod
    def parse(cls, pattern: str) -> Wildcard:
        """Read a pattern. Raises ValueError on an escape before an ordinary character."""
        tokens: list[str] = []
        for token in TOKEN.findall(pattern):
            if token == "*":
                tokens.append("")
            elif token == "?":
                tokens.append(".")
            elif token in ("\\}", "\\/"):
                tokens.append(token[1])
            elif token[0] == "\\" and token not in ("\\*", "\\?", "\\\\"):
                raise ValueError(f"invalid escape {token}")
            else:
                tokens.append(re.escape(token[-1]))
        return cls(tuple(tokens))

    def without_prefix(self, value: str, *, longest: bool) -> str:
        """The value without the shortest or longest beginning that matches, if one does."""
        found = self._expression(longest=longest).match(value)
        return value[found.end() :] if found else value

    def without_suffix(self, value: str, *, longest: bool) -> str:
        """The value without the shortest or longest ending that matches, if one does."""
        return Wildcard(self.tokens[::-1]).without_prefix(value[::-1], longest=longest)[::-1]

    def replaced(self, value: str, replacement: str, *, everywhere: bool) -> str:
        """The value with the first match, or every one, replaced; an empty match right after another is none."""
        pieces: list[str] = []
        end = 0
        for found in self._expression(longest=True).finditer(value):
            if pieces and found.end() == found.start() == end:
                continue
            pieces += [value[end : found.start()], replacement]
            end = found.end()
            if not everywhere:
                break
        return "".join([*pieces, value[end:]])

    def _expression(self, *, longest: bool) -> re.Pattern[str]:
        """Only the last star ever has to give way: for the others the first place that fits is as good as any.

        So they are atomic, and the time stays within the product of pattern and value.
        """
        parts = [""]
        for token in self.tokens:
            if token:
                parts[-1] += token
            else:
                parts.append("")
        first, *rest = parts
        if not rest:
            return re.compile(first)
        *middle, last = rest
        atomic = "".join(f"(?>.*?{part})" for part in middle if part)
        return re.compile(f"{first}{atomic}.*{'' if longest else '?'}{last}")
