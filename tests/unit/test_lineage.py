from __future__ import annotations

from tui.engine.dockerfile import parse
from tui.image.model import Origin
from tui.session.lineage import chain_of, discarded_of

TWO_STAGES = parse("""\
FROM golang:1.27-bookworm AS builder
COPY . .
RUN go build -o main .

FROM alpine:3.24 AS production
COPY --from=builder /app/main /main
CMD ["/main"]
""")


def test_an_image_descends_from_its_own_stage_alone_when_that_starts_from_a_base_image() -> None:
    assert chain_of(TWO_STAGES) == (
        Origin("COPY --from=builder /app/main /main", 6, "production"),
        Origin('CMD ["/main"]', 7, "production"),
    )


def test_the_builder_stage_is_left_behind() -> None:
    assert discarded_of(TWO_STAGES) == (
        Origin("FROM golang:1.27-bookworm AS builder", 1, "builder"),
        Origin("COPY . .", 2, "builder"),
        Origin("RUN go build -o main .", 3, "builder"),
    )


def test_of_a_stage_that_was_left_behind_only_a_from_that_brings_an_image_is_told() -> None:
    dockerfile = parse("FROM golang AS base\nFROM base AS builder\nRUN make\nFROM scratch\nCOPY --from=builder /a /\n")
    assert [origin.instruction for origin in discarded_of(dockerfile)] == ["FROM golang AS base", "RUN make"]


def test_a_stage_built_alone_has_left_nothing_behind() -> None:
    assert [origin.line for origin in chain_of(TWO_STAGES, "builder")] == [2, 3]
    assert discarded_of(TWO_STAGES, "builder") == ()


def test_a_stage_that_starts_from_another_one_descends_from_both() -> None:
    dockerfile = parse("FROM alpine:3.24 AS base\nUSER nobody\nFROM base\nCMD true\n")
    assert [origin.instruction for origin in chain_of(dockerfile)] == ["USER nobody", "CMD true"]
    assert discarded_of(dockerfile) == ()


def test_a_stage_that_has_the_name_of_its_own_base_does_not_descend_from_itself() -> None:
    dockerfile = parse("FROM alpine AS alpine\nCMD true\n")
    assert [origin.instruction for origin in chain_of(dockerfile)] == ["CMD true"]


def test_a_file_without_stages_has_no_lineage() -> None:
    assert chain_of(parse("")) == discarded_of(parse("")) == ()
