"""What is said of builds on stderr while they go on: each step that ends, and what takes long in between."""

from __future__ import annotations

import os
import shutil
import sys

from tui.commands.live_line import LiveLine
from tui.commands.say import narrate
from tui.engine.events import (
    Activity,
    BuildEvent,
    BuildFailed,
    BuildSucceeded,
    StepCached,
    StepDone,
    StepFailed,
    StepOutput,
    StepProgress,
)
from tui.session import format
from tui.session.build_queue import Job
from tui.session.build_record import BuildRecord, Step, StepState
from tui.session.load_words import load_words
from tui.session.logs import without_escapes

TAIL_LINES = 15
"""So much of a failed step's log is repeated below."""
REPORT_SECONDS = 10.0
"""Without a terminal, what takes long is told of so often, by the engine's time."""
STEPS_AT_ONCE = 2
"""So many running steps of a build have room in the live line."""


def stderr_line() -> LiveLine | None:
    """A live line on stderr, where that is a terminal that can rewrite one."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    return LiveLine(sys.stderr, lambda: shutil.get_terminal_size().columns)


class BuildNarrator:
    """Tells of builds. With a live line, what goes on is in there; without, a line now and then says so."""

    def __init__(self, live: LiveLine | None, *, logs: bool) -> None:
        self._live = live
        self._logs = logs
        self._told_at: dict[tuple[int, str], float] = {}
        """When a load was told of last, by job and step."""

    def tell(self, job: Job, record: BuildRecord, event: BuildEvent) -> None:
        """Say what this event means; the record has it already."""
        match event:
            case StepOutput() if self._logs:
                self._say(_prefixed(job.variant, event.text))
            case StepProgress() if self._live is None:
                self._load(job, record, event)
            case StepDone() | StepCached() | StepFailed():
                step = record.step(event.step)
                if step is not None and _is_told_of(step):
                    self._say(f"{job.variant}: {_end_words(step)}")
            case BuildSucceeded():
                self._say(f"{job.variant}: {format.size(event.image.size_bytes)} in {format.duration(event.at)}")
            case BuildFailed():
                self._failed(job, record, event)

    def show(self, builds: list[tuple[str, BuildRecord]]) -> None:
        """Bring the live line up to date: variants and records of the builds that are not over."""
        if self._live is not None:
            self._live.show("   ".join(filter(None, (_running_words(*build) for build in builds))))

    def end(self) -> None:
        """Nothing goes on any more."""
        if self._live is not None:
            self._live.clear()

    def _say(self, text: str) -> None:
        self.end()
        narrate(text)

    def _load(self, job: Job, record: BuildRecord, event: StepProgress) -> None:
        step = record.step(event.step)
        if step is None or step.load is None or event.activity not in (Activity.DOWNLOADING, Activity.EXTRACTING):
            return
        key = (job.id, step.id)
        if key not in self._told_at:
            self._told_at[key] = event.at
            self._say(f"{job.variant}: pulling {_image(step)}")
        elif event.at - self._told_at[key] >= REPORT_SECONDS:
            self._told_at[key] = event.at
            self._say(f"{job.variant}: pulling {_image(step)}  {load_words(step.load)[0]}")

    def _failed(self, job: Job, record: BuildRecord, event: BuildFailed) -> None:
        if not self._logs and event.step is not None:
            self._say(_prefixed(job.variant, _tail(record, event.step)))
        where = record.step(event.step) if event.step else None
        line = f" (line {where.line}: {where.title})" if where and where.line else ""
        self._say(f"{job.variant}: the build failed{line}: {event.message}\n{event.advice}")


def _is_told_of(step: Step) -> bool:
    """Housekeeping is not, but for an image that it pulled: that of `COPY --from`, or of a `# syntax=` line."""
    return not step.internal or (step.load is not None and step.load.is_pull)


def _end_words(step: Step) -> str:
    took = "" if step.state is StepState.CACHED else f" {format.duration(step.seconds or 0)}"
    pulled = step.load.pulled_bytes if step.load is not None else 0
    return f"{step.state}{took}  {step.title}" + (f"  ({format.size(pulled)} pulled)" if pulled else "")


def _running_words(variant: str, record: BuildRecord) -> str:
    """What a build is doing, on one line; empty before it is its turn."""
    if record.builder is None:
        return ""
    running = [step for step in record.steps if step.state is StepState.RUNNING]
    if not running and record.sent_bytes < record.context_bytes:
        return f"{variant}: sending {format.progress(record.sent_bytes, record.context_bytes)}"
    # What moves says most; then the newest, as it is what the build waits for.
    running.sort(key=lambda step: (step.load is not None and step.load.is_pull, step.began_at or 0.0), reverse=True)
    words = [_step_words(step, record.at) for step in running[:STEPS_AT_ONCE]]
    return f"{variant}: {'; '.join(words) or format.elapsed(record.at)}"


def _step_words(step: Step, now: float) -> str:
    words = load_words(step.load) if step.load is not None else ()
    name = f"pulling {_image(step)}" if step.load is not None and step.load.is_pull else step.title
    return f"{name}  {words[0] if words else format.elapsed(now - (step.began_at or 0.0))}"


def _image(step: Step) -> str:
    """The image of a step that pulls one: `FROM --platform=… golang:1.27 AS builder` pulls golang:1.27."""
    words = [word for word in step.title.split() if not word.startswith("--")]
    return words[1] if len(words) > 1 and words[0].upper() == "FROM" else step.title


def _tail(record: BuildRecord, step: str) -> str:
    log = record.step_logs.get(step)
    if log is None:
        return ""
    return "\n".join(log.line(number) for number in range(max(log.first, log.end - TAIL_LINES), log.end))


def _prefixed(name: str, text: str) -> str:
    return "\n".join(f"{name} | {without_escapes(line)}" for line in text.rstrip("\n").split("\n"))
