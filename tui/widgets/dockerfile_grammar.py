"""How the text of one Dockerfile instruction is coloured, once it is known where the instruction begins and ends."""

from __future__ import annotations

import re
from typing import Any

from pygments.lexer import RegexLexer, bygroups, default, include, this, using
from pygments.lexers.shell import BashLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace


def _grammar(escape: str) -> dict[str, list[Any]]:
    """The states of the lexer for a file with this escape character. All expressions take linear time."""
    e = re.escape(escape)
    line_end = rf"{e}[ \t]*(?:\r?\n|\Z)"
    unspaced = rf"(?:(?!{line_end})\S)++"
    return {
        # What may stand within an instruction: line breaks, with comments and empty lines behind them.
        "continued": [
            (
                rf"((?<!{e}){line_end})((?:[^\S\n]*+(?:#[^\n]*+)?\n)*+(?:[^\S\n]*+#[^\n]*+\Z)?)",
                bygroups(String.Escape, Comment.Single),
            ),
            (r"\s+", Whitespace),
        ],
        "variable": [
            (r"\$\{[^}\n]{0,256}+\}|\$\w+", Name.Variable),
        ],
        "quoted": [
            (r'"(?:[^"\\\n]|\\.)*+"', String.Double),
            (r"'[^'\n]*+'", String.Single),
        ],
        "flags": [
            include("continued"),
            (rf"(--[\w-]+)(=)({unspaced})", bygroups(Name.Attribute, Operator, using(this, state="value"))),
            (r"--[\w-]+(?!\S)", Name.Attribute),
        ],
        "value": [
            include("variable"),
            (r"[^$]+", String),
            (r".", String),
        ],
        "FROM": [
            include("flags"),
            (unspaced, using(this, state="image"), "naming"),
            (r".", Text),
        ],
        "image": [
            include("variable"),
            (r"[^$]+", Name.Class),
            (r".", Name.Class),
        ],
        "naming": [
            include("continued"),
            (r"(AS)(\s+)(\S+)", bygroups(Keyword, Whitespace, Name.Label)),
            (r"\S+", Text),
        ],
        "HEALTHCHECK": [
            include("flags"),
            (r"NONE(?!\S)", Keyword.Constant),
            (r"CMD(?!\S)", Keyword, "shell"),
            default("arguments"),
        ],
        "HEALTHCHECK json": [
            include("flags"),
            (r"CMD(?!\S)", Keyword, "json"),
            default("json"),
        ],
        "shell": [
            include("flags"),
            default("script"),
        ],
        "script": [
            include("continued"),
            # Bash's lexer would take `<<` for a here-document, and look for its end again and again.
            (rf"(?:[^\n{e}<]|<(?!<)|{e}(?![ \t]*\r?(?:\n|\Z)))++", using(BashLexer)),
            (r"<+", Operator),
            (r".", Text),
        ],
        "heredoc": [
            (r"(?:[^<]|<(?!<))++", using(BashLexer)),
            (r"<+", Operator),
        ],
        "json": [
            include("flags"),
            (r'"(?:[^"\\\n]|\\.)*+"', String.Double),
            (r"[\[\],]", Punctuation),
            (r".", Text),
        ],
        "pairs": [
            include("continued"),
            (r"([\w.-]+)(=)", bygroups(Name.Variable, Operator)),
            include("quoted"),
            include("variable"),
            (r"\\.", String.Escape),
            (r"[^\s\\$\"'`]+", String),
            (r".", Text),
        ],
        "arguments": [
            include("flags"),
            include("quoted"),
            include("variable"),
            (r"\\.", String.Escape),
            (r"\d+(?:/(?:tcp|udp))?(?!\S)", Number.Integer),
            (r"[\[\],]", Punctuation),
            (r"[^\s\\$\"'\[\],`=]+", Text),
            (r".", Text),
        ],
    }


class BackslashGrammar(RegexLexer):
    """Instructions of an ordinary Dockerfile; each is read from the state that `state_of` tells."""

    flags = re.IGNORECASE | re.MULTILINE
    tokens = _grammar("\\")


class BacktickGrammar(RegexLexer):
    """Instructions of a Dockerfile with `# escape=`."""

    flags = re.IGNORECASE | re.MULTILINE
    tokens = _grammar("`")


GRAMMARS: dict[str, type[RegexLexer]] = {"\\": BackslashGrammar, "`": BacktickGrammar}

SHELL_FORM = ("RUN", "CMD", "ENTRYPOINT", "SHELL")
PAIRS = ("ENV", "ARG", "LABEL")


def state_of(keyword: str, *, is_json: bool) -> str:
    """The state in which to read what follows this keyword."""
    if keyword == "HEALTHCHECK":
        return "HEALTHCHECK json" if is_json else keyword
    if is_json:
        return "json"
    if keyword == "FROM":
        return keyword
    if keyword in SHELL_FORM:
        return "shell"
    return "pairs" if keyword in PAIRS else "arguments"
