from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.token import Comment, Keyword, Name, String

from tui.engine.dockerfile import parse
from tui.session.variants import EDITIONS, edition
from tui.widgets.dockerfile_lexer import INSTRUCTIONS, DockerfileLexer

SAMPLES = sorted((Path(__file__).parents[1] / "dockerfiles").glob("*.Dockerfile"))


def tokens(text: str) -> list[tuple[object, str]]:
    lexer = DockerfileLexer(ensurenl=False, stripnl=False)
    return [(kind, value) for kind, value in lexer.get_tokens(text) if value.strip()]


def test_from_with_platform_and_name() -> None:
    found = tokens("from --platform=$BUILDPLATFORM golang:1 As build")
    assert [item for item in found if item[1] != "="] == [
        (Keyword, "from"),
        (Name.Attribute, "--platform"),
        (Name.Variable, "$BUILDPLATFORM"),
        (Name.Class, "golang:1"),
        (Keyword, "As"),
        (Name.Label, "build"),
    ]


def test_flags_of_copy_and_run_are_attributes() -> None:
    assert (Name.Attribute, "--from") in tokens("COPY --from=builder /a /b")
    assert (Name.Attribute, "--mount") in tokens("RUN --mount=type=cache,target=/x go build")


def test_a_shell_here_document_is_shell_and_its_words_are_no_instructions() -> None:
    found = tokens("RUN <<EOF\nFROM x\necho hi\nEOF\nUSER a")
    assert [value for kind, value in found if kind is Keyword] == ["RUN", "USER"]
    assert (Name.Builtin, "echo") in found
    assert [value for kind, value in found if kind is String.Delimiter] == ["<<EOF", "EOF"]


def test_two_here_documents_of_a_copy_are_data() -> None:
    found = tokens("COPY <<A <<-B /x\none\nA\n\ttwo\n\tB\nRUN true")
    assert [value for kind, value in found if kind is String.Heredoc] == ["one\n", "\ttwo\n"]
    assert found[-2] == (Keyword, "RUN")


def test_directives_and_comments_differ() -> None:
    assert tokens("# syntax=docker/dockerfile:1")[0][0] is Comment.Preproc
    assert tokens("# note")[0][0] is Comment.Single


def test_a_comment_between_continued_lines_stays_a_comment() -> None:
    assert (Comment.Single, "    # why\n") in tokens("RUN a \\\n    # why\n    b")


@pytest.mark.parametrize("name", EDITIONS)
def test_our_own_dockerfiles_have_no_unknown_instruction(name: str) -> None:
    for variant in edition(name).variants:
        text = variant.dockerfile.read_text()
        firsts = {line.split()[0] for line in text.splitlines() if line and not line.startswith("#")}
        assert firsts <= {value for kind, value in tokens(text) if kind is Keyword}


def keywords(text: str) -> list[str]:
    """Keywords of Dockerfiles; scripts have keywords of their own."""
    return [value for kind, value in tokens(text) if kind is Keyword and value.upper() in INSTRUCTIONS]


def test_a_here_document_may_begin_on_a_continuation_line() -> None:
    text = "FROM a\nRUN --mount=type=cache,target=/c \\\n    sh <<EOF\nFROM x\nEOF\nUSER b\n"
    assert keywords(text) == ["FROM", "RUN", "USER"]
    assert [value for kind, value in tokens(text) if kind is String.Delimiter] == ["<<EOF", "EOF"]


def test_several_here_documents_on_one_line_end_one_after_the_other() -> None:
    text = "RUN <<ONE cat 3<<-'TWO'\nUSER a\nONE\nUSER b\n\tTWO\nUSER c\n"
    assert keywords(text) == ["RUN", "USER"]
    assert [v for kind, v in tokens(text) if kind is String.Delimiter] == ["<<ONE", "<<-'TWO'", "ONE", "\tTWO"]


@pytest.mark.parametrize("script", ["tr a-z A-Z <<<EOF", "echo $((1 << 3))", "echo $((1<<3))", "echo '<<EOF'"])
def test_what_only_looks_like_a_here_document_is_none(script: str) -> None:
    text = f"RUN {script}\nUSER a\n"
    assert keywords(text) == ["RUN", "USER"]
    assert not [value for kind, value in tokens(text) if kind is String.Delimiter]


def test_empty_lines_and_comments_do_not_end_a_continuation() -> None:
    text = "RUN one && \\\n\n  # FROM here\n\n    two\nUSER a\n"
    assert keywords(text) == ["RUN", "USER"]
    assert [value.strip() for kind, value in tokens(text) if kind is Comment.Single] == ["# FROM here"]


def test_a_byte_order_mark_and_dos_line_ends_change_no_colour() -> None:
    text = '# syntax=a\nFROM a AS b\nRUN echo \\\n # why\n  hi <<EOF\nx\nEOF\nCMD ["x"]\n'
    plain = [(kind, value.strip()) for kind, value in tokens(text)]
    assert [(kind, value.strip()) for kind, value in tokens(text.replace("\n", "\r\n"))] == plain
    assert [value for kind, value in tokens("\ufeffFROM a") if kind is Keyword] == ["FROM"]


def test_the_escape_directive_tells_what_continues_a_line() -> None:
    assert keywords("# escape=`\nRUN a `\n  USER b\nUSER c\\\nUSER d\n") == ["RUN", "USER", "USER"]
    assert keywords("RUN echo `date`\nUSER c\n") == ["RUN", "USER"]
    assert (String.Escape, "`\n") in tokens("# escape=`\nRUN a `\n  b\n")
    assert (String.Escape, "`\n") not in tokens("RUN echo `date`\nUSER c\n")


def test_a_directive_below_the_top_is_a_comment() -> None:
    assert [kind for kind, value in tokens("# note\n# escape=`\nFROM a\n") if value.startswith("#")] == [
        Comment.Single,
        Comment.Single,
    ]


def test_an_instruction_behind_onbuild_is_read_like_any_other() -> None:
    found = tokens("ONBUILD COPY --from=a b c\nONBUILD RUN <<EOF\nUSER x\nEOF\n")
    assert [value for kind, value in found if kind is Keyword] == ["ONBUILD", "COPY", "ONBUILD", "RUN"]
    assert (Name.Attribute, "--from") in found


def test_what_no_builder_knows_is_plain_text() -> None:
    assert keywords("RUNN echo\nFROM a\n") == ["FROM"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_lines_that_begin_with_a_keyword_are_those_of_instructions(path: Path, line_end: str) -> None:
    text = path.read_text("utf-8").replace("\n", line_end)
    begun: set[int] = set()
    is_fresh, line = True, 1
    for kind, value in DockerfileLexer().get_tokens(text):
        if is_fresh and kind is Keyword and value.upper() in INSTRUCTIONS:
            begun.add(line)
        line += value.count("\n")
        is_fresh = value.endswith("\n") or (is_fresh and not value.strip())
    lines = text.split(line_end)
    # A keyword that is broken in two has no colour.
    read = {i.line: i.keyword for i in parse(text).instructions if i.keyword in lines[i.line - 1].upper()}
    assert begun == {line for line, keyword in read.items() if keyword in INSTRUCTIONS}


PIECES = (
    *(
        "FROM a AS b",
        "RUN",
        "COPY --from=a",
        "<<EOF",
        "<<-'X'",
        "EOF",
        "X",
        "\\\n",
        "`\n",
        "\n",
        "\r\n",
        "\r",
        "# c\n",
        "#",
    ),
    *(
        "# escape=`\n",
        "\ufeff",
        " ",
        "\t",
        "'",
        '"',
        "$",
        "${",
        "}",
        "<",
        "[",
        "]",
        '["a"]',
        "HEALTHCHECK CMD",
        "ONBUILD",
    ),
    *("ENV a=b", "EXPOSE 80/tcp", "é", "\u00a0", "\x1c", "\u2028", "\\", "`", "--a=b", "RU\\\nN"),
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=20).map("".join)))
def test_any_text_is_lexed_into_the_very_same_text(text: str) -> None:
    place = 0
    for start, _, value in DockerfileLexer().get_tokens_unprocessed(text):
        assert start == place
        place += len(value)
    assert "".join(value for _, value in DockerfileLexer().get_tokens(text)) == text
