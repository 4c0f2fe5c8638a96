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
    ContextSent,
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
            case ContextSent() if self._live is None:
                self._sent(job, event)
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
        """A pull is told of from its beginning, as it mostly takes long; anything else once it does."""
        step = record.step(event.step)
        words = load_words(step.load) if step is not None and step.load is not None else ()
        if step is None or not words:
            return
        key = (job.id, step.id)
        is_new = key not in self._told_at
        told_at = self._told_at.setdefault(key, event.at)
        if is_new and event.activity in (Activity.DOWNLOADING, Activity.EXTRACTING):
            self._say(f"{job.variant}: {_name(step)}")
        elif event.at - told_at >= REPORT_SECONDS:
            self._told_at[key] = event.at
            self._say(f"{job.variant}: {_name(step)}  {words[0]}")

    def _sent(self, job: Job, event: ContextSent) -> None:
        told_at = self._told_at.setdefault((job.id, ""), event.at)
        if event.at - told_at >= REPORT_SECONDS:
            self._told_at[job.id, ""] = event.at
            self._say(f"{job.variant}: {_sending(event.sent_bytes, event.total_bytes)}")

    def _failed(self, job: Job, record: BuildRecord, event: BuildFailed) -> None:
        if not self._logs and event.step is not None and (tail := _tail(record, event.step)):
            self._say(_prefixed(job.variant, tail))
        where = record.step(event.step) if event.step else None
        line = f" (line {where.line}: {where.title})" if where and where.line else ""
        if not line and event.line is not None:
            line = f" (line {event.line})"
        self._say(f"{job.variant}: the build failed{line}: {event.reason}\n{event.advice}")
        if event.what:
            self._say(f"The engine's words: {event.message}")


def _is_told_of(step: Step) -> bool:
    """Housekeeping is not, but for what it moved if that took long: the context, or the image of `COPY --from`."""
    took_long = (step.seconds or 0.0) >= REPORT_SECONDS and step.load is not None
    return not step.internal or took_long or (step.load is not None and step.load.is_pull)


def _end_words(step: Step) -> str:
    took = "" if step.state is StepState.CACHED else f" {format.duration(step.seconds or 0)}"
    moved = ""
    if step.load is not None and step.load.is_pull:
        moved = f"  ({format.size(step.load.pulled_bytes)} pulled)"
    elif step.load is not None and step.load.activity is Activity.TRANSFERRING:
        moved = f"  ({format.size(step.load.current_bytes)} sent)"
    return f"{step.state}{took}  {step.title}{moved}"


def _running_words(variant: str, record: BuildRecord) -> str:
    """What a build is doing, on one line; empty before it is its turn."""
    if record.builder is None:
        return ""
    running = [step for step in record.steps if step.state is StepState.RUNNING]
    if not running and record.sent_bytes < record.context_bytes:
        return f"{variant}: {_sending(record.sent_bytes, record.context_bytes)}"
    # What moves says most; then the newest, as it is what the build waits for.
    running.sort(key=lambda step: (step.load is not None and step.load.is_pull, step.began_at or 0.0), reverse=True)
    words = [_step_words(step, record.at) for step in running[:STEPS_AT_ONCE]]
    return f"{variant}: {'; '.join(words) or format.elapsed(record.at)}"


def _step_words(step: Step, now: float) -> str:
    words = load_words(step.load) if step.load is not None else ()
    return f"{_name(step)}  {words[0] if words else format.elapsed(now - (step.began_at or 0.0))}"


def _name(step: Step) -> str:
    """What it does. `FROM --platform=… golang:1.27 AS builder` pulls golang:1.27."""
    if step.load is None or not step.load.is_pull:
        return step.title
    words = [word for word in step.title.split() if not word.startswith("--")]
    is_from = len(words) > 1 and words[0].upper() == "FROM"
    return f"pulling {words[1] if is_from else step.title.removeprefix('docker-image://')}"


def _sending(sent_bytes: int, total_bytes: int) -> str:
    return f"sending {format.progress(sent_bytes, total_bytes)}"


def _tail(record: BuildRecord, step: str) -> str:
    log = record.step_logs.get(step)
    if log is None:
        return ""
    return "\n".join(log.line(number) for number in range(max(log.first, log.end - TAIL_LINES), log.end))


def _prefixed(name: str, text: str) -> str:
    return "\n".join(f"{name} | {without_escapes(line)}" for line in text.rstrip("\n").split("\n"))
