"""What the app costs: its start, a flood of log lines, and doing nothing."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench import terminal
from tests.bench.figures import Figure, alternating, at_most, p95, ratio

START_ROUNDS = 15
IDLE_SECONDS = 20.0
PROBE_EVERY_SECONDS = 0.03
F9 = b"\x1b[20~"
JETTISON = ("-c", "import sys; sys.argv[:] = ['jettison']; from tui.start import main; main()")
FIRST_SCREEN = (b"Why two stages", b"Dockerfile.multistage", b"FROM", b"quit")
"""The lesson, the command, a line of the Dockerfiles, and the last key of the last line."""


def start_up(home: Path) -> list[Figure]:
    """From exec to the first full screen, against a Textual app of ten lines."""

    def ours() -> float:
        return _first_screen(JETTISON, FIRST_SCREEN, home)

    def tiny() -> float:
        return _first_screen((str(Path(__file__).with_name("tiny_app.py")),), (b"Hello", b"Quit"), home)

    ours(), tiny()
    return [ratio("exec to first full screen, against a tiny app", alternating(START_ROUNDS, ours, tiny), 1.4)]


def _first_screen(arguments: tuple[str, ...], marks: tuple[bytes, ...], home: Path) -> float:
    program = terminal.run(arguments, home)
    seconds = program.wait_for(*marks) - program.began
    program.drain(0.2)
    program.end()
    return seconds


def flood(home: Path) -> list[Figure]:
    """A million log lines at 200,000 a second into two panes, with a key pressed some thirty times a second."""
    program = terminal.run(("-m", "tests.bench.flood_app"), home)
    program.wait_for(b"docker 29.1.0")
    program.write(b"b")
    program.wait_for(b"compiling")
    latencies: list[float] = []
    while not re.search(rb"probe \d+ over", program.drawn):
        pressed = program.write(F9)
        latencies.append(program.wait_for(f"probe {len(latencies) + 1:04}".encode()) - pressed)
        program.drain(PROBE_EVERY_SECONDS)
    program.end()
    return [
        at_most(f"key latency in the flood, p95 of {len(latencies)}", p95(latencies) * 1000, "ms", 50),
        at_most("peak memory after the flood", program.peak_bytes / 1e6, "MB", 100),
    ]


def idle(home: Path) -> list[Figure]:
    """Processor time while nothing happens."""
    program = terminal.run(JETTISON, home)
    program.wait_for(*FIRST_SCREEN)
    program.drain(3.0)
    before = program.cpu_seconds()
    program.drain(IDLE_SECONDS)
    share = (program.cpu_seconds() - before) / IDLE_SECONDS
    program.end()
    return [at_most("idle, share of a core", share * 100, "%", 0.5)]
