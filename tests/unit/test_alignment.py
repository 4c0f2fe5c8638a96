from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.layers import file, layer, settings
from tui.image.alignment import AlignedRow, align
from tui.image.anatomy import Anatomy, dissect
from tui.image.model import Origin

BASE = layer(file("usr/local/go/bin/go", 70))
SMALL_BASE = layer(file("bin/sh", 2))
GOLANG, ALPINE = "ADD golang.tar /", "ADD alpine.tar /"


def image(base_history: str, *steps: tuple[str, int], stage: str = "0") -> Anatomy:
    """A base layer, and one for each instruction; the same instruction with the same size makes the same layer."""
    base = BASE if base_history == GOLANG else SMALL_BASE
    layers = [base, *(layer(file(f"made by {text}", size)) for text, size in steps)]
    chain = tuple(Origin(text, line, stage) for line, (text, _) in enumerate(steps, 2))
    history = (f"{text} # buildkit".replace("RUN ", "RUN /bin/sh -c ") for text, _ in steps)
    return dissect(settings(layers, base_history, *history), layers, chain)


def shown(rows: tuple[AlignedRow, ...]) -> list[tuple[str, str, str]]:
    """Left, right, and how right stands to left."""
    return [
        (
            row.left.origin.instruction if row.left and row.left.origin else "",
            row.discarded.instruction
            if row.discarded
            else row.right.origin.instruction
            if row.right and row.right.origin
            else "",
            "shared" if row.is_shared else "discarded" if row.discarded else "",
        )
        for row in rows
    ]


BUILDER = (
    Origin("FROM golang AS builder", 1, "builder"),
    Origin("WORKDIR /app", 2, "builder"),
    Origin("ENV CGO_ENABLED=0", 3, "builder"),
    Origin("COPY go.mod go.sum ./", 4, "builder"),
    Origin("RUN go mod download", 5, "builder"),
    Origin("COPY . .", 6, "builder"),
    Origin("RUN CGO_ENABLED=0 go build -o main .", 7, "builder"),
)


def test_a_discarded_builder_stands_beside_the_single_stage_and_before_the_images_own_layers() -> None:
    single = image(GOLANG, ("WORKDIR /app", 0), ("COPY . .", 5), ("RUN go build -o main .", 103))
    multi = image(ALPINE, ("COPY --from=builder /app/main /main", 9), stage="production")
    assert shown(align(single, multi, BUILDER)) == [
        (GOLANG, "FROM golang AS builder", "discarded"),
        ("WORKDIR /app", "WORKDIR /app", "discarded"),
        ("", "COPY go.mod go.sum ./", "discarded"),
        ("", "RUN go mod download", "discarded"),
        ("COPY . .", "COPY . .", "discarded"),
        ("RUN go build -o main .", "RUN CGO_ENABLED=0 go build -o main .", "discarded"),
        ("", ALPINE, ""),
        ("", "COPY --from=builder /app/main /main", ""),
    ]


def test_shared_layers_come_first_and_instructions_pair_in_between() -> None:
    one = image(GOLANG, ("WORKDIR /app", 0), ("COPY . .", 5), ("RUN go build -o main .", 103))
    other = image(GOLANG, ("WORKDIR /app", 0), ("COPY go.mod .", 1), ("COPY . .", 6), ("RUN go build -o app .", 104))
    rows = align(one, other)
    assert shown(rows) == [
        (GOLANG, GOLANG, "shared"),
        ("WORKDIR /app", "WORKDIR /app", "shared"),
        ("", "COPY go.mod .", ""),
        ("COPY . .", "COPY . .", ""),
        ("RUN go build -o main .", "RUN go build -o app .", ""),
    ]
    assert rows[3].left and rows[3].right
    assert (rows[3].left.size_bytes, rows[3].right.size_bytes) == (5, 6)


def test_a_discarded_stage_comes_after_a_base_that_both_share() -> None:
    one = image(GOLANG, ("RUN go build -o main .", 103))
    other = image(GOLANG, ("COPY --from=builder /app/main /main", 9), stage="last")
    assert shown(align(one, other, BUILDER[-1:])) == [
        (GOLANG, GOLANG, "shared"),
        ("RUN go build -o main .", "RUN CGO_ENABLED=0 go build -o main .", "discarded"),
        ("", "COPY --from=builder /app/main /main", ""),
    ]


def test_a_discarded_stage_comes_last_where_nothing_is_the_images_own() -> None:
    one = image(GOLANG)
    assert shown(align(one, one, BUILDER[1:2])) == [(GOLANG, GOLANG, "shared"), ("", "WORKDIR /app", "discarded")]


def test_a_base_images_history_is_no_match_for_the_dockerfiles_own() -> None:
    one = image("COPY . .", ("RUN make", 1))
    other = image(GOLANG, ("COPY . .", 2))
    assert ("COPY . .", "COPY . .", "") not in shown(align(one, other))


def test_images_without_a_known_dockerfile_align_by_history() -> None:
    layers = [[layer(file("a", 1)), layer(file("b", size))] for size in (2, 3)]
    one, other = (dissect(settings(two, "ADD x /", "COPY b /"), two) for two in layers)
    assert shown(align(one, other)) == [("ADD x /", "ADD x /", "shared"), ("COPY b /", "COPY b /", "")]


STEPS = st.lists(
    st.tuples(st.sampled_from(["COPY . .", "COPY a b", "RUN go build", "RUN make", "WORKDIR /app"]), st.integers(0, 3)),
    max_size=6,
)


@given(STEPS, STEPS, st.lists(st.sampled_from(BUILDER), max_size=4), st.booleans())
def test_every_layer_stands_in_one_row_and_in_order(
    one: list[tuple[str, int]], other: list[tuple[str, int]], discarded: list[Origin], is_alike: bool
) -> None:
    a, b = image(GOLANG, *one), image(GOLANG if is_alike else ALPINE, *other)
    rows = align(a, b, discarded)
    assert [row.left.index for row in rows if row.left] == list(range(len(a.layers)))
    assert [row.right.index for row in rows if row.right] == list(range(len(b.layers)))
    kept = [origin for origin in discarded if not origin.instruction.startswith("ENV")]
    assert [row.discarded for row in rows if row.discarded] == kept
    for row in rows:
        assert row.left or row.right or row.discarded
        assert not (row.right and row.discarded)
        if row.is_shared:
            assert row.left and row.right
            assert a.layers[row.left.index].diff_id == b.layers[row.right.index].diff_id
