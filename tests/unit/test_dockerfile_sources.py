from __future__ import annotations

from tui.engine.dockerfile import parse

FIVE = """\
FROM golang:1.27 AS build
COPY --from=ghcr.io/example/protoc:27 /protoc /usr/bin/
RUN --mount=from=busybox:1.37,target=/mnt --mount=type=cache,target=/c --mount=type=bind,from=Assets,target=/a make
FROM alpine:3.24 AS assets
FROM alpine:3.24 AS unused
COPY --from=nginx:1.29 /etc/nginx /etc/nginx
FROM build AS tests
RUN go test ./...
FROM scratch
COPY --from=BUILD /app /
COPY --from=1 /etc/ssl /etc/ssl
"""


def test_images_that_are_copied_from_and_mounted_are_pulled_too() -> None:
    assert parse(FIVE).external_bases() == (
        *("golang:1.27", "ghcr.io/example/protoc:27", "busybox:1.37", "alpine:3.24", "nginx:1.29"),
    )


def test_a_target_leaves_out_what_it_does_not_need() -> None:
    dockerfile = parse(FIVE)
    assert [stage.title for stage in dockerfile.needed_stages()] == ["build", "assets", "4"]
    assert [stage.title for stage in dockerfile.needed_stages("tests")] == ["build", "assets", "tests"]
    assert dockerfile.external_bases("assets") == ("alpine:3.24",)
    assert dockerfile.external_bases("absent") == ()


def test_of_two_stages_with_one_name_the_last_before_is_meant() -> None:
    dockerfile = parse("FROM a AS x\nFROM x AS x\nFROM x\nCOPY --from=x /b /c\n")
    assert [below and below.index for below in map(dockerfile.base_stage, dockerfile.stages)] == [None, 0, 1]
    assert dockerfile.stage_named("x") == dockerfile.stages[1]
    assert dockerfile.external_bases() == ("a",)


def test_a_stage_may_have_the_name_of_its_own_image_and_a_number_is_none() -> None:
    assert parse("FROM alpine AS alpine\nFROM 0\n").external_bases() == ("alpine", "0")


def test_what_onbuild_takes_counts_once_a_later_stage_starts_there() -> None:
    text = "FROM a AS parent\nONBUILD COPY --from=tools:1 /x /x\nFROM {}\n"
    assert parse(text.format("parent")).external_bases() == ("a", "tools:1")
    assert parse(text.format("b")).external_bases() == ("a", "b")


def test_what_builders_refuse_is_no_image() -> None:
    copies = "COPY --from=$IMAGE x y\nCOPY --from= x y\nCOPY --from=7 x y\n"
    mounts = "RUN --mount='\"from=open' z\nRUN --mount=from=$IMAGE z\n"
    text = f"FROM a\n{copies}{mounts}FROM scratch\n"
    assert parse(text).external_bases() == ("a",)


def test_a_mount_may_be_written_in_quotes() -> None:
    text = 'FROM a\nRUN --mount=type=bind,"from=b",target=/x y\nRUN --mount=\'"FROM=c","target=/x,y"\' y\n'
    assert parse(text).external_bases() == ("a", "b", "c")
