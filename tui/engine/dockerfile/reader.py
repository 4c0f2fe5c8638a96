"""Reads a text as a Dockerfile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.engine.dockerfile.forms import Form
from tui.engine.dockerfile.lines import Statement, source_of, statements_of, syntax_of
from tui.engine.dockerfile.model import Dockerfile
from tui.engine.dockerfile.parts import Instruction, Stage
from tui.engine.dockerfile.words import SPACE, BadSubstitution, Rules, expand


def parse(
    text: str, build_args: Mapping[str, str] | None = None, predefined: Mapping[str, str] | None = None
) -> Dockerfile:
    """Read a Dockerfile. Anything can be read: what a builder would refuse is left out, never raised.

    `build_args` count where an ARG before the first FROM declares them; `predefined` are those that need no ARG, such
    as BUILDPLATFORM (see platforms.py).
    """
    source = source_of(text)
    statements = list(statements_of(source))
    starts = [s for s in statements if s.form.keyword == "FROM" and s.form.arguments]
    first = starts[0].line if starts else len(source.lines) + 1
    variables = _global_variables(
        (s.form for s in statements if s.line < first), source.escape, build_args or {}, predefined or {}
    )
    ends = [start.line - 1 for start in starts[1:]] + [len(source.lines)]
    stages = tuple(
        _stage(index, start, end, variables, source.escape)
        for index, (start, end) in enumerate(zip(starts, ends, strict=False))
    )
    instructions = tuple(_instructions(statements))
    return Dockerfile(text, stages, instructions, syntax_of(text), source.escape, source.directives)


def _instructions(statements: Iterable[Statement]) -> Iterable[Instruction]:
    stage: int | None = None
    for statement in statements:
        if statement.form.keyword == "FROM" and statement.form.arguments:
            stage = 0 if stage is None else stage + 1
        yield _instruction(statement, statement.form, stage)


def _instruction(statement: Statement, form: Form, stage: int | None) -> Instruction:
    trigger = form.trigger
    return Instruction(
        form.keyword,
        " ".join(form.value.split()),
        statement.line,
        statement.end_line,
        stage,
        head_end=statement.head_end,
        original=form.text.strip(SPACE),
        flags=form.flags,
        arguments=form.arguments,
        is_json=form.is_json,
        heredocs=statement.heredocs,
        trigger=_instruction(statement, trigger, stage) if trigger else None,
    )


def _stage(index: int, start: Statement, end: int, variables: Mapping[str, str], escape: str) -> Stage:
    base, *naming = start.form.arguments
    name = naming[1] if len(naming) > 1 and naming[0].lower() == "as" else None
    platforms = [flag.removeprefix("--platform=") for flag in start.form.flags if flag.startswith("--platform=")]
    platform = _filled_in(platforms[-1], variables, escape) if platforms else None
    return Stage(index, name, _filled_in(base, variables, escape), start.line, end, platform)


def _filled_in(word: str, variables: Mapping[str, str], escape: str) -> str:
    """The word with its variables, or as it is written where nothing can come of it."""
    try:
        return expand(word, variables, Rules(escape)) or word
    except BadSubstitution:
        return word


def _global_variables(
    forms: Iterable[Form], escape: str, build_args: Mapping[str, str], predefined: Mapping[str, str]
) -> dict[str, str]:
    """What `FROM` may refer to: each ARG before it can use those above."""
    variables = {name: build_args.get(name, value) for name, value in predefined.items()}
    for form in forms:
        for argument in form.arguments if form.keyword == "ARG" else ():
            name, equals, default = argument.partition("=")
            if name in build_args:
                variables[name] = build_args[name]
            elif equals:
                try:
                    variables[name] = expand(default, variables, Rules(escape))
                except BadSubstitution:
                    variables.pop(name, None)
    return variables
