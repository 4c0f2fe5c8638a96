"""The command line as a shell runs it: a process of its own, without a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import BinaryIO

PROGRAM = "import sys; sys.argv[0] = 'jettison'; from tui.start import main; main()"


def jettison(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return jettison_fed(subprocess.DEVNULL, *arguments, **environ)


def jettison_fed(stdin: int | BinaryIO, /, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The same, with an open file as its stdin."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
        stdin=stdin,
    )


def started_jettison(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    """Start a command, for tests that interrupt it."""
    return started_on(subprocess.PIPE, *arguments, **environ)


def started_on(stdout: int, /, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """The same, with an open file as its stdout: a terminal, perhaps."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
    )
