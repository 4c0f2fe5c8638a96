"""Recorded traces of BuildKit; README.md tells where they come from."""

from __future__ import annotations

import json
from pathlib import Path

from tui.engine.buildkit.trace import TraceReader
from tui.engine.dockerfile import parse
from tui.engine.events import StepEvent
from tui.session.build_record import BuildRecord

FOLDER = Path(__file__).parent

TWO_STAGES = """\
FROM registry.example/big:1 AS builder
COPY hello /hello
FROM registry.example/big:1
COPY --from=builder /hello /x
"""
"""What the traces `pull-…` and `here-…` are builds of."""

LATE = """\
FROM registry.example/big:2 AS builder
RUN i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done
FROM registry.example/small:2
WORKDIR /
COPY --from=builder /d /x
"""

TWO_BUILDS = """\
FROM registry.example/big:2 AS builder
WORKDIR /src
COPY hello ./
RUN i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done
RUN echo ours
FROM registry.example/big:2
COPY --from=builder /src/hello /x
"""

ODD_NAMES = """\
FROM registry.example/onb:1 AS Stage-1
ARG NAME=world
ENV X="a b"
RUN echo $NAME   "${X}" '$NAME' && \\
    # a comment
    echo two
RUN <<EOF
echo in heredoc
echo more
EOF
COPY <<TXT /from-heredoc
hello
TXT
COPY --link hello /l
WORKDIR "/w $NAME"
FROM registry.example/small:1
COPY --from=registry.example/big:1 /a /b
ADD --chmod=644 hello /$NAME/
COPY --from=stage-1 /l /l
RUN echo same
RUN echo same
"""


def events_of(name: str, dockerfile: str, *, is_complete: bool = True) -> list[StepEvent]:
    """What the trace of this name says of a build of this Dockerfile."""
    at = 0.0
    reader = TraceReader(parse(dockerfile), lambda: at)
    events: list[StepEvent] = []
    for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
        message = json.loads(line)
        at = message["at"]
        events += reader.read(message["aux"])
    if is_complete:
        events += reader.finish()
    return events


def record_of(events: list[StepEvent], until: float = float("inf")) -> BuildRecord:
    """The build as it stands at a time of its trace."""
    record = BuildRecord()
    for event in events:
        if event.at <= until:
            record.apply(event)
    return record
