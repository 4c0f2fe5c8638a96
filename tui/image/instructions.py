"""A Dockerfile's instructions, as their author wrote them and as builders write them into an image's history."""

from __future__ import annotations

import re
from collections import Counter

KEYWORDS = frozenset(
    {
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    }
)

BUILDKITS_END = "# buildkit"
CLASSIC_NO_LAYER = re.compile(r"(?:\|\d+ .*?)?(?:/bin/sh -c|cmd /S /C) #\(nop\)\s*", re.DOTALL)
THROUGH_A_SHELL = re.compile(
    r"(?:RUN )?(?:\|\d+ .*? )?(?:/[\w/]+/)?(?:ba|da|a|z|k)?sh(?: -\w+(?: pipefail)?)*? -\w*c ", re.DOTALL
)
PORTS_AS_GO_PRINTS_THEM = re.compile(r"EXPOSE (?:map)?\[(.*)\]$", re.DOTALL)
CONTENT_HASH = re.compile(r"\b(file|dir|multi):([0-9a-f]{12})[0-9a-f]{52}\b")
COPIED_BY_HASH = re.compile(r"(?:COPY|ADD) (?:--\S+ )*(?:file|dir|multi):[0-9a-f]+ in (.+)$")

FLAG = re.compile(r"--[a-z][\w-]*(?:=\S*)?$")
PUNCTUATION = str.maketrans(dict.fromkeys("\"'`", "") | dict.fromkeys(",[]{}", " "))
REMOTE = re.compile(r"(?:https?|ssh|git)://|git@")

ALIKE_BY_KEYWORD = 0.3
"""The likeness of a copy whose sources the history hides, when its destinations differ."""


def cleaned(created_by: str) -> str:
    """A line of history as its author would have written it, on one line: `RUN go build .`."""
    text = " ".join(created_by.split()).removesuffix(BUILDKITS_END).strip()
    text, found = CLASSIC_NO_LAYER.subn("", text, count=1) if CLASSIC_NO_LAYER.match(text) else (text, 0)
    shell = None if found else THROUGH_A_SHELL.match(text)
    if shell:
        text = f"RUN {text[shell.end() :]}"
    ports = PORTS_AS_GO_PRINTS_THEM.match(text)
    if ports:
        text = f"EXPOSE {ports[1].replace(':{}', '')}"
    return CONTENT_HASH.sub(r"\1:\2", text)


def keyword(instruction: str) -> str:
    """`RUN`; empty where the text begins with no keyword of a Dockerfile's."""
    word = instruction.partition(" ")[0].upper()
    return word if word in KEYWORDS else ""


def is_from_context(instruction: str, *, is_written: bool) -> bool:
    """Whether it brings files of the build context, and not those of a stage, an image or an address.

    `is_written` tells that this is the Dockerfile's own text. History leaves `--from` out; a source that is an
    absolute path then stands for another stage, as hardly anybody writes the context's own files like that.
    """
    if keyword(instruction) not in ("COPY", "ADD"):
        return False
    if re.search(r" --from=", instruction):
        return False
    words = _words(instruction)
    source = words[0] if words else ""
    return not REMOTE.match(source) and (is_written or not source.startswith("/"))


def likeness(one: str, other: str) -> float:
    """How much two instructions have in common: from 0, other keywords or no word, to 1, the same words."""
    keywords = {keyword(one), keyword(other)}
    if len(keywords) > 1 and keywords != {"RUN", ""}:
        return 0.0
    for text, against in ((one, other), (other, one)):
        copied = COPIED_BY_HASH.match(text)
        if copied and not COPIED_BY_HASH.match(against):
            words = _words(against)
            return 1.0 if words and words[-1] == copied[1].strip() else ALIKE_BY_KEYWORD
    mine, theirs = Counter(_words(one)), Counter(_words(other))
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 1.0


def _words(instruction: str) -> list[str]:
    """What follows the keyword and its flags, without brackets, quotes and the protocol of a port."""
    if keyword(instruction):
        instruction = instruction.partition(" ")[2]
    words = [word.removesuffix("/tcp") for word in instruction.translate(PUNCTUATION).split()]
    while words and FLAG.match(words[0]):
        words.pop(0)
    return words
