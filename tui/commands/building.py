"""Carrying builds out with a narration on stderr: what `build` and `compare` share."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from tui.commands.build_narrator import BuildNarrator, stderr_line
from tui.commands.exits import Exit
from tui.commands.say import engine_words, explain, narrate
from tui.engine.api import Engine
from tui.engine.errors import NoEngine
from tui.engine.events import BuildEvent, BuildSucceeded
from tui.session.build_options.model import OptionRefused
from tui.session.connect import configuration_warning, connect, connect_or_replay
from tui.session.options import REPLAY, StartOptions
from tui.session.variants import Project, Variant
from tui.session.workbench import Workbench

WAIT_SECONDS = 0.5
"""A running step's time is brought up to date so often."""


def open_workbench(options: StartOptions) -> Workbench:
    """The bench for a command, with a word on who answers. Nothing named and nothing there, a recording steps in.

    Raises NoEngine, RecordingDamaged, and OptionRefused where the builder cannot do what the options ask.
    """
    warn_of_configuration(options.engine)
    engine, why_recorded = connect_or_replay(options.engine, options.builder)
    if why_recorded is not None:
        narrate(f"{why_recorded.what} Showing a recorded build instead: nothing is built here.")
        narrate(f"{why_recorded.advice.split(' Without one,')[0]}\n")
    if engine.info.recorded_on is not None and options.build.names:
        narrate(f"{', '.join(options.build.names)}: a recorded build is shown as it was, without these.")
    return _bench(engine, options)


def open_real_workbench(options: StartOptions) -> Workbench:
    """The same, where a recording is of no use."""
    warn_of_configuration(options.engine)
    return _bench(connect(options.engine, options.builder), options)


def warn_of_configuration(engine_name: str | None) -> None:
    """Say what of Docker's configuration could not be read, where an engine is looked for by it."""
    if engine_name != REPLAY and (warning := configuration_warning(os.environ)):
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
    waiting = {job.id: job for job in jobs}
    narrator = BuildNarrator(stderr_line(), logs=logs)
    ends: list[BuildEvent] = []
    try:
        while waiting:
            for job, event in bench.wait(WAIT_SECONDS).builds:
                record = bench.records[job.request.subject]
                narrator.tell(job, record, event)
                if record.end is event:
                    waiting.pop(job.id, None)
                    ends.append(event)
            narrator.show([(job.variant, bench.records[job.request.subject]) for job in waiting.values()])
    except KeyboardInterrupt:
        narrator.end()
        _cancel(bench)
        raise
    finally:
        narrator.end()
    return all(isinstance(end, BuildSucceeded) for end in ends)


def _cancel(bench: Workbench) -> None:
    """End what runs, and wait a moment for the engine to let go of it."""
    bench.queue.cancel()
    deadline = time.monotonic() + 2.0
    while bench.queue.is_busy and time.monotonic() < deadline:
        bench.wait(0.1)
    narrate("\ncancelled")
