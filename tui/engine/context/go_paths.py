"""A few functions of Go, by which docker cleans and checks its patterns.

`os.path.normpath` keeps a leading `//` and `fnmatch` knows neither escapes nor refusals, so they will not do.
"""

from __future__ import annotations

import os
import posixpath

BAD_PATTERN = "syntax error in pattern"
"""Go's filepath.ErrBadPattern."""


_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


class BadPattern(Exception):
    """A pattern is refused; the message has Go's or docker's words."""

    def __init__(self, words: str = BAD_PATTERN) -> None:
        super().__init__(words)


def clean(path: str) -> str:
    """filepath.Clean, then filepath.ToSlash: the shortest spelling; never empty."""
    shortest = posixpath.normpath(path.replace(os.sep, "/"))
    return shortest[1:] if shortest.startswith("//") else shortest


def trim_space(text: str) -> str:
    """strings.TrimSpace, which leaves some control characters that `str.strip` takes."""
    return text.strip(_SPACE)


def match(pattern: str, name: str) -> bool:
    """filepath.Match. Raises BadPattern, though only for a flaw at which it looks before it knows the answer."""
    while pattern:
        is_star, chunk, pattern = _next_chunk(pattern)
        if is_star and not chunk:
            return "/" not in name
        rest = _match_chunk(chunk, name)
        start = 0
        # What precedes the last chunk may match early; the last one has to reach the end of the name.
        while rest is None or (rest and not pattern):
            if not is_star or start >= len(name) or name[start] == "/":
                return False
            start += 1
            rest = _match_chunk(chunk, name[start:])
        name = rest
    return not name


def _next_chunk(pattern: str) -> tuple[bool, str, str]:
    """Whether stars come first, the piece up to the next star, and what is left."""
    rest = pattern.lstrip("*")
    in_class, index = False, 0
    while index < len(rest):
        character = rest[index]
        if character == "\\":
            index += 1
        elif character in "[]":
            in_class = character == "["
        elif character == "*" and not in_class:
            break
        index += 1
    return rest != pattern, rest[:index], rest[index:]


def _match_chunk(chunk: str, name: str) -> str | None:
    """What is left of `name` behind a match of `chunk`, which has no stars; None where it does not match."""
    failed, index = False, 0
    while index < len(chunk):
        failed = failed or not name
        first = name[:1]
        character = chunk[index]
        if character == "[":
            matched, index = _match_class(chunk, index + 1, first)
        elif character == "?":
            matched, index = first != "/", index + 1
        else:
            if character == "\\":
                index += 1
                if index == len(chunk):
                    raise BadPattern
            matched, index = first == chunk[index], index + 1
        failed = failed or not matched
        name = name[1:]
    return None if failed else name


def _match_class(chunk: str, index: int, first: str) -> tuple[bool, int]:
    """Whether a class that begins at `index` has `first`, and where it ends."""
    negated = chunk[index : index + 1] == "^"
    index += negated
    found, ranges = False, 0
    while not (ranges and chunk[index] == "]"):
        low, index = _class_character(chunk, index)
        high = low
        if chunk[index] == "-":
            high, index = _class_character(chunk, index + 1)
        found = found or low <= first <= high
        ranges += 1
    return found != negated, index + 1


def _class_character(chunk: str, index: int) -> tuple[str, int]:
    if chunk[index : index + 1] in ("", "-", "]"):
        raise BadPattern
    index += chunk[index] == "\\"
    # A class that is never closed is refused here: there must be something behind each character.
    if index + 1 >= len(chunk):
        raise BadPattern
    return chunk[index], index + 1
