from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.image.instructions import cleaned, is_from_context, keyword, likeness
from tui.image.model import HistoryEntry, ImageConfig, Origin
from tui.image.provenance import Bringer, bringers, tie

MULTISTAGE = (
    Origin("COPY --from=builder /app/main /main", 16, "production"),
    Origin("USER nobody", 17, "production"),
    Origin("EXPOSE 8080", 18, "production"),
    Origin('CMD ["/main"]', 19, "production"),
)
BUILDER = (
    Origin("WORKDIR /app", 3, "builder"),
    Origin("COPY go.mod go.sum ./", 5, "builder"),
    Origin("RUN go mod download", 6, "builder"),
    Origin("COPY . .", 7, "builder"),
    Origin("RUN CGO_ENABLED=0 go build -o main .", 9, "builder"),
)


def image(*history: str) -> ImageConfig:
    """Each line of history has a layer, unless it begins with a minus."""
    entries = tuple(HistoryEntry(line.removeprefix("-"), line.startswith("-")) for line in history)
    layers = sum(not entry.is_empty for entry in entries)
    return ImageConfig("", tuple(f"sha256:{index:064x}" for index in range(layers)), entries)


def lines(origins: tuple[Origin | None, ...]) -> list[int | None]:
    return [origin.line if origin else None for origin in origins]


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ("RUN /bin/sh -c go build . # buildkit", "RUN go build ."),
        ("RUN |1 X=y /bin/sh -c go build -ldflags=$X . # buildkit", "RUN go build -ldflags=$X ."),
        ("RUN |2 A=x y B=z /bin/bash -o pipefail -c make\t\\\n && true # buildkit", "RUN make \\ && true"),
        ("RUN /app/tool --check # buildkit", "RUN /app/tool --check"),
        ("COPY . . # buildkit", "COPY . ."),
        ("COPY /app/main /main # buildkit", "COPY /app/main /main"),
        ("WORKDIR /app", "WORKDIR /app"),
        ("EXPOSE map[8080/tcp:{}]", "EXPOSE 8080/tcp"),
        ("EXPOSE map[8080/tcp:{} 53/udp:{}]", "EXPOSE 8080/tcp 53/udp"),
        ("EXPOSE [8080/tcp 53/udp]", "EXPOSE 8080/tcp 53/udp"),
        ('CMD ["/main"]', 'CMD ["/main"]'),
        ("/bin/sh -c go mod download", "RUN go mod download"),
        ("|1 X=y /bin/sh -c go build", "RUN go build"),
        ('/bin/sh -c #(nop)  CMD ["/main"]', 'CMD ["/main"]'),
        ("/bin/sh -c #(nop) WORKDIR /app", "WORKDIR /app"),
        ("|1 X=y /bin/sh -c #(nop)  LABEL a=b", "LABEL a=b"),
        (f"/bin/sh -c #(nop) COPY file:{'d3' * 32} in /main ", "COPY file:d3d3d3d3d3d3 in /main"),
        ("# debian.sh --arch 'amd64' out/ 'bookworm'", "# debian.sh --arch 'amd64' out/ 'bookworm'"),
        ("ko build ko://example.com/echo", "ko build ko://example.com/echo"),
        ("", ""),
    ],
)
def test_history_reads_as_its_author_would_have_written_it(created_by: str, instruction: str) -> None:
    assert cleaned(created_by) == instruction


def test_what_buildkit_wrote_is_tied_to_its_lines() -> None:
    config = image(
        "ADD alpine-minirootfs-3.24.0-x86_64.tar.gz / # buildkit",
        '-CMD ["/bin/sh"]',
        "COPY /app/main /main # buildkit",
        "-USER nobody",
        "-EXPOSE map[8080/tcp:{}]",
        '-CMD ["/main"]',
    )
    base, program = tie(config, MULTISTAGE)
    assert base == Origin("ADD alpine-minirootfs-3.24.0-x86_64.tar.gz /", None, "")
    assert program == MULTISTAGE[0]


def test_what_the_classic_builder_wrote_is_tied_to_its_lines_with_a_label_of_the_command_line_after_them() -> None:
    config = image(
        "",
        f"/bin/sh -c #(nop) COPY file:{'d3' * 32} in /main ",
        "-/bin/sh -c #(nop)  USER nobody",
        "-/bin/sh -c #(nop)  EXPOSE 8080",
        '-/bin/sh -c #(nop)  CMD ["/main"]',
        "-/bin/sh -c #(nop)  LABEL owner=me",
    )
    assert tie(config, MULTISTAGE) == (None, MULTISTAGE[0])


@pytest.mark.parametrize(
    "own",
    [
        (
            "WORKDIR /app",
            "COPY go.mod go.sum ./ # buildkit",
            "RUN /bin/sh -c go mod download # buildkit",
            "COPY . . # buildkit",
            "RUN |1 V=1 /bin/sh -c CGO_ENABLED=0 go build -o main . # buildkit",
        ),
        (
            "/bin/sh -c #(nop) WORKDIR /app",
            f"/bin/sh -c #(nop) COPY multi:{'a1' * 32} in ./ ",
            "/bin/sh -c go mod download",
            f"/bin/sh -c #(nop) COPY dir:{'b2' * 32} in . ",
            "|1 V=1 /bin/sh -c CGO_ENABLED=0 go build -o main .",
        ),
    ],
)
def test_a_base_image_that_reads_alike_keeps_its_own_history(own: tuple[str, ...]) -> None:
    base = ("RUN /bin/sh -c go mod download # buildkit", "COPY . . # buildkit", "WORKDIR /go")
    assert lines(tie(image(*base, *own), BUILDER)) == [None, None, None, 3, 5, 6, 7, 9]


def test_variables_that_the_builder_filled_in_do_not_hide_an_instruction() -> None:
    chain = (Origin("WORKDIR $HOME/src", 2, "0"), Origin("COPY $WHAT $WHERE", 3, "0"), Origin("RUN make", 4, "0"))
    config = image("WORKDIR /", "WORKDIR /root/src", "COPY one /two # buildkit", "RUN /bin/sh -c make # buildkit")
    assert lines(tie(config, chain)) == [None, 2, 3, 4]


def test_a_base_image_that_reads_more_alike_does_not_win_over_the_images_own_end() -> None:
    chain = (Origin("COPY $ONE $TWO .", 2, "0"), Origin("RUN make", 3, "0"))
    config = image("COPY . . # buildkit", "COPY one two three . # buildkit", "RUN /bin/sh -c make # buildkit")
    assert likeness("COPY . .", chain[0].instruction) > likeness("COPY one two three .", chain[0].instruction)
    assert lines(tie(config, chain)) == [None, 2, 3]


def test_a_command_without_a_shell_is_a_run_of_the_classic_builder() -> None:
    chain = (Origin('RUN ["/app/tool", "--check"]', 2, "0"),)
    assert tie(image("", "/app/tool --check"), chain) == (None, chain[0])


def test_history_that_does_not_fit_the_layers_tells_nothing() -> None:
    config = ImageConfig("", ("sha256:1", "sha256:2"), (HistoryEntry("COPY . .", is_empty=False),))
    assert tie(config, BUILDER) == (None, None)
    assert tie(ImageConfig("", ("sha256:1",)), BUILDER) == (None,)


HISTORY_TEXT = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{} {}".format,
        st.sampled_from(["", "/bin/sh -c ", "/bin/sh -c #(nop) ", "|1 A=b /bin/sh -c ", "RUN /bin/sh -c "]),
        st.sampled_from(["RUN", "COPY", "EXPOSE", "EXPOSE map[", "LABEL"]),
        st.text(alphabet='ab /.-=[]$"\n', max_size=20),
    ),
)


@given(
    st.lists(st.builds(HistoryEntry, HISTORY_TEXT, st.booleans()), max_size=8),
    st.lists(st.builds(Origin, HISTORY_TEXT, st.integers(1, 99), st.just("0")), max_size=8),
    st.integers(0, 6),
)
def test_any_history_gives_one_origin_a_layer_and_keeps_the_order(
    history: list[HistoryEntry], chain: list[Origin], layers: int
) -> None:
    chain = [Origin(origin.instruction, line, "0") for line, origin in enumerate(chain, 1)]
    for count in (layers, sum(not entry.is_empty for entry in history)):
        origins = tie(ImageConfig("", ("sha256:0",) * count, tuple(history)), chain)
        assert len(origins) == count
        written = [line for line in lines(origins) if line is not None]
        assert written == sorted(set(written))


def test_likeness_is_about_what_is_copied_and_run_not_about_flags() -> None:
    assert likeness("COPY --from=builder --chown=1:1 /app/main /main", "COPY /app/main /main") == 1
    assert likeness("RUN CGO_ENABLED=0 go build -o main .", "RUN go build -o main .") > 0.9
    assert likeness("COPY . .", "COPY go.mod go.sum ./") == 0
    assert likeness("COPY . .", "ADD . .") == 0
    assert likeness("EXPOSE 8080", "EXPOSE 8080/tcp") == 1
    assert likeness('LABEL a="b"', "LABEL a=b") == 1
    assert likeness("COPY file:d3d3d3d3d3d3 in /main", "COPY --from=x /a /main") == 1


def test_only_the_context_is_the_context() -> None:
    assert is_from_context("COPY . .", is_written=True)
    assert is_from_context("COPY /src /src", is_written=True)
    assert is_from_context("ADD file:d3d3d3d3d3d3 in /", is_written=False)
    assert not is_from_context("COPY /app/main /main", is_written=False)
    assert not is_from_context("COPY --from=builder /app/main /main", is_written=True)
    assert not is_from_context("COPY --chown=1:1 --from=builder a b", is_written=True)
    assert not is_from_context("ADD https://example.com/a.tar.gz /", is_written=True)
    assert not is_from_context("RUN cp a b", is_written=True)
    assert keyword("copy a b") == "COPY"


def test_a_base_images_layers_are_told_from_the_dockerfiles_own() -> None:
    base = Origin("COPY . /rootfs", None, "")
    assert bringers([None, base, MULTISTAGE[0]]) == (
        Bringer(is_base=True),
        Bringer(is_base=True),
        Bringer("COPY", from_context=False, is_written=True),
    )
    assert bringers([None, base]) == (Bringer(), Bringer("COPY", from_context=True))
