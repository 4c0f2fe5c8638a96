"""Carrying builds out with a narration on stderr: what `build` and `compare` share."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from tui.commands.exits import Exit
from tui.commands.say import engine_words, explain, narrate
from tui.engine.api import Engine
from tui.engine.errors import NoEngine
from tui.engine.events import BuildEvent, BuildFailed, BuildSucceeded, StepCached, StepDone, StepFailed, StepOutput
from tui.session import format
from tui.session.build_options.model import OptionRefused
from tui.session.build_queue import Job
from tui.session.connect import configuration_warning, connect, connect_or_replay
from tui.session.logs import without_escapes
from tui.session.options import REPLAY, StartOptions
from tui.session.variants import Project, Variant
from tui.session.workbench import Workbench

TAIL_LINES = 15
"""So much of a failed step's log is repeated below."""


def open_workbench(options: StartOptions) -> Workbench:
    """The bench for a command, with a word on who answers. Nothing named and nothing there, a recording steps in.

    Raises NoEngine, RecordingDamaged, and OptionRefused where the builder cannot do what the options ask.
    """
    _warn_of_configuration(options)
    engine, why_recorded = connect_or_replay(options.engine, options.builder)
    if why_recorded is not None:
        narrate(f"{why_recorded.what} A recorded build steps in: nothing is built here.")
        narrate(f"{why_recorded.advice.split(' Without one,')[0]}\n")
    if engine.info.recorded_on is not None and options.build.names:
        narrate(f"{', '.join(options.build.names)}: a recorded build is shown as it was, without these.")
    return _bench(engine, options)


def open_real_workbench(options: StartOptions) -> Workbench:
    """The same, where a recording is of no use."""
    _warn_of_configuration(options)
    return _bench(connect(options.engine, options.builder), options)


def _warn_of_configuration(options: StartOptions) -> None:
    if options.engine != REPLAY and (warning := configuration_warning(os.environ)):
        narrate(f"jettison: {warning}")


def _bench(engine: Engine, options: StartOptions) -> Workbench:
    bench = Workbench(engine, options.builder, options=options.build)
    narrate(f"engine: {engine_words(engine.info)}")
    if bench.refusal:
        raise OptionRefused(bench.refusal)
    if bench.history.warning:
        narrate(bench.history.warning)
    return bench


def no_engine(error: NoEngine) -> Exit:
    """Say that an engine was named and cannot be had."""
    explain(error)
    return Exit.NO_ENGINE


def build_all(
    bench: Workbench, project: Project, variants: Sequence[Variant], options: StartOptions, *, logs: bool
) -> bool:
    """Build these and narrate; whether all succeeded. Ctrl+C cancels them and raises KeyboardInterrupt again."""
    jobs = bench.build(project, variants, no_cache=options.no_cache, at_once=options.at_once)
    for job in jobs:
        narrate(f"$ {job.command}")
    waiting = {job.id for job in jobs}
    ends: list[BuildEvent] = []
    try:
        while waiting:
            for job, event in bench.wait(1.0).builds:
                _narrate_event(bench, job, event, logs=logs)
                if bench.records[job.request.subject].end is event:
                    waiting.discard(job.id)
                    ends.append(event)
    except KeyboardInterrupt:
        _cancel(bench)
        raise
    return all(isinstance(end, BuildSucceeded) for end in ends)


def _cancel(bench: Workbench) -> None:
    """End what runs, and wait a moment for the engine to let go of it."""
    bench.queue.cancel()
    deadline = time.monotonic() + 2.0
    while bench.queue.is_busy and time.monotonic() < deadline:
        bench.wait(0.1)
    narrate("\ncancelled")


def _narrate_event(bench: Workbench, job: Job, event: BuildEvent, *, logs: bool) -> None:
    record = bench.records[job.request.subject]
    match event:
        case StepOutput() if logs:
            narrate(_prefixed(job.variant, event.text))
        case StepDone() | StepCached() | StepFailed():
            step = record.step(event.step)
            if step is not None and not step.internal:
                took = "" if step.state == "cached" else f" {format.duration(step.seconds or 0)}"
                narrate(f"{job.variant}: {step.state}{took}  {step.title}")
        case BuildSucceeded():
            narrate(f"{job.variant}: {format.size(event.image.size_bytes)} in {format.duration(event.at)}")
        case BuildFailed():
            if not logs and event.step is not None:
                narrate(_prefixed(job.variant, _tail(bench, job, event.step)))
            where = record.step(event.step) if event.step else None
            line = f" (line {where.line}: {where.title})" if where and where.line else ""
            narrate(f"{job.variant}: the build failed{line}: {event.message}\n{event.advice}")


def _tail(bench: Workbench, job: Job, step: str) -> str:
    log = bench.records[job.request.subject].step_logs.get(step)
    if log is None:
        return ""
    return "\n".join(log.line(number) for number in range(max(log.first, log.end - TAIL_LINES), log.end))


def _prefixed(name: str, text: str) -> str:
    return "\n".join(f"{name} | {without_escapes(line)}" for line in text.rstrip("\n").split("\n"))
