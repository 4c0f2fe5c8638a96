"""Dockerfiles for Pygments, with what its own lexer leaves plain: flags, AS and the stage's name, here-documents,
the escape directive and variables.

Where instructions and here-documents begin and end is told by the reader that also tells of stages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from pygments.lexer import Lexer
from pygments.token import Comment, Keyword, String, Text, Whitespace

from tui.engine.dockerfile import Heredoc, Instruction, parse
from tui.widgets.dockerfile_grammar import GRAMMARS, state_of

Tokens = Iterator[tuple[int, Any, str]]

INSTRUCTIONS = frozenset(
    (
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    )
)

LINE = re.compile(r"[^\n]*\n|[^\n]+")
WORD = re.compile(r"\S+")
HEREDOC = re.compile(r"<<-?[ \t]*([^\s<]+)")
MARK = "\ufeff"


class DockerfileLexer(Lexer):
    """Dockerfiles, as BuildKit's frontend reads them."""

    name = "Dockerfile"
    aliases = ["dockerfile"]
    filenames = ["Dockerfile", "Dockerfile.*", "*.Dockerfile"]

    def get_tokens(self, text: str, unfiltered: bool = False) -> Iterator[tuple[Any, str]]:
        """The tokens without their places. Unlike other lexers', they are the very text, with all its line ends."""
        for _, token, value in self.get_tokens_unprocessed(text):
            yield token, value

    def get_tokens_unprocessed(self, text: str) -> Tokens:
        """The tokens with their places."""
        dockerfile = parse(text)
        # Where each line starts, counted from 1, and where the text ends.
        starts = [0, *accumulate((len(line) for line in LINE.findall(text)), initial=0)]
        grammar = GRAMMARS[dockerfile.escape]()
        line = 1
        for instruction in dockerfile.instructions:
            yield from _between(text, starts, line, instruction.line, dockerfile.directives)
            start, end = starts[instruction.line], starts[instruction.head_end + 1]
            yield from _moved(start, _instruction(text[start:end], instruction, grammar))
            for heredoc in instruction.heredocs:
                yield from _heredoc(text, starts, heredoc, instruction, grammar)
            line = instruction.end_line + 1
        yield from _between(text, starts, line, len(starts) - 1, dockerfile.directives)


def _between(text: str, starts: Sequence[int], first: int, end: int, directives: int) -> Tokens:
    """Comments, directives and empty lines, from one line up to another."""
    for number in range(first, end):
        line = text[starts[number] : starts[number + 1]]
        if line.strip().removeprefix(MARK):
            yield starts[number], Comment.Preproc if number <= directives else Comment.Single, line
        else:
            yield starts[number], Whitespace, line


def _instruction(text: str, instruction: Instruction, grammar: Any) -> Tokens:
    """An instruction without its here-documents."""
    at = 0
    held = instruction
    while found := WORD.search(text, at):
        if at < found.start():
            yield at, Whitespace, text[at : found.start()]
        start, at = found.start(), found.end()
        word = found[0]
        if start == 0 and word.startswith(MARK):
            yield 0, Text, MARK
            start, word = 1, word.removeprefix(MARK)
        if word.upper() != held.keyword:
            # A keyword may go on behind a line break.
            at = start
            break
        yield start, Keyword if held.keyword in INSTRUCTIONS else Text, word
        if held.trigger is None:
            break
        held = held.trigger
    state = state_of(held.keyword, is_json=held.is_json)
    for heredoc in instruction.heredocs:
        start_mark = next((m for m in HEREDOC.finditer(text, at) if m[1].strip("'\"") == heredoc.name), None)
        if start_mark is None:
            break
        yield from _moved(at, grammar.get_tokens_unprocessed(text[at : start_mark.start()], (state,)))
        yield start_mark.start(), String.Delimiter, start_mark[0]
        at = start_mark.end()
    yield from _moved(at, grammar.get_tokens_unprocessed(text[at:], (state,)))


def _heredoc(text: str, starts: Sequence[int], heredoc: Heredoc, instruction: Instruction, grammar: Any) -> Tokens:
    """A here-document: a script of its own where RUN is handed it, unless it names another interpreter."""
    start, end = starts[heredoc.line], starts[heredoc.end_line]
    content = text[start:end]
    is_run = (instruction.trigger or instruction).keyword == "RUN"
    if is_run and not content.startswith("#!"):
        yield from _moved(start, grammar.get_tokens_unprocessed(content, ("heredoc",)))
    elif content:
        yield start, String.Heredoc, content
    mark = text[end : starts[heredoc.end_line + 1]]
    name = mark.rstrip("\r\n")
    if name:
        yield end, String.Delimiter, name
    if name != mark:
        yield end + len(name), Whitespace, mark[len(name) :]


def _moved(by: int, tokens: Tokens) -> Tokens:
    """Tokens of a part of the text at their places in the whole."""
    for index, token, value in tokens:
        yield by + index, token, value
