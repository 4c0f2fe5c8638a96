from __future__ import annotations

import pytest

from tui.engine.dockerfile import parse
from tui.engine.dockerfile.steps import numbered_steps, step_text


def lines_of(text: str, stage: int, count: int) -> dict[int, int]:
    dockerfile = parse(text)
    steps = numbered_steps(dockerfile, dockerfile.stages[stage], count)
    return {number: instruction.line for number, instruction in sorted(steps.items())}


TWO = """\
FROM golang AS builder
ENV A=1
WORKDIR /src
COPY . .
ARG B
RUN go build
FROM scratch
COPY --from=builder /app /
ENTRYPOINT ["/app"]
"""


def test_steps_are_from_and_what_changes_files() -> None:
    assert lines_of(TWO, 0, 4) == {1: 1, 2: 3, 3: 4, 4: 6}


def test_scratch_and_an_earlier_stage_are_no_step() -> None:
    assert lines_of(TWO, 1, 1) == {1: 8}
    assert lines_of("FROM a AS b\nFROM b\nRUN x\n", 1, 1) == {1: 3}


def test_triggers_of_the_base_image_come_before_the_stage_s_own_instructions() -> None:
    assert lines_of(TWO, 0, 6) == {1: 1, 4: 3, 5: 4, 6: 6}


def test_a_workdir_of_the_root_is_counted_and_has_no_number() -> None:
    assert lines_of("FROM a\nWORKDIR /\nRUN x\nRUN y\n", 0, 4) == {1: 1, 2: 3, 3: 4}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("run  echo one &&\\\n    echo two  \n", "RUN  echo one &&    echo two"),
        ("RUN <<EOF\n\n  set -e\n  make\nEOF\n", "RUN <<EOF (set -e...)"),
        ("RUN <<EOF\nmake\nEOF\n", "RUN <<EOF (make)"),
        ("RUN <<EOF sh -e\nmake\nEOF\n", "RUN <<EOF sh -e"),
        ("COPY <<EOF /etc/motd\nhi\nEOF\n", "COPY <<EOF /etc/motd"),
        ('RUN echo "$A" $UNSET\n', 'RUN echo "one" $UNSET'),
        ('COPY "$A" ${UNSET}/x\n', "COPY one /x"),
        ("WORKDIR $A/${UNSET:-two}\n", "WORKDIR one/two"),
        ("RUN echo ${A\n", "RUN echo ${A"),
    ],
)
def test_an_instruction_as_buildkit_shows_it(text: str, shown: str) -> None:
    assert step_text(parse(text).instructions[0], {"A": "one"}) == shown


def test_without_variables_they_stay_as_they_are_written() -> None:
    assert step_text(parse('COPY "$A" /x\n').instructions[0]) == 'COPY "$A" /x'
