from __future__ import annotations

from pathlib import Path

import pytest

from tui.engine.dockerfile import parse
from tui.session.variants import EDITIONS, edition

SAMPLES = Path(__file__).parents[1] / "dockerfiles"

HEREDOC = """\
ARG VERSION=1.27
FROM --platform=$BUILDPLATFORM golang:${VERSION} AS Build
RUN <<EOF
FROM not-a-stage
echo hi
EOF
COPY --from=other a \\
  # a comment in between
  b
FROM build
CMD ["x"]
"""


def test_stages_have_names_bases_and_lines() -> None:
    dockerfile = parse(HEREDOC)
    assert [(s.name, s.base, s.line, s.end_line) for s in dockerfile.stages] == [
        ("Build", "golang:1.27", 2, 9),
        (None, "build", 10, 11),
    ]
    assert dockerfile.external_bases() == ("golang:1.27", "other")


def test_a_here_document_is_not_read_as_instructions() -> None:
    assert [i.keyword for i in parse(HEREDOC).instructions] == ["ARG", "FROM", "RUN", "COPY", "FROM", "CMD"]


def test_continuation_lines_belong_to_their_instruction() -> None:
    copy = next(i for i in parse(HEREDOC).instructions if i.keyword == "COPY")
    assert (copy.line, copy.end_line, copy.text) == (7, 9, "COPY --from=other a b")


def test_stages_are_found_by_name_in_any_case_and_by_number() -> None:
    dockerfile = parse(HEREDOC)
    assert dockerfile.stage_named("BUILD") == dockerfile.stages[0]
    assert dockerfile.stage_named("1") == dockerfile.stages[1]
    assert dockerfile.stage_named("absent") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "FROM\n",
        "nonsense here\n",
        "RUN <<EOF\nnever ends",
        "\x00\xff",
        "\\",
        "ONBUILD",
        "ENV",
        "# escape=x\n",
    ],
)
def test_anything_can_be_read(text: str) -> None:
    assert parse(text).text == text


def stages_of(sample: str) -> list[tuple[str, str, int, int]]:
    text = (SAMPLES / f"{sample}.Dockerfile").read_text("utf-8")
    return [(stage.title, stage.base, stage.line, stage.end_line) for stage in parse(text).stages]


@pytest.mark.parametrize(
    ("sample", "stages"),
    [
        ("here-string-is-no-heredoc", [("builder", "alpine:3.24", 1, 4), ("1", "alpine:3.24", 5, 7)]),
        ("shift-is-no-heredoc", [("builder", "alpine:3.24", 1, 2), ("1", "alpine:3.24", 3, 5)]),
        ("heredoc-on-a-continuation-line", [("builder", "alpine:3.24", 2, 8), ("1", "alpine:3.24", 9, 10)]),
        ("arg-with-default-of-arg", [("builder", "alpine:3.24", 4, 5), ("1", "alpine:3.24", 6, 7)]),
        ("comment-and-empty-line-in-continuation", [("builder", "alpine:3.24", 1, 6), ("1", "alpine:3.24", 7, 8)]),
        ("heredoc-that-looks-like-stages", [("template", "debian:bookworm-slim", 1, 6), ("1", "template", 7, 8)]),
        ("conditional-stages", [
            ("base", "alpine:3.24", 2, 3), ("flavour-dev", "base", 4, 5), ("flavour-prod", "base", 6, 6),
            ("final", "flavour-prod", 7, 8),
        ]),
    ],
)  # fmt: skip
def test_stages_of_files_that_are_hard_to_read(sample: str, stages: list[tuple[str, str, int, int]]) -> None:
    assert stages_of(sample) == stages


def test_a_byte_order_mark_and_dos_line_ends_hide_no_stage() -> None:
    dockerfile = parse("\ufeffFROM alpine AS a\r\nRUN echo \\\r\n  hi\r\nFROM a\r\n")
    assert [(s.title, s.base, s.line, s.end_line) for s in dockerfile.stages] == [
        ("a", "alpine", 1, 3),
        ("1", "a", 4, 4),
    ]
    assert [i.text for i in dockerfile.instructions] == ["FROM alpine AS a", "RUN echo hi", "FROM a"]


def test_an_instruction_ends_behind_its_here_documents_and_its_head_before_them() -> None:
    run = parse("FROM a\nRUN <<ONE \\\n  <<-TWO cat\n1\nONE\n\t2\n\tTWO\nUSER b\n").instructions[1]
    assert (run.line, run.head_end, run.end_line) == (2, 3, 7)
    assert [(h.name, h.content, h.line, h.end_line) for h in run.heredocs] == [
        ("ONE", "1\n", 4, 5),
        ("TWO", "\t2\n", 6, 7),
    ]


def test_a_space_may_stand_before_the_name_of_a_here_document() -> None:
    assert [i.keyword for i in parse("FROM a\nRUN cat << EOF\nUSER b\nEOF\n").instructions] == ["FROM", "RUN"]


def test_what_would_be_a_here_document_but_never_ends_is_none() -> None:
    assert [i.line for i in parse("FROM a\nRUN x=$((1 << 3))\nRUN <<EOF\nUSER b\n").instructions] == [1, 2, 3, 4]


def test_the_escape_character_of_a_file_goes_for_flags_too() -> None:
    copy = parse("# escape=`\nFROM a\nCOPY --chown=a` b --from=c:\\d `\n  x y\n").instructions[1]
    assert (copy.flags, copy.arguments) == (("--chown=a b", "--from=c:\\d"), ("x", "y"))


def test_a_json_array_with_text_behind_it_is_a_shell_command() -> None:
    assert [i.is_json for i in parse('RUN ["a"] && b\nRUN ["a"]  \n').instructions] == [False, True]


def test_an_onbuild_holds_an_instruction_back() -> None:
    onbuild = parse("FROM a\nONBUILD COPY --from=b /c /d\n").instructions[1]
    assert onbuild.trigger is not None
    assert (onbuild.trigger.keyword, onbuild.trigger.flags, onbuild.trigger.arguments) == (
        "COPY",
        ("--from=b",),
        ("/c", "/d"),
    )


@pytest.mark.parametrize(
    ("text", "syntax", "escape"),
    [
        ("# syntax=docker/dockerfile:1\nFROM a\n", "docker/dockerfile:1", "\\"),
        ("\ufeff#  Syntax = ghcr.io/example/frontend:2 --flag\r\nFROM a\n", "ghcr.io/example/frontend:2", "\\"),
        ("#!/usr/bin/env docker\n# syntax=a/b\n", "a/b", "\\"),
        ("// syntax=a/b\n", "a/b", "\\"),
        ("# check=skip=all\n# escape=`\n# syntax=a/b\n", "a/b", "`"),
        ("\n# syntax=a/b\n# escape=`\n", None, "\\"),
        ("# a comment\n# syntax=a/b\n# escape=`\n", None, "\\"),
        ("FROM a\n# escape=`\n", None, "\\"),
        ("# escape=x\n# syntax=a/b\n", "a/b", "\\"),
    ],
)
def test_directives_count_at_the_top_alone(text: str, syntax: str | None, escape: str) -> None:
    dockerfile = parse(text)
    assert (dockerfile.syntax, dockerfile.escape) == (syntax, escape)


def test_both_variants_of_the_current_edition_start_from_one_builder_base() -> None:
    bases = [parse(v.dockerfile.read_text()).stages[0].base for v in edition("current").variants]
    assert bases == ["golang:1.27-bookworm", "golang:1.27-bookworm"]


def test_each_edition_has_a_single_stage_and_a_two_stage_variant() -> None:
    for name in EDITIONS:
        stages = [len(parse(v.dockerfile.read_text()).stages) for v in edition(name).variants]
        assert stages == [1, 2]
