"""Lines into statements: directives, comments, continuations and here-documents (Parse in parser/parser.go)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tui.engine.dockerfile.forms import Form, read_form
from tui.engine.dockerfile.heredocs import LineIndex, starts_in
from tui.engine.dockerfile.parts import Heredoc
from tui.engine.dockerfile.words import SPACE

BYTE_ORDER_MARK = "\ufeff"
DIRECTIVES = frozenset(("check", "escape", "syntax"))
DIRECTIVE = re.compile(rf"[{SPACE}]*([A-Za-z][A-Za-z0-9]*)[\t\n\f\r ]*=(.+)", re.DOTALL)
LINE = re.compile(r"[^\n]*\n|[^\n]+")
ESCAPES = ("\\", "`")


@dataclass(frozen=True, slots=True)
class Statement:
    """One instruction and where it stands; lines count from 1."""

    form: Form
    line: int
    head_end: int
    """The last line before its here-documents."""
    end_line: int
    heredocs: tuple[Heredoc, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file's lines, and what its first ones say about the others."""

    lines: tuple[str, ...]
    """Each with its end."""
    escape: str
    directives: int
    """How many lines at the top are directives."""


def source_of(text: str) -> Source:
    """Split a text into lines and read its directives, which stand before all else."""
    lines = tuple(LINE.findall(text.removeprefix(BYTE_ORDER_MARK)))
    escape = ESCAPES[0]
    seen: set[str] = set()
    for line in lines:
        directive = directive_in(line.rstrip("\r\n").lstrip(SPACE), "#")
        if directive is None or directive[0] in seen:
            break
        seen.add(directive[0])
        if directive[0] == "escape" and directive[1] in ESCAPES:
            escape = directive[1]
    return Source(lines, escape, len(seen))


def directive_in(line: str, comment: str) -> tuple[str, str] | None:
    """The name and value of a directive behind this comment sign."""
    found = DIRECTIVE.fullmatch(line, len(comment)) if line.startswith(comment) else None
    if found is None or found[1].lower() not in DIRECTIVES:
        return None
    return found[1].lower(), found[2].strip("\t\n\f\r ")


def syntax_of(text: str) -> str | None:
    """The frontend that the first lines ask for: `# syntax=…`, behind `//` where the language has other comments."""
    lines = LINE.findall(text.removeprefix(BYTE_ORDER_MARK))
    if text.startswith("#!"):
        del lines[0]
    for comment in ("#", "//"):
        for line in lines:
            directive = directive_in(line, comment)
            if directive is None:
                break
            if directive[0] == "syntax":
                return directive[1].partition(" ")[0] or None
    return None


def statements_of(source: Source) -> Iterator[Statement]:
    """The instructions of a file, in order."""
    lines, index = source.lines, LineIndex(source.lines)
    at = 0
    while at < len(lines):
        first = at
        text, at = _joined(lines, first, source.escape)
        if not text.strip(SPACE):
            continue
        form = read_form(text, source.escape)
        head_end = at
        heredocs: list[Heredoc] = []
        for start in starts_in(text, form):
            end = index.end_of(start, at)
            if end is None:
                # A builder refuses the file, or is older than Dockerfile 1.16 and takes `1 << 3` for a shift.
                continue
            heredocs.append(Heredoc(start.name, "".join(lines[at:end]), at + 1, end + 1))
            at = end + 1
        yield Statement(form, first + 1, head_end, at, tuple(heredocs))


def _joined(lines: tuple[str, ...], first: int, escape: str) -> tuple[str, int]:
    """The line and those that continue it, comments and empty ones left out, and the index of the next line."""
    text, goes_on = _without_escape(_without_comment(lines[first].rstrip("\r\n").lstrip(SPACE)), escape)
    at = first + 1
    parts = [text]
    while goes_on and at < len(lines):
        line = lines[at].rstrip("\r\n")
        at += 1
        if line.lstrip(SPACE)[:1] in ("", "#"):
            continue
        text, goes_on = _without_escape(line, escape)
        parts.append(text)
    return "".join(parts), at


def _without_comment(line: str) -> str:
    return "" if line.startswith("#") else line


def _without_escape(line: str, escape: str) -> tuple[str, bool]:
    """The line without the escape character that continues it, and whether there is one; two of them are none."""
    bare = line.rstrip("\t ")
    if bare.endswith(escape) and not bare.endswith(escape * 2):
        return bare[:-1], True
    return line, False
