"""Waiting for processes that are no children of ours."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.lab.places import LabError

STOP_SECONDS = 30.0


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        with contextlib.suppress(TimeoutError):
            signal.sigtimedwait([], 0.05)
    return True


def is_running(pid: int, word: str) -> bool:
    """Whether this process lives, and has this word in its command line: numbers are given out again."""
    try:
        return word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_for_end(pid: int, word: str) -> None:
    """Return as soon as it is gone. Raises LabError where it stays."""

    def is_gone() -> bool:
        # Where it is a child after all, it is not gone before somebody has asked how it ended.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        return not is_running(pid, word)

    if not until(is_gone, STOP_SECONDS):
        raise LabError(f"{word} (process {pid}) does not end.")
