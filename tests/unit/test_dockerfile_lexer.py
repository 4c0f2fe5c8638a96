from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Keyword, Name, String

from tui.session.variants import EDITIONS, edition
from tui.widgets.dockerfile_lexer import DockerfileLexer


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


@given(st.text(alphabet=st.sampled_from(list("FROM RUNCOPY<EOF\n\\\"'$-={}#[] as/t\t"))))
def test_no_text_loses_a_character(text: str) -> None:
    lexer = DockerfileLexer(ensurenl=False, stripnl=False)
    assert "".join(value for _, value in lexer.get_tokens(text)) == text
