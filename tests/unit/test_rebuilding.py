"""Second builds: what they tell of the cache, and when they have told enough."""

from __future__ import annotations

import pytest

from tests.fakes import SIMPLE_IMAGE
from tui.course.facts import RebuiltStep
from tui.engine.events import BuildEvent, BuildStarted, BuildSucceeded, StepCached, StepDone, StepPlanned, StepStarted
from tui.engine.request import Builder
from tui.session.build_record import BuildRecord
from tui.session.rebuilding import has_told, rebuild_of

DOCKERFILE = "FROM golang AS builder\nRUN go  mod download\nCOPY . .\n"
PLAN = [
    StepPlanned(0.1, "base", "FROM golang AS builder", "builder", 1),
    StepPlanned(0.1, "modules", "RUN go  mod download", "builder", 2),
    StepPlanned(0.1, "copy", "COPY . .", "builder", 3),
]


def recorded(*events: BuildEvent, builder: Builder = Builder.BUILDKIT) -> BuildRecord:
    """A build that went this far."""
    record = BuildRecord()
    for event in (BuildStarted(0.0, builder), *PLAN, *events):
        record.apply(event)
    return record


@pytest.mark.parametrize("end", [StepCached(0.2, "modules"), StepDone(0.9, "modules", 0.6)])
def test_buildkit_has_told_when_the_step_is_over(end: BuildEvent) -> None:
    running = StepStarted(0.2, "modules")
    assert not has_told(recorded(running), ["go mod download"], DOCKERFILE)
    assert has_told(recorded(running, end), ["go mod download"], DOCKERFILE)
    assert not has_told(recorded(running, end), ["COPY"], DOCKERFILE)
    assert not has_told(recorded(running, end), ["go vet"], DOCKERFILE), "a step that never comes is waited for"
    assert not has_told(recorded(running, end), [], DOCKERFILE)


def test_the_classic_builder_has_told_when_the_dockerfile_has_no_other_such_step() -> None:
    cached = StepCached(0.2, "modules")
    told = recorded(cached, builder=Builder.CLASSIC)
    assert has_told(told, ["go mod download"], DOCKERFILE)
    assert not has_told(told, ["go mod download"], f"{DOCKERFILE}FROM builder\nRUN go mod download\n")


def test_a_rebuild_counts_no_from_and_knows_whether_it_was_cut_short() -> None:
    steps = (StepCached(0.2, "base"), StepCached(0.2, "modules"), StepDone(0.5, "copy", 0.1))
    cut = rebuild_of(recorded(*steps))
    assert cut.steps == (RebuiltStep("RUN go  mod download", True), RebuiltStep("COPY . .", False))
    assert (cut.cached, cut.is_whole) == (1, False)
    whole = rebuild_of(recorded(*steps, BuildSucceeded(7.0, SIMPLE_IMAGE)))
    assert (whole.seconds, whole.is_whole) == (7.0, True)
