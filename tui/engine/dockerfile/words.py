"""Shell words and variables, as the lexer of BuildKit's frontend reads them (frontend/dockerfile/shell/lex.go)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tui.engine.dockerfile.wildcards import Wildcard

SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What Go calls white space; Python counts a few control characters in."""

PLAIN = re.compile(r"[\w.,:;=@%+\-()\[\]|&!?*#^~>{]+")
"""Characters without a meaning of their own, in every mode."""
SPACES = re.compile(f"[{SPACE}]+")
SPECIAL_PARAMETERS = frozenset("@*#?-$!0")

MAX_DEPTH = 50
"""How deep `${a:-${b:-…}}` may go before it is given up."""
MAX_SUBSTITUTED = 65_536
"""How many characters variables may bring into one text: ARG after ARG can double the last one's."""


class BadSubstitution(ValueError):
    """The text has an open quote or brace, an unknown `${…}`, or grows or nests beyond all reason."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How words are read."""

    escape: str = "\\"
    keep_quotes: bool = False
    keep_escapes: bool = False
    keep_unset: bool = False
    """A variable that is not set stays as it is written, instead of becoming empty."""


def expand(text: str, variables: Mapping[str, str], rules: Rules | None = None) -> str:
    """The text with its variables filled in. Raises BadSubstitution."""
    return _Lexer(text, variables, rules or Rules()).until(None)[0]


def split(text: str, variables: Mapping[str, str], rules: Rules | None = None) -> list[str]:
    """The words of the text, split once its variables are filled in. Raises BadSubstitution."""
    return _Lexer(text, variables, rules or Rules()).until(None)[1]


class _Words:
    """Collects words as a text is read from left to right."""

    def __init__(self) -> None:
        self._current: list[str] = []
        self._words: list[str] = []

    def add(self, text: str) -> None:
        self._current.append(text)

    def add_split(self, text: str) -> None:
        for index, piece in enumerate(SPACES.split(text)):
            if index:
                self.space()
            self.add(piece)

    def space(self) -> None:
        if word := "".join(self._current):
            self._words.append(word)
        self._current.clear()

    def done(self) -> list[str]:
        self.space()
        return self._words


class _Lexer:
    def __init__(self, text: str, variables: Mapping[str, str], rules: Rules) -> None:
        self._text = text
        self._at = 0
        self._variables = variables
        self._rules = rules
        self._keep_escapes = rules.keep_escapes
        self._depth = 0
        self._substituted = 0

    def until(self, stop: str | None) -> tuple[str, list[str]]:
        """Read up to the stop character, or to the end where there is none: the text, and the same as words."""
        result: list[str] = []
        words = _Words()
        while char := self._peek():
            if char == stop:
                self._at += 1
                return "".join(result), words.done()
            if char == "$":
                piece = self._dollar()
                words.add_split(piece)
            elif char in SPACE:
                self._at += 1
                piece = char
                words.space()
            else:
                piece = self._piece(char)
                words.add(piece)
            result.append(piece)
        if stop is not None:
            raise BadSubstitution(f"{stop} is missing")
        return "".join(result), words.done()

    def _piece(self, char: str) -> str:
        """What is neither a variable nor a space."""
        if match := PLAIN.match(self._text, self._at):
            self._at = match.end()
            return match[0]
        match char:
            case "'":
                return self._single_quoted()
            case '"':
                return self._double_quoted()
            case "<":
                return self._less_than()
        self._at += 1
        if char != self._rules.escape:
            return char
        following = self._next()
        return char + following if self._keep_escapes else following

    def _less_than(self) -> str:
        """`<` or `<<`, to which the spaces before a here-document's name belong."""
        self._at += 1
        if self._peek() != "<":
            return "<"
        start = self._at
        self._at += 1
        while self._peek() and self._peek() in "\t\r ":
            self._at += 1
        return "<" + self._text[start : self._at]

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise BadSubstitution("a single quote is not closed")
        start, self._at = self._at, end + 1
        return self._text[start : end + 1] if self._rules.keep_quotes else self._text[start + 1 : end]

    def _double_quoted(self) -> str:
        self._at += 1
        result: list[str] = []
        while (char := self._peek()) != '"':
            if not char:
                raise BadSubstitution("a double quote is not closed")
            if char == "$":
                result.append(self._dollar())
            elif match := PLAIN.match(self._text, self._at):
                self._at = match.end()
                result.append(match[0])
            else:
                self._at += 1
                result.append(self._escaped_in_quotes() if char == self._rules.escape else char)
        self._at += 1
        quote = '"' if self._rules.keep_quotes else ""
        return f"{quote}{''.join(result)}{quote}"

    def _escaped_in_quotes(self) -> str:
        """What an escape character within double quotes stands for: it is kept before most others."""
        escape = self._rules.escape
        kept = escape if self._keep_escapes else ""
        if self._peek() and self._peek() in ('"', "$", escape):
            return kept + self._next()
        return kept + escape if self._peek() else kept

    def _dollar(self) -> str:
        """A variable, wherever it stands."""
        self._at += 1
        if self._peek() != "{":
            name = self._name()
            return self._value(name, f"${name}") if name else "$"
        self._at += 1
        if self._peek() in ("", "{", "}", ":"):
            raise BadSubstitution("bad substitution")
        name = self._name()
        operator = self._next()
        match operator:
            case "}":
                return self._value(name, f"${{{name}}}")
            case "/":
                return self._replaced(name)
            case ":":
                operator += self._next()
            case "+" | "-" | "?" | "#" | "%":
                pass
            case _:
                raise BadSubstitution(f"unsupported modifier ({operator})")
        return self._modified(name, operator)

    def _modified(self, name: str, operator: str) -> str:
        """`${name-word}` and its kin; with a colon, an empty variable counts as not set."""
        if operator in (":#", ":%"):
            raise BadSubstitution(f"unsupported modifier ({operator})")
        word = self._word("}", keep_escapes=operator in "#%")
        value = self._variables.get(name)
        if value is None and self._rules.keep_unset:
            return f"${{{name}{operator}{word}}}"
        is_set = bool(value) if operator.startswith(":") else value is not None
        match operator[-1]:
            case "-":
                return self._substituted_by(value or "") if is_set else word
            case "+":
                return word if is_set else ""
            case "?" if is_set:
                return self._substituted_by(value or "")
            case "?":
                raise BadSubstitution(f"{name}: {word or 'is not allowed to be unset'}")
            case "#" | "%":
                longest = word.startswith(operator)
                wildcard = _wildcard(word[1:] if longest else word)
                trim = wildcard.without_prefix if operator == "#" else wildcard.without_suffix
                return self._substituted_by(trim(_short(value or ""), longest=longest))
        raise BadSubstitution(f"unsupported modifier ({operator})")

    def _replaced(self, name: str) -> str:
        """`${name/pattern/replacement}`, and with `//` every match."""
        everywhere = self._peek() == "/"
        self._at += everywhere
        pattern = self._word("/", keep_escapes=True)
        replacement = self._word("}", keep_escapes=True)
        value = self._variables.get(name)
        if value is None and self._rules.keep_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        replaced = _wildcard(pattern).replaced(_short(value or ""), replacement, everywhere=everywhere)
        return self._substituted_by(replaced)

    def _word(self, stop: str, *, keep_escapes: bool) -> str:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadSubstitution("nested too deep")
        before, self._keep_escapes = self._keep_escapes, keep_escapes
        word = self.until(stop)[0]
        self._keep_escapes = before
        self._depth -= 1
        return word

    def _value(self, name: str, written: str) -> str:
        value = self._variables.get(name)
        if value is None:
            return written if self._rules.keep_unset else ""
        return self._substituted_by(value)

    def _substituted_by(self, value: str) -> str:
        self._substituted += len(value)
        if self._substituted > MAX_SUBSTITUTED:
            raise BadSubstitution("variables make it too long")
        return value

    def _name(self) -> str:
        """The name of a variable: letters, digits and `_`, a number, or one special sign."""
        start = self._at
        first = self._peek()
        if first.isdecimal():
            while self._peek().isdecimal():
                self._at += 1
        elif first and first in SPECIAL_PARAMETERS:
            self._at += 1
        else:
            while (char := self._peek()) and (char.isalpha() or char.isdecimal() or char == "_"):
                self._at += 1
        return self._text[start : self._at]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        char = self._peek()
        self._at += len(char)
        return char


def _short(value: str) -> str:
    # A pattern is tried at every place of the value.
    if len(value) > Wildcard.MAX_VALUE:
        raise BadSubstitution("too long to be matched")
    return value


def _wildcard(pattern: str) -> Wildcard:
    try:
        return Wildcard.parse(pattern)
    except ValueError as error:
        raise BadSubstitution(str(error)) from error
