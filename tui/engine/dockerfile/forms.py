"""One instruction taken apart: keyword, flags and arguments (parser/split_command.go and parser/line_parsers.go)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tui.engine.dockerfile.words import SPACE, SPACES

BLANK = re.compile(r"[\t\v\f\r ]+")

JSON_OR_TEXT = frozenset(("CMD", "ENTRYPOINT", "RUN", "SHELL"))
JSON_OR_WORDS = frozenset(("ADD", "COPY", "VOLUME"))
WORDS = frozenset(("EXPOSE", "FROM"))
TEXT = frozenset(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"))
PAIRS = frozenset(("ENV", "LABEL"))
MAYBE_JSON = JSON_OR_TEXT | JSON_OR_WORDS
ONE_TEXT = TEXT | JSON_OR_TEXT
SPLIT = WORDS | JSON_OR_WORDS


@dataclass(frozen=True, slots=True)
class Form:
    """An instruction, taken apart."""

    keyword: str
    """In capitals."""
    value: str
    """All that follows the keyword."""
    text: str
    """Both, as they are written."""
    flags: tuple[str, ...] = ()
    """Each like `--from=builder`, without quotes and escapes."""
    arguments: tuple[str, ...] = ()
    """What follows the flags, split as the keyword asks for: one text for RUN, `name, value, name, value …` for ENV."""
    is_json: bool = False
    trigger: Form | None = None
    """What an ONBUILD holds back."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Regular expressions that depend on the escape character."""

    word: re.Pattern[str]
    """A word with its quotes; the group `cut` holds an escape character at the very end, which stands for nothing."""
    flag: re.Pattern[str]
    piece: re.Pattern[str]
    """A part of a flag: group 1 or 2 is what is within quotes, 3 what was escaped, 4 the rest."""
    escaped: re.Pattern[str]


def _grammar(escape: str) -> _Grammar:
    e = re.escape(escape)
    bare = rf"[^{SPACE}'\"{e}]"
    flag_single, flag_double = (rf"{q}((?:[^{q}{e}]|{e}.)*+)(?:{q}|{e}?\Z)" for q in "'\"")
    return _Grammar(
        word=re.compile(
            rf"(?:{bare}++|{e}.|'[^']*+(?:'|\Z)|\"(?:[^\"{e}]|{e}.)*+(?:\"|(?P<cut_quote>{e})?\Z)|(?P<cut>{e})\Z)++",
            re.DOTALL,
        ),
        flag=re.compile(rf"(?:{bare}++|{e}.|{flag_single}|{flag_double}|{e}\Z)++", re.DOTALL),
        piece=re.compile(rf"{flag_single}|{flag_double}|{e}(.?)|({bare}++)", re.DOTALL),
        escaped=re.compile(rf"{e}(.)", re.DOTALL),
    )


GRAMMARS = {escape: _grammar(escape) for escape in ("\\", "`")}


def read_form(text: str, escape: str) -> Form:
    """Take an instruction apart, its lines joined."""
    keyword, value, flags, rest = _split(text, escape)
    if keyword != "ONBUILD":
        arguments, is_json = _arguments(keyword, rest, escape)
        return Form(keyword, value, text, flags, arguments, is_json)
    inner, inner_value, inner_flags, inner_rest = _split(rest, escape)
    # No builder takes an ONBUILD within an ONBUILD.
    arguments, is_json = _arguments(inner, inner_rest, escape)
    trigger = Form(inner, inner_value, rest, inner_flags, arguments, is_json) if inner else None
    return Form(keyword, value, text, flags, trigger=trigger)


def _split(text: str, escape: str) -> tuple[str, str, tuple[str, ...], str]:
    """Keyword, all that follows it, its flags, and what follows these."""
    keyword, *following = BLANK.split(text.strip(SPACE), maxsplit=1)
    value = following[0] if following else ""
    flags, rest = _flags(value, GRAMMARS[escape])
    return keyword.upper(), value, flags, rest.strip(SPACE)


def _flags(text: str, grammar: _Grammar) -> tuple[tuple[str, ...], str]:
    flags: list[str] = []
    at = 0
    while True:
        if spaces := SPACES.match(text, at):
            at = spaces.end()
        found = grammar.flag.match(text, at) if text.startswith("--", at) else None
        if found is None:
            return tuple(flags), text[at:]
        at = found.end()
        flag = "".join(_unquoted(piece, grammar) for piece in grammar.piece.finditer(found[0]))
        if flag == "--":
            return tuple(flags), text[at:]
        flags.append(flag)


def _unquoted(piece: re.Match[str], grammar: _Grammar) -> str:
    quoted = piece[1] if piece[1] is not None else piece[2]
    if quoted is not None:
        return grammar.escaped.sub(r"\1", quoted)
    return piece[3] or piece[4] or ""


def _arguments(keyword: str, rest: str, escape: str) -> tuple[tuple[str, ...], bool]:
    """The arguments, and whether they are a JSON array."""
    if keyword in MAYBE_JSON:
        strings = _json_strings(rest)
        if strings is not None:
            return strings, True
    if not rest:
        return (), False
    if keyword in SPLIT:
        return tuple(BLANK.split(rest)), False
    if keyword in ONE_TEXT:
        return (rest,), False
    if keyword in PAIRS:
        return _pairs(rest, escape), False
    if keyword == "ARG":
        return tuple(_words(rest, escape)), False
    if keyword == "HEALTHCHECK":
        kind, *command = SPACES.split(rest, maxsplit=1)
        strings = _json_strings(command[0]) if command else None
        return (kind, *(command if strings is None else strings)), strings is not None
    return (), False


def _json_strings(text: str) -> tuple[str, ...] | None:
    """The strings of a JSON array, if it is one. BuildKit refuses one of anything else; here it is plain text."""
    if not text.startswith("["):
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, list) or not all(isinstance(item, str) for item in read):
        return None
    return tuple(_well_formed(item) for item in read)


def _well_formed(text: str) -> str:
    """Half a surrogate pair, which JSON's escapes can name, becomes the replacement character, as in Go."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pairs(rest: str, escape: str) -> tuple[str, ...]:
    """`name=value` over and over, or the old form `name value`."""
    words = _words(rest, escape)
    if not words or "=" not in words[0]:
        return tuple(BLANK.split(rest, maxsplit=1))
    return tuple(part for word in words if "=" in word for part in word.split("=", 1))


def _words(rest: str, escape: str) -> list[str]:
    """Words with their quotes and escapes."""
    words: list[str] = []
    for found in GRAMMARS[escape].word.finditer(rest):
        is_cut = found["cut"] or found["cut_quote"]
        word = found[0][:-1] if is_cut else found[0]
        if word:
            words.append(word)
    return words
