"""What is said of a build on stderr: one live line on a terminal, lines now and then without one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.fakes import MULTISTAGE_IMAGE
from tests.support.pulls import LAYERS, begun, downloading, downloads
from tests.unit.traces import TWO_STAGES, events_of
from tui.commands.build_narrator import BuildNarrator
from tui.commands.live_line import CLEARED, LiveLine, cut
from tui.engine.events import (
    Activity,
    BuildEvent,
    BuildStarted,
    ContextPacked,
    ContextSent,
    StepDone,
    StepPlanned,
    StepProgress,
    StepStarted,
)
from tui.engine.request import Builder, BuildRequest
from tui.session.build_queue import Job
from tui.session.build_record import BuildRecord

SENDING = Activity.TRANSFERRING
JOB = Job(1, "multistage", BuildRequest(Path("/app"), Path("Dockerfile"), "app:1"), "docker build .")


def narrated(events: list[BuildEvent], live: LiveLine | None = None) -> BuildRecord:
    narrator, record = BuildNarrator(live, logs=False), BuildRecord()
    for event in events:
        record.apply(event)
        narrator.tell(JOB, record, event)
        narrator.show([(JOB.variant, record)])
    return record


def a_terminal(columns: int) -> tuple[io.StringIO, LiveLine]:
    """A terminal, and a line of it that may be rewritten at any time."""
    ticks = iter(range(1_000_000))
    written = io.StringIO()
    return written, LiveLine(written, lambda: columns, lambda: float(next(ticks)))


def test_without_a_terminal_a_pull_is_a_line_at_its_start_one_each_ten_seconds_and_one_at_its_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shares = [number / 250 for number in range(251)]
    pull = [event for tenth, share in enumerate(shares) for event in downloads(tenth / 10, [share] * len(LAYERS))]
    narrated([*begun(), *pull, StepDone(25.1, "base", 24.8)])
    assert capsys.readouterr().err.splitlines() == [
        "multistage: pulling golang:1.27-bookworm",
        "multistage: pulling golang:1.27-bookworm  ↓ 124 / 312 MB  0 of 7 layers  12.3 MB/s",
        "multistage: pulling golang:1.27-bookworm  ↓ 248 / 312 MB  0 of 7 layers  12.3 MB/s",
        "multistage: done 24.8 s  FROM golang:1.27-bookworm AS builder  (312 MB pulled)",
    ]


@pytest.mark.parametrize("engine", ["containerd", "overlay2", "20.10"])
def test_a_base_image_that_is_pulled_is_said_to_be_done_once_and_with_its_seconds(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    narrated([*events_of(f"pull-{engine}", TWO_STAGES)])
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "multistage: pulling registry.example/big:1"
    (done,) = [line for line in told if "FROM" in line]
    assert "(69.2 MB pulled)" in done
    assert "done 0.0 s" not in done


def test_a_context_is_told_of_only_where_it_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    narrated(
        [
            BuildStarted(0.0, Builder.BUILDKIT),
            StepPlanned(0.1, "context", "[internal] load build context", internal=True),
            StepStarted(0.1, "context"),
            *(
                StepProgress(float(second), "context", "transferring context", second * 10_000_000, 0, False, SENDING)
                for second in range(1, 14)
            ),
            StepDone(13.1, "context", 13.0),
            StepPlanned(13.2, "ignore", "[internal] load .dockerignore", internal=True),
            StepStarted(13.2, "ignore"),
            StepProgress(13.2, "ignore", "transferring context", 2, 0, True, SENDING),
            StepDone(13.3, "ignore", 0.1),
        ]
    )
    assert capsys.readouterr().err.splitlines() == [
        "multistage: [internal] load build context  ↑ 110 MB  10.0 MB/s",
        "multistage: done 13.0 s  [internal] load build context  (130 MB sent)",
    ]


def test_an_upload_that_takes_long_is_told_of_each_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    sent = [ContextSent(float(second), second * 1_000_000, 50_000_000) for second in range(25)]
    narrated([BuildStarted(0.0, Builder.CLASSIC), ContextPacked(0.0, 3, 50_000_000), *sent])
    assert capsys.readouterr().err.splitlines() == [
        "multistage: sending 10.0 / 50.0 MB",
        "multistage: sending 20.0 / 50.0 MB",
    ]


def test_the_image_of_a_copy_that_is_pulled_is_told_of_too(capsys: pytest.CaptureFixture[str]) -> None:
    narrated(
        [
            StepPlanned(0.1, "base", "docker-image://docker.io/docker/dockerfile:1", internal=True),
            StepStarted(0.1, "base"),
            *downloads(1.0, [1.0] * len(LAYERS)),
            StepDone(2.0, "base", 1.9),
        ]
    )
    assert capsys.readouterr().err.splitlines() == [
        "multistage: pulling docker.io/docker/dockerfile:1",
        "multistage: done 1.9 s  docker-image://docker.io/docker/dockerfile:1  (312 MB pulled)",
    ]


def test_on_a_terminal_one_line_is_rewritten(capsys: pytest.CaptureFixture[str]) -> None:
    written, live = a_terminal(columns=100)
    narrated(downloading(MULTISTAGE_IMAGE)[:-1], live)
    assert capsys.readouterr().err == ""
    assert "\n" not in written.getvalue()
    assert written.getvalue().split(CLEARED)[-1] == (
        "multistage: pulling golang:1.27-bookworm  ↓ 143 / 312 MB  4 of 7 layers  11.0 MB/s"
    )


def test_the_live_line_makes_way_for_what_stays(capsys: pytest.CaptureFixture[str]) -> None:
    written, live = a_terminal(columns=100)
    narrated([*downloading(MULTISTAGE_IMAGE)[:-1], StepDone(28.0, "base", 27.8)], live)
    assert "done 27.8 s  FROM golang:1.27-bookworm AS builder" in capsys.readouterr().err
    assert CLEARED + CLEARED in written.getvalue()


def test_a_live_line_never_wraps() -> None:
    written, live = a_terminal(columns=40)
    live.show("x" * 100)
    assert written.getvalue() == CLEARED + "x" * 38 + "…"
    assert cut("日本語", 4) == "日…"


def test_a_live_line_does_nothing_to_the_terminal_but_to_be_there() -> None:
    written, live = a_terminal(columns=40)
    live.show("\x1b]0;title\x07\n")
    assert written.getvalue() == CLEARED + r"\x1b]0;title\x07\x0a"


def test_a_live_line_is_not_rewritten_more_often_than_eyes_can_follow() -> None:
    written = io.StringIO()
    live = LiveLine(written, lambda: 40, lambda: 1.0)
    live.show("a")
    live.show("b")
    assert written.getvalue() == CLEARED + "a"


def test_the_upload_of_a_context_is_in_the_live_line() -> None:
    written, live = a_terminal(columns=80)
    narrated(
        [
            BuildStarted(0.0, Builder.CLASSIC),
            ContextPacked(0.1, 3, 80_000_000),
            ContextSent(1.0, 12_000_000, 80_000_000),
        ],
        live,
    )
    assert written.getvalue().endswith("multistage: sending 12.0 / 80.0 MB")
