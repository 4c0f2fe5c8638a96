"""Names of BuildKit's steps, and the instructions that they are."""

from __future__ import annotations

import pytest

from tui.engine.buildkit.names import StepPlaces, is_source, parse_name
from tui.engine.dockerfile import parse

STAGES = """\
ARG GO=1.27
FROM golang:${GO} AS Build
RUN apk add git
RUN apk add git
COPY go.mod go.sum ./
FROM Build AS stage-3
ENV A=1
RUN make $A
FROM scratch
COPY --from=build /a /
FROM alpine AS v1.2
LABEL a=b
WORKDIR /
RUN id
RUN id
"""


def line_of(name: str, dockerfile: str = STAGES) -> int | None:
    parsed = parse_name(name)
    assert parsed is not None
    place = StepPlaces(parse(dockerfile)).find(parsed)
    return place.instruction.line if place.instruction else None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("[build 1/4] FROM docker.io/library/golang:1.27@sha256:abc", 2),
        ("[build 2/4] RUN apk add git", 3),
        ("[build 3/4] RUN apk add git", 4),
        ("[build  4/4] COPY go.mod go.sum ./", 5),
        ("[linux/amd64 build 3/4] RUN apk add git", 4),
        ("[linux/arm64/v8->amd64 build 3/4] RUN apk add git", 4),
        ("[linux/amd64 stage-3 1/1] RUN make 1", 8),
        ("[stage-2 1/1] COPY --from=build /a /", 10),
        ("[v1.2 1/4] FROM docker.io/library/alpine:latest", 11),
        # WORKDIR / is counted and makes no step.
        ("[v1.2 2/4] RUN id", 14),
        ("[v1.2 3/4] RUN id", 15),
    ],
)
def test_the_number_within_the_stage_tells_which_of_alike_instructions_it_is(name: str, line: int) -> None:
    assert line_of(name) == line


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("RUN echo $A", "RUN echo one two"),
        ("RUN echo ${A:-none}  b", "RUN echo none b"),
        ('COPY "a b" /', "COPY a b /"),
        ("WORKDIR $HOME/x", "WORKDIR /root/x"),
        ("ADD https://example.com/$V.tgz /t/", "ADD https://example.com/1.2.tgz /t/"),
        ("RUN <<EOF\necho (one)\necho two\nEOF", "RUN <<EOF (echo (one)...)"),
        ("COPY --link a /b", "LINK COPY --link a /b"),
    ],
)
def test_an_instruction_is_known_by_what_buildkit_makes_of_its_text(written: str, shown: str) -> None:
    """The number is another stage's, as another client's build would have it."""
    dockerfile = f"FROM alpine\nRUN something else\n{written}\nFROM scratch\nCOPY --from=0 / /\n"
    assert line_of(f"[theirs 5/9] {shown}", dockerfile) == 3


def test_another_builds_stage_of_the_same_name_and_count_does_not_mislead() -> None:
    dockerfile = "FROM alpine AS build\nRUN a\nRUN b $X\nFROM scratch\nCOPY --from=build / /\n"
    assert line_of("[build 3/3] RUN a", dockerfile) == 2
    assert line_of("[build 3/3] RUN what nobody can make of it", dockerfile) == 3


def test_what_no_instruction_says_belongs_to_no_line() -> None:
    assert line_of("[theirs 2/9] RUN rm -rf /") is None
    assert line_of("[build 2/9] RUN rm -rf /") is None


def test_a_variable_alone_is_not_taken_for_everything() -> None:
    assert line_of("[theirs 2/9] RUN rm -rf /", "FROM a\nRUN $X\nFROM b\nRUN $Y\n") is None


def test_steps_behind_the_triggers_of_a_base_image_keep_their_lines() -> None:
    places = StepPlaces(parse("FROM node AS web\nRUN a\nRUN a\nFROM scratch\nCOPY --from=web /a /\n"))
    names = [
        "[web 1/3] FROM docker.io/library/node",
        # Three triggers, of which two make steps.
        "[web 2/6] ONBUILD RUN b",
        "[web 3/6] ONBUILD COPY . .",
        "[web 4/6] RUN a",
        "[web 5/6] RUN a",
    ]
    found = [places.find(name) for text in names if (name := parse_name(text))]
    assert [place.instruction.line for place in found if place.instruction] == [1, 1, 1, 2, 3]


@pytest.mark.parametrize("name", ["[internal] load build context", "exporting to image", "[auth] a/b:pull token", ""])
def test_housekeeping_has_no_number(name: str) -> None:
    assert parse_name(name) is None
    assert not is_source(name)


@pytest.mark.parametrize(
    "name", ["[1/2] FROM alpine", "FROM docker.io/library/alpine:3@sha256:a", "docker-image://docker/dockerfile:1"]
)
def test_what_fetches_an_image_is_known(name: str) -> None:
    assert is_source(name)
