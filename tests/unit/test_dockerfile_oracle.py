"""Our reader of Dockerfiles is held against BuildKit's own parser (the package `dockerfile`, BuildKit 0.12).

Where the two differ, BuildKit has changed since: `<< EOF` with a space, escapes in flags, `check` directives,
`${name%pattern}`, and text behind a JSON array. tests/unit/test_dockerfile.py tells what holds today. One difference
is meant: BuildKit takes flags for Latin-1, so that an é in them becomes Ã©; we do not.
"""

from __future__ import annotations

import importlib.util
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.needs import need
from tui.engine.dockerfile import Instruction, parse

SAMPLES = sorted((Path(__file__).parents[1] / "dockerfiles").glob("*.Dockerfile"))
OURS = sorted((Path(__file__).parents[2] / "goapp").rglob("Dockerfile*"))


@pytest.fixture(scope="module")
def buildkit() -> Any:
    there = importlib.util.find_spec("dockerfile") is not None
    need(there, "BuildKit's parser", "pip install dockerfile==3.4.0 (x86-64 Linux, Apple silicon, Windows)")
    return importlib.import_module("dockerfile")


@dataclass(frozen=True, slots=True)
class Read:
    """What both readers tell of an instruction."""

    keyword: str
    trigger: str | None
    line: int
    end_line: int
    flags: tuple[str, ...]
    arguments: tuple[str, ...] | None
    """None for an unknown instruction, of which BuildKit reads no more."""
    is_json: bool
    heredocs: tuple[tuple[str, str], ...]


def by_us(text: str, known: frozenset[str]) -> list[Read]:
    return [_ours(instruction, known) for instruction in parse(text).instructions]


def _ours(instruction: Instruction, known: frozenset[str]) -> Read:
    held = instruction.trigger or instruction
    return Read(
        instruction.keyword,
        instruction.trigger.keyword if instruction.trigger else None,
        instruction.line,
        instruction.end_line,
        instruction.flags,
        held.arguments if held.keyword in known else None,
        held.is_json,
        # The package leaves out those of ONBUILD; the last line tells of them all the same.
        () if instruction.trigger else tuple((heredoc.name, heredoc.content) for heredoc in instruction.heredocs),
    )


def by_buildkit(text: str, buildkit: Any, known: frozenset[str]) -> list[Read] | None:
    """The same as BuildKit has it; None where it refuses the file."""
    try:
        commands = buildkit.parse_string(text)
    except buildkit.GoParseError:
        return None
    return [
        Read(
            command.cmd.upper(),
            command.sub_cmd and command.sub_cmd.upper(),
            command.start_line,
            command.end_line,
            command.flags,
            command.value if (command.sub_cmd or command.cmd).upper() in known else None,
            command.json,
            tuple((heredoc.name, heredoc.content) for heredoc in command.heredocs),
        )
        for command in commands
        # A lone escape character at the end of the file is an instruction without a name to BuildKit.
        if command.cmd
    ]


def known_to(buildkit: Any) -> frozenset[str]:
    return frozenset(name.upper() for name in buildkit.all_cmds())


@pytest.mark.parametrize("path", [*OURS, *SAMPLES], ids=lambda path: path.name)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
def test_a_dockerfile_is_read_as_buildkit_reads_it(path: Path, line_end: str, mark: str, buildkit: Any) -> None:
    text = mark + path.read_text("utf-8").replace("\n", line_end)
    known = known_to(buildkit)
    assert by_us(text, known) == by_buildkit(text, buildkit, known)


def is_known_to_differ(text: str) -> bool:
    """Whether a text may hold what we read in another way, see above."""
    has_flags = "--" in text
    escapes_in_flags = has_flags and "`" in text and "\\" in text
    spaced_heredoc = re.search(r"<<-?[ \t]+(?!3\)\))", text) is not None
    return escapes_in_flags or spaced_heredoc or (has_flags and not text.removeprefix("\ufeff").isascii())


KEYWORDS = (
    *("FROM", "RUN", "COPY", "ADD", "ENV", "ARG", "LABEL", "CMD", "ENTRYPOINT", "SHELL", "EXPOSE", "VOLUME", "USER"),
    *("WORKDIR", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER", "ONBUILD RUN", "ONBUILD COPY", "ONBUILD ENV", "NONSENSE"),
)
WORDS = (
    *("go", "build", "-o", "/out", ".", "a=b", "c='d e'", 'f="g h"', "$HOME", "${V}", "${V:-x y}", "${V+z}", '"q $V"'),
    *("&&", "|", ">", "<in", "<<<here", "$((1 << 3))", "1<<3", "it's", '"open', "#", "#no", "\\n", "a\\ b", "`x`"),
    *("CMD", "NONE", "AS", "é", "日本", "\u00a0", "[", "=", "a=", "=a", "''", '""', "\\\\", "x\\", "${", "$"),
    *("8080/tcp", "golang:1.27", "--late", "\x0b", "\x0c", "\ttab"),
)
PAIRS = ("a=b", "c='d e'", 'f="g h"', "h=", "=i", "j=$V", "k=a\\ b", "l=\\\\", "m=`", "n='", 'o="p', "q=é", "r==s")
FLAGS = (
    "--from=builder",
    "--mount=type=cache,target=/x",
    '--chown="a b"',
    "--link",
    "--platform=$P",
    "--x='y z'",
    "--",
)
JSON = ('["a", "b"]', "[]", '[ "x" ]', '["\\u00e9\\n"]', '["\\ud800"]', '["a",]', "['a']", '["a"')
HEREDOCS = (
    *(("<<EOF", "EOF"), ("<<-EOF", "\tEOF"), ('<<"EOF"', "EOF"), ("<<-'E F'", "E F"), ("3<<X", "X"), ("<<a.b", "a.b")),
    *(("<<-EOF", "EOF"), ("<<\\EOF", "EOF"), ("<<E$V", "E$V"), ("<<EOF", "EOF ")),
)
BODIES = ("echo hi", "FROM inside", "RUN x \\", "# note", "", "\tEOF2", " EOF", "<<EOF", "é", "EOFX")


@st.composite
def continuations(draw: st.DrawFn, escape: str, end: str) -> str:
    """A line break within an instruction, with what may stand there without being a part of it."""
    between = draw(st.lists(st.sampled_from(("", "  ", "\t", "# why", "  # why", "#", "\u00a0")), max_size=2))
    return escape + draw(st.sampled_from(("", " ", " \t"))) + end + "".join(line + end for line in between)


@st.composite
def instructions(draw: st.DrawFn, escape: str, end: str) -> str:
    """One instruction, maybe on several lines, maybe with here-documents."""
    gaps = st.one_of(st.sampled_from((" ", "  ", "\t")), continuations(escape, end))
    keyword = draw(st.sampled_from(KEYWORDS))
    parts = [
        draw(st.sampled_from(("", " ", "\t"))) + draw(st.sampled_from((keyword, keyword.lower(), keyword.title())))
    ]
    parts += draw(st.lists(st.sampled_from(FLAGS), max_size=2))
    bodies = ""
    if draw(st.booleans()) and not keyword.endswith(("ENV", "LABEL")):
        parts.append(draw(st.sampled_from(JSON)))
    else:
        # BuildKit refuses a whole file for one ENV or LABEL without an equals sign.
        words = PAIRS if keyword.endswith(("ENV", "LABEL")) else WORDS
        parts += draw(st.lists(st.sampled_from(words), min_size=1, max_size=5))
        if keyword.endswith(("RUN", "COPY", "ADD")):
            for start, mark in draw(st.lists(st.sampled_from(HEREDOCS), max_size=2)):
                parts.append(start)
                lines = [*draw(st.lists(st.sampled_from(BODIES), max_size=3)), mark]
                bodies += "".join(line + end for line in lines)
    text = parts[0]
    for part in parts[1:]:
        text += draw(gaps) + part
    return text + draw(st.sampled_from(("", " "))) + end + bodies


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """A file of instructions, comments, empty lines and loose fragments."""
    end = draw(st.sampled_from(("\n", "\r\n")))
    escape = draw(st.sampled_from(("\\", "\\", "\\", "`")))
    head = ["# syntax=docker/dockerfile:1"] * draw(st.integers(0, 1))
    if escape == "`" or draw(st.booleans()):
        head.append(draw(st.sampled_from(("# escape={}", "#ESCAPE = {}", "  # Escape={} "))).format(escape))
    head = draw(st.permutations(head))
    loose = st.sampled_from(("", "# comment", "  # comment", " ", "#", "\t", "\\", "# escape=`", "EOF")).map(
        lambda line: line + end
    )
    body = draw(st.lists(st.one_of(instructions(escape, end), instructions(escape, end), loose), max_size=6))
    text = draw(st.sampled_from(("", "\ufeff"))) + "".join(line + end for line in head) + "".join(body)
    return text if draw(st.booleans()) else text.removesuffix(end)


@settings(max_examples=500, deadline=None)
@given(text=dockerfiles())
def test_any_dockerfile_is_read_as_buildkit_reads_it(text: str, buildkit: Any) -> None:
    known = known_to(buildkit)
    ours, theirs = by_us(text, known), by_buildkit(text, buildkit, known)
    event("refused" if theirs is None else "read")
    assert theirs in (None, ours) or is_known_to_differ(text)


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet=st.sampled_from(f"{string.whitespace}RUNrunFROM<<-EOF#\\`'\"${{}}[=:,|1\u00a0\ufeffé")))
def test_any_text_is_read_as_buildkit_reads_it(text: str, buildkit: Any) -> None:
    known = known_to(buildkit)
    ours, theirs = by_us(text, known), by_buildkit(text, buildkit, known)
    event("refused" if theirs is None else "read")
    assert theirs in (None, ours) or is_known_to_differ(text)
