"""A program in a terminal of its own: what it draws, when, and what it costs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS, ROWS = 120, 36
WATCHDOG_SECONDS = 60.0
KEPT_BYTES = 1 << 16
TICKS = os.sysconf("SC_CLK_TCK")


class NothingDrawn(Exception):
    """The program did not draw what it was waited for."""


@dataclass
class Terminal:
    """A Python program with a terminal; `began` is when it was executed, in seconds of the monotonic clock."""

    pid: int
    descriptor: int
    began: float
    drawn: bytes = b""
    """The last of what it drew."""
    peak_bytes: int = field(default=0)
    """Its largest resident set, known after `end`."""

    def wait_for(self, *marks: bytes) -> float:
        """Read until all of these were drawn; when the last of them was."""
        missing = set(marks)
        while True:
            missing = {mark for mark in missing if mark not in self.drawn}
            if not missing:
                return time.monotonic()
            self._read(WATCHDOG_SECONDS, missing)

    def drain(self, seconds: float) -> None:
        """Read for so long, whatever comes."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.descriptor], [], [], left)[0]:
                self._read(0, ())

    def write(self, keys: bytes) -> float:
        """Press keys; when."""
        at = time.monotonic()
        os.write(self.descriptor, keys)
        return at

    def forget(self) -> None:
        """What was drawn so far does not count any more."""
        self.drawn = b""

    def cpu_seconds(self) -> float:
        """Processor time of the program so far (fields 14 and 15 of proc_pid_stat(5))."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def end(self) -> None:
        """Quit it, and read what it says until it is gone."""
        self.write(b"q")
        # Reading from a terminal whose program is gone is an error on Linux.
        with contextlib.suppress(OSError):
            while select.select([self.descriptor], [], [], WATCHDOG_SECONDS)[0] and os.read(self.descriptor, 65536):
                pass
        _, _, usage = os.wait4(self.pid, 0)
        self.peak_bytes = usage.ru_maxrss * 1024
        os.close(self.descriptor)

    def _read(self, patience: float, missing: object) -> None:
        if not select.select([self.descriptor], [], [], patience)[0]:
            raise NothingDrawn(f"never drawn: {missing}")
        self.drawn = (self.drawn + os.read(self.descriptor, 65536))[-KEPT_BYTES:]


def run(arguments: Sequence[str], home: Path) -> Terminal:
    """Run this Python with these arguments in a terminal of 120 by 36."""
    environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "JETTISON_HOME": str(home)}
    environ.pop("NO_COLOR", None)
    began = time.monotonic()
    pid, descriptor = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, *arguments], environ)
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return Terminal(pid, descriptor, began)
