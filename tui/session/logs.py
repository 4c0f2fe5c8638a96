"""The whole log of each build and of each run as a file: however long it is, none of it is lost."""

from __future__ import annotations

import errno
import os
import re
from datetime import datetime
from pathlib import Path

from tui.session.paths import cache_folder

KEPT_LOGS = 40
MOST_CHARACTERS = 256_000_000
"""So much of one log is kept: a container may print for ever, and the learner's disk has an end."""
ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~]?)"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class LogFile:
    """The log of one build or run, written as it comes. `write` raises OSError where the disk is full, or the log
    without end."""

    def __init__(self, subject: str, now: datetime) -> None:
        folder = cache_folder() / "logs"
        folder.mkdir(mode=0o700, exist_ok=True)
        _forget_old(folder)
        self.path = folder / f"{now:%Y%m%d-%H%M%S-%f}-{subject.replace('/', '-')}.log"
        self._file = self.path.open("w", encoding="utf-8", errors="surrogateescape")
        self._characters = 0

    def write(self, text: str) -> None:
        """Append a piece of output as it came, escapes included."""
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        self._file.write(text)

    def flush(self) -> None:
        """Have all of it on the disk. Raises OSError."""
        self._file.flush()

    def close(self) -> None:
        """Nothing more will come. Raises OSError where the last of it finds no room."""
        self._file.close()


def save_plain(log: Path, target: Path) -> None:
    """Copy a whole log to where the learner wants it, without escapes. Raises OSError."""
    with log.open(encoding="utf-8", errors="surrogateescape") as source, target.open("w", encoding="utf-8") as copy:
        for line in source:
            copy.write(without_escapes(line).encode("utf-8", "replace").decode("utf-8"))


def without_escapes(text: str) -> str:
    """Text without terminal escapes, and without any other character that steers a terminal but tab and newline."""
    return CONTROLS.sub("", ESCAPES.sub("", text))


def _forget_old(folder: Path) -> None:
    for old in sorted(folder.glob("*.log"))[: -KEPT_LOGS + 1]:
        old.unlink(missing_ok=True)
