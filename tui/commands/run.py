"""`jettison run`: start variants, ask them the same questions, stop them, and put the answers beside each other."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from tui.commands.building import build_all, no_engine, open_real_workbench
from tui.commands.exits import Exit
from tui.commands.say import narrate, print_json, print_table
from tui.engine.container_command import docker_remove_command
from tui.engine.errors import EngineError, ImageNotFound, NoEngine
from tui.session import format
from tui.session.live_run import Run
from tui.session.logs import without_escapes
from tui.session.options import REPLAY, StartOptions
from tui.session.run_bench import RunBench
from tui.session.run_comparison import RunComparison, comparison_json
from tui.session.run_events import Died, LogText, NotReady, Ready, Refused, RunEvent, RunFailed, Started, Stopped
from tui.session.run_record import RunRecord
from tui.session.variants import Project, Variant
from tui.session.workbench import Workbench

GOODBYE_SECONDS = 15.0
"""So long an interrupted command waits for its containers to stop."""
INTERRUPTED_PATIENCE_SECONDS = 2.0
"""Whoever presses Ctrl+C does not want to wait for a program that ignores SIGTERM."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What is wanted of the runs."""

    both: bool = False
    """All variants of the project."""
    probe: bool = False
    keep: bool = False
    """Leave the containers running."""
    port: int | None = None
    """The host's port; None leaves it to the engine."""
    as_json: bool = False

    @property
    def watches(self) -> bool:
        """Whether somebody sits there and reads the log until they have had enough."""
        return not (self.probe or self.keep or self.as_json) and sys.stdout.isatty()


def run(options: StartOptions, names: tuple[str, ...], wanted: RunOptions) -> Exit:
    """Run these variants, one after the other; missing images are built first. Raises KeyError for an unknown one."""
    project = options.project()
    variants = project.variants if wanted.both else tuple(map(project.variant, names))
    if not variants:
        raise click.UsageError("name a variant to run, or say --both")
    if wanted.port is not None and len(variants) > 1:
        raise click.UsageError("--port is for one variant: two containers cannot have the same port")
    if options.engine == REPLAY:
        narrate("jettison: a recorded build cannot be run; name a real engine.")
        return Exit.NO_ENGINE
    try:
        bench = open_real_workbench(options)
    except NoEngine as error:
        return no_engine(error)
    if not build_missing(bench, project, variants, options):
        return Exit.BUILD_FAILED
    rounds = _Rounds(RunBench(bench.engine, bench.ledger), project, wanted)
    comparison = rounds.go(variants)
    if wanted.as_json:
        print_json(comparison_json(comparison))
    else:
        _print(comparison)
    return Exit.FINE if comparison.ok else Exit.CHECK_FAILED


def build_missing(bench: Workbench, project: Project, variants: Sequence[Variant], options: StartOptions) -> bool:
    """Build what is not there yet; whether all is there now. Raises EngineLost.

    With options of their own all are built: an image that is there may have been built without them.
    """
    if options.build.names:
        return build_all(bench, project, variants, options, logs=False)
    missing = []
    for variant in variants:
        tag = bench.request(project, variant).tag
        try:
            bench.engine.inspect(tag)
        except ImageNotFound:
            narrate(f"There is no image {tag} yet: it is built first.")
            missing.append(variant)
    return not missing or build_all(bench, project, missing, options, logs=False)


class _Rounds:
    """Runs one variant after the other, so that their times can be compared."""

    def __init__(self, bench: RunBench, project: Project, wanted: RunOptions) -> None:
        self._bench = bench
        self._project = project
        self._wanted = wanted

    def go(self, variants: Sequence[Variant]) -> RunComparison:
        """All rounds. Ctrl+C stops what runs, and is raised again unless it was the way to end it."""
        try:
            for variant in variants:
                self._round(variant)
        except KeyboardInterrupt:
            self._stop_all()
            if not self._wanted.watches:
                raise
        except EngineError:
            self._stop_all()
            raise
        finally:
            self._bench.runner.close()
        return self._bench.comparison(self._project, variants)

    def _round(self, variant: Variant) -> None:
        record = self._bench.start(self._project, variant, host_port=self._wanted.port)
        narrate(f"$ {record.run.command}")
        runner = self._bench.runner
        self._until(lambda: record.end is not None or record.ready_seconds is not None or bool(record.silent_reason))
        if record.is_running:
            runner.measure(record.run)
            self._until(lambda: record.end is not None or record.usage is not None or record.refused is not None)
        if record.is_running and self._wanted.probe:
            before = record.refused
            runner.probe(record.run)
            self._until(lambda: record.probe is not None or record.refused is not before)
        if record.is_running and self._wanted.watches:
            narrate("Ctrl+C stops it.")
            self._until(lambda: record.end is not None)
        if not (self._wanted.keep and record.is_running):
            self._stop(record)

    def _stop(self, record: RunRecord) -> None:
        if record.run in self._bench.runner.leftovers:
            self._bench.runner.stop(record.run)
            self._until(lambda: record.is_removed or isinstance(record.end, RunFailed))

    def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._narrate_all(self._bench.wait(1.0))

    def _stop_all(self) -> None:
        runner = self._bench.runner
        for run in runner.leftovers:
            runner.stop(run, INTERRUPTED_PATIENCE_SECONDS)
        deadline = time.monotonic() + GOODBYE_SECONDS
        while runner.leftovers and time.monotonic() < deadline:
            self._narrate_all(self._bench.wait(0.1))
        self._narrate_all(self._bench.drain())

    def _narrate_all(self, told: Sequence[tuple[Run, RunEvent]]) -> None:
        for run, event in told:
            _narrate(run.variant, event, logs=self._wanted.watches)


def _narrate(name: str, event: RunEvent, *, logs: bool) -> None:
    match event:
        case Started(container=container):
            where = f" at {container.address.url}" if container.address else ""
            narrate(f"{name}: started{where}, container {container.container_id[:12]}")
        case Ready():
            narrate(f"{name}: answers {event.path} after {_seconds(event.seconds)}")
        case NotReady() if event.advice:
            narrate(f"{name}: {event.reason}\n{event.advice}")
        case NotReady():
            narrate(f"{name}: nothing answered for {format.duration(event.seconds)}: {event.reason}")
        case LogText() if logs:
            narrate("\n".join(f"{name} | {without_escapes(line)}" for line in event.text.rstrip("\n").split("\n")))
        case Refused() | RunFailed():
            narrate(f"{name}: {event.what}\n{event.advice}")
        case Died(death=death):
            lines = "".join(f"{name} | {without_escapes(line)}\n" for line in death.last_lines)
            code = "" if death.exit_code is None else f" with exit code {death.exit_code}"
            narrate(f"{lines}{name}: it ended{code}. {death.reason}\n{death.advice}")
        case Stopped():
            narrate(f"{name}: stopped in {_seconds(event.seconds)} and removed")


def _print(comparison: RunComparison) -> None:
    """A table of all runs, then whether they behaved the same, and what still runs."""
    rows = [
        (
            record.run.variant,
            record.state,
            _seconds(record.ready_seconds),
            *_answers(record),
            format.size(record.usage.memory_bytes) if record.usage else "-",
            str(len(record.processes) or "-"),
            record.user or "-",
            _seconds(record.stop_seconds),
        )
        for record in comparison.records
    ]
    head = ("VARIANT", "STATE", "READY AFTER", "HTTP", "ECHOES", "MEMORY", "PROCESSES", "USER", "STOPPED IN")
    print_table(head, rows, right=(2, 5, 6, 8))
    for sentence in comparison.differences:
        print(sentence)
    if comparison.equal:
        print(f"\nAll {len(rows)} behave the same: same statuses, same bodies, same echoes.")
    for record in comparison.records:
        if record.is_running:
            print(f"{record.run.variant} runs on at {record.url}; {docker_remove_command(record.run.request.name)}")


def _answers(record: RunRecord) -> tuple[str, str]:
    """The statuses, and how many text frames came back."""
    if record.probe is None:
        return "-", "-"
    statuses = " ".join(str(answer.status or "none") for answer in record.probe.http)
    socket = record.probe.websocket
    if socket is None:
        return statuses, "-"
    return statuses, f"{socket.text_echoes}/{socket.text_frames}{'' if socket.ok else ' ✗'}"


def _seconds(seconds: float | None) -> str:
    """Start-ups and stops are short: milliseconds below one second."""
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else format.duration(seconds)
