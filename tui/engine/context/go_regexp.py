"""Regular expressions of Go (RE2), as far as docker makes them out of patterns, in Python's spelling.

Docker writes most of a pattern into a regular expression as it stands. So `\\d` in a pattern is a digit, `|` stands
between alternatives, `[*]` is no star, and `[z-a]` is refused: https://pkg.go.dev/regexp/syntax. Parentheses and `+`
never get here unescaped.
"""

from __future__ import annotations

import re

from tui.engine.context.go_paths import BadPattern

Ranges = list[tuple[int, int]]
"""Code points from, to."""

_CONTROL = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_ANCHORS = {"A": r"\A", "z": r"\Z", "b": r"\b", "B": r"\B"}
_PERL = {"d": ("09",), "s": ("\t\n", "\f\r", "  "), "w": ("09", "AZ", "az", "__")}
_POSIX = {
    "alnum": ("09", "AZ", "az"),
    "alpha": ("AZ", "az"),
    "ascii": ("\0\x7f",),
    "blank": ("\t\t", "  "),
    "cntrl": ("\0\x1f", "\x7f\x7f"),
    "digit": ("09",),
    "graph": ("!~",),
    "lower": ("az",),
    "print": (" ~",),
    "punct": ("!/", ":@", "[`", "{~"),
    "space": ("\t\r", "  "),
    "upper": ("AZ",),
    "word": ("09", "AZ", "az", "__"),
    "xdigit": ("09", "AF", "af"),
}
_META = {
    "^": "^",
    "$": r"\Z",
    ".": ".",
    "*": "*",
    "?": "?",
    "(": "(?:",
    ")": ")",
    # Only the first alternative has the `^`.
    "|": "|(?s:.*?)",
}
MOST_REPEATS = 1000
_REPEAT = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_NAMED = re.compile(r"\[:(\^?)(.*?):\]", re.DOTALL)
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_HEXADECIMAL = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})")
_HIGHEST = 0x10FFFF

# RE2 takes no longer for many stars than for one. Here, a star takes as little as it can if another star of the same
# name takes up the rest, once and for all; and folders of any depth are looked for once.
_STAR = "[^/]*"
_STAR_BEFORE_STAR = re.compile(r"\[\^/\]\*((?:\w|\\[^\w/])+)(?=\[\^/\]\*)")
_ANY_FOLDERS = re.compile(r"(\(\?:\.\*/\)\?)(?:\1)+")


def to_python(expression: str) -> str:
    """The same expression for `re.match` with re.ASCII; it begins with `^`. Raises BadPattern."""
    pieces: list[str] = []
    index, may_repeat = 0, False
    while index < len(expression):
        character = expression[index]
        if repeat := _REPEAT.match(expression, index):
            if not may_repeat:
                raise BadPattern
            pieces[-1] = f"(?:{pieces[-1]}){_checked(repeat)}"
            index, may_repeat = repeat.end(), False
            continue
        if character == "\\":
            piece, index = _escape(expression, index + 1)
        elif expression.startswith("[^/]*", index):
            piece, index = _STAR, index + 5
        elif character == "[":
            piece, index = _class(expression, index + 1)
        else:
            piece, index = _META.get(character) or re.escape(character), index + 1
        pieces.append(piece)
        may_repeat = piece != _STAR and character not in "*?|"
    return _ANY_FOLDERS.sub(r"\1", _STAR_BEFORE_STAR.sub(r"(?>[^/]*?\1)", "".join(pieces)))


def _checked(repeat: re.Match[str]) -> str:
    least, most = int(repeat[1]), int(repeat[3] or repeat[1])
    if least > most or most > MOST_REPEATS:
        raise BadPattern
    return repeat[0]


def _escape(text: str, index: int) -> tuple[str, int]:
    character = text[index : index + 1]
    if character == "Q":
        end = text.find("\\E", index)
        end = len(text) if end < 0 else end
        return re.escape(text[index + 1 : end]), end + 2
    if character in _ANCHORS:
        return _ANCHORS[character], index + 1
    if (members := _perl(character)) is not None:
        return f"[{_spelled(members)}]", index + 1
    literal, index = _escaped_character(text, index)
    return re.escape(literal), index


def _class(text: str, index: int) -> tuple[str, int]:
    """The class that begins at `index`, behind its bracket."""
    negated = text[index : index + 1] == "^"
    index += negated
    members: Ranges = []
    while not members or text[index : index + 1] != "]":
        found, index = _members(text, index)
        members += found
    return f"[{'^' if negated else ''}{_spelled(members)}]", index + 1


def _members(text: str, index: int) -> tuple[Ranges, int]:
    """One character of a class, one range, or one class by its name."""
    if named := _NAMED.match(text, index):
        if named[2] not in _POSIX:
            raise BadPattern
        members = _ranges(_POSIX[named[2]])
        return _others(members) if named[1] else members, named.end()
    if text[index : index + 1] == "\\" and (several := _perl(text[index + 1 : index + 2])) is not None:
        return several, index + 2
    low, index = _class_character(text, index)
    high = low
    if text[index : index + 1] == "-" and text[index + 1 : index + 2] not in ("", "]"):
        high, index = _class_character(text, index + 1)
    if high < low:
        raise BadPattern
    return [(ord(low), ord(high))], index


def _class_character(text: str, index: int) -> tuple[str, int]:
    character = text[index : index + 1]
    if character == "\\":
        return _escaped_character(text, index + 1)
    if not character:
        raise BadPattern
    return character, index + 1


def _escaped_character(text: str, index: int) -> tuple[str, int]:
    """The character behind a backslash. Raises BadPattern, for `\\pL` too: no Python class is the same as Go's."""
    character = text[index : index + 1]
    if character in _CONTROL:
        return _CONTROL[character], index + 1
    if octal := _OCTAL.match(text, index):
        return chr(int(octal[0], 8)), octal.end()
    if hexadecimal := _HEXADECIMAL.match(text, index):
        code = int(hexadecimal[1] or hexadecimal[2], 16)
        if code > _HIGHEST:
            raise BadPattern
        return chr(code), hexadecimal.end()
    if not character.isascii() or character.isalnum() or not character:
        raise BadPattern
    return character, index + 1


def _perl(character: str) -> Ranges | None:
    if character.lower() not in _PERL:
        return None
    members = _ranges(_PERL[character.lower()])
    return members if character in _PERL else _others(members)


def _ranges(pairs: tuple[str, ...]) -> Ranges:
    return [(ord(pair[0]), ord(pair[1])) for pair in pairs]


def _others(members: Ranges) -> Ranges:
    """All that is not in `members`, which are sorted."""
    lows = [0, *(high + 1 for _, high in members)]
    highs = [*(low - 1 for low, _ in members), _HIGHEST]
    return [(low, high) for low, high in zip(lows, highs, strict=True) if low <= high]


def _spelled(members: Ranges) -> str:
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in members)
