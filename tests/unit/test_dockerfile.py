from __future__ import annotations

from tui.engine.dockerfile import parse
from tui.session.variants import EDITIONS, edition

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


def test_anything_can_be_read() -> None:
    for text in ("", "\n\n", "FROM\n", "nonsense here\n", "RUN <<EOF\nnever ends", "\x00\xff"):
        assert parse(text).text == text


def test_both_variants_of_the_current_edition_start_from_one_builder_base() -> None:
    bases = [parse(v.dockerfile.read_text()).stages[0].base for v in edition("current").variants]
    assert bases == ["golang:1.27-bookworm", "golang:1.27-bookworm"]


def test_each_edition_has_a_single_stage_and_a_two_stage_variant() -> None:
    for name in EDITIONS:
        stages = [len(parse(v.dockerfile.read_text()).stages) for v in edition(name).variants]
        assert stages == [1, 2]
