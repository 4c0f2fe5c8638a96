"""Dockerfiles for Pygments, with what its own lexer leaves plain: flags, AS and the stage's name, here-documents,
the escape directive and variables.

The language: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pygments.lexer import RegexLexer, bygroups, default, include, this, using, words
from pygments.lexers.data import JsonLexer
from pygments.lexers.shell import BashLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace

Tokens = Iterator[tuple[int, Any, str]]

INSTRUCTIONS = (
    *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
    *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
)
SHELL_FORM = ("RUN", "CMD", "ENTRYPOINT", "SHELL")

HEREDOC_START = r"<<-?[\"']?[A-Za-z_]\w*[\"']?"
HEREDOC_LINE = re.compile(rf"[ \t]*(RUN|COPY|ADD)\b.*{HEREDOC_START}", re.IGNORECASE)
HEREDOC_NAME = re.compile(r"<<(-?)[\"']?([A-Za-z_]\w*)[\"']?")


class DockerfileLexer(RegexLexer):
    """Dockerfiles, as BuildKit's frontend reads them."""

    name = "Dockerfile"
    aliases = ["dockerfile"]
    filenames = ["Dockerfile", "Dockerfile.*", "*.Dockerfile"]
    flags = re.IGNORECASE | re.MULTILINE

    def get_tokens_unprocessed(self, text: str, stack: Iterable[str] = ("root",)) -> Tokens:
        """The tokens with their places; the bodies of here-documents are read apart from the instructions."""
        position = 0
        for body in _heredocs(text):
            yield from _moved(position, super().get_tokens_unprocessed(text[position : body.start], stack))
            content = text[body.start : body.end]
            if body.is_shell:
                yield from _moved(body.start, BashLexer().get_tokens_unprocessed(content))
            elif content:
                yield body.start, String.Heredoc, content
            yield body.end, String.Delimiter, text[body.end : body.mark_end]
            position = body.mark_end
        yield from _moved(position, super().get_tokens_unprocessed(text[position:], stack))

    tokens = {
        "root": [
            (r"\s+", Whitespace),
            (r"#[ \t]*(?:syntax|escape|check)[ \t]*=[^\n]*", Comment.Preproc),
            (r"#[^\n]*", Comment.Single),
            (
                r"(FROM)((?:\s+--[\w-]+=\S+)*)(\s+)(\S+)(?:(\s+)(AS)(\s+)(\S+))?",
                bygroups(
                    Keyword,
                    using(this, state="flags"),
                    Whitespace,
                    using(this, state="image"),
                    Whitespace,
                    Keyword,
                    Whitespace,
                    Name.Label,
                ),
            ),
            (r"(ONBUILD)(\s+)", bygroups(Keyword, Whitespace)),
            (
                r"(HEALTHCHECK)(\s+)(NONE)\b",
                bygroups(Keyword, Whitespace, Keyword.Constant),
            ),
            (r"(HEALTHCHECK)((?:\s+--[\w-]+=\S+)*)", bygroups(Keyword, using(this, state="flags"))),
            (words(SHELL_FORM, suffix=r"\b"), Keyword, "command"),
            (words(("ENV", "ARG", "LABEL"), suffix=r"\b"), Keyword, "pairs"),
            (words(INSTRUCTIONS, suffix=r"\b"), Keyword, "arguments"),
            (r"[^\s]+", Text),
        ],
        "continued": [
            (r"([\\`][ \t]*\n)((?:[ \t]*#[^\n]*\n)*)", bygroups(String.Escape, Comment.Single)),
            (r"\n", Whitespace, "#pop"),
            (r"[ \t]+", Whitespace),
        ],
        "variable": [
            (r"\$\{[^}\n]*\}|\$\w+", Name.Variable),
            (r"\\.", String.Escape),
        ],
        "flag": [
            (r"(--[\w-]+)(=)?", bygroups(Name.Attribute, Operator)),
        ],
        "flags": [
            (r"\s+", Whitespace),
            include("flag"),
            include("variable"),
            (r"[^\s$=]+", String),
        ],
        "image": [
            include("variable"),
            (r"[^$]+", Name.Class),
        ],
        "command": [
            include("continued"),
            (r"(?<=\s)--(?:mount|network|security)\b", Name.Attribute, "flag-value"),
            (r"\[[^\n]*\](?=[ \t]*$)", using(JsonLexer)),
            (HEREDOC_START, String.Delimiter),
            (r"(?:[^\n\\`<]|<(?!<)|[\\`](?![ \t]*\n))+", using(BashLexer)),
            (r".", Text),
        ],
        "flag-value": [
            (r"(=)(\S+)", bygroups(Operator, String), "#pop"),
            default("#pop"),
        ],
        "pairs": [
            include("continued"),
            (r"([\w.-]+)(=)", bygroups(Name.Variable, Operator)),
            (r'"(?:[^"\\\n]|\\.)*"', String.Double),
            (r"'[^'\n]*'", String.Single),
            include("variable"),
            (r"[^\s\\$\"'`]+", String),
            (r".", Text),
        ],
        "arguments": [
            include("continued"),
            include("flag"),
            include("variable"),
            (HEREDOC_START, String.Delimiter),
            (r'"(?:[^"\\\n]|\\.)*"', String.Double),
            (r"\d+(?:/(?:tcp|udp))?(?=\s|$)", Number.Integer),
            (r"[\[\],]", Punctuation),
            (r"[^\s\\$\"\[\],`=]+", Text),
            (r".", Text),
        ],
    }


@dataclass(frozen=True, slots=True)
class _Heredoc:
    """Where a here-document's body and its end mark lie."""

    start: int
    end: int
    mark_end: int
    is_shell: bool


def _heredocs(text: str) -> Iterator[_Heredoc]:
    """All here-documents, in order. One without an end mark goes on to the end of the file."""
    waiting: list[tuple[bool, str]] = []
    is_run = False
    start = position = 0
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        begin, position = position, position + len(line)
        if waiting:
            dash, name = waiting[0]
            mark = line.rstrip("\n")
            if (mark.lstrip("\t") if dash else mark) == name:
                yield _Heredoc(start, begin, begin + len(mark), is_run and not text.startswith("#!", start))
                waiting.pop(0)
                start = position
        elif match := HEREDOC_LINE.match(line):
            is_run = match[1].upper() == "RUN"
            waiting = [(dash == "-", name) for dash, name in HEREDOC_NAME.findall(line)]
            start = position
    if waiting and start < len(text):
        yield _Heredoc(start, len(text), len(text), is_run)


def _moved(by: int, tokens: Tokens) -> Tokens:
    """Tokens of a part of the text at their places in the whole."""
    for index, token, value in tokens:
        yield by + index, token, value
