"""Watching one file by looking at it again and again: that works on network and shared folders too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tui.session.draft import read_text

EVERY_SECONDS = 0.4
MOST_BYTES = 1_000_000
"""Nobody writes a Dockerfile of that size; what is larger was put there by mistake, and is not read."""

Stamp = tuple[int, int] | str | None
"""Time of the last change and size; why it cannot be seen; None where there is no file."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The file as it is after a change."""

    text: str | None
    """None where it cannot be read."""
    problem: str = ""
    """Why not: the rest of a sentence."""


class FileWatch:
    """Looks in a thread of its own, so that a slow disk holds nobody up."""

    def __init__(self, file: Path, tell: Callable[[Sighting], None], every_seconds: float = EVERY_SECONDS) -> None:
        """`tell` is called in the thread, once for each change."""
        self._file = file
        self._tell = tell
        self._every_seconds = every_seconds
        self._told = _stamp(file)
        self._pending: Stamp = None
        self._is_over = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._watch, name="file-watch", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()

    def look(self) -> Sighting | None:
        """What there is to tell: a change is told once it has been the same for two looks, and so is written out."""
        stamp = _stamp(self._file)
        if stamp is None or stamp == self._told:
            # Editors that replace a file remove it for a moment.
            self._pending = None
            return None
        if stamp != self._pending:
            self._pending = stamp
            return None
        self._told, self._pending = stamp, None
        return _sighting(self._file, stamp)

    def _watch(self) -> None:
        while not self._is_over.wait(self._every_seconds):
            sighting = self.look()
            if sighting is not None and not self._is_over.is_set():
                self._tell(sighting)


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or str(error)
    return found.st_mtime_ns, found.st_size


def _sighting(file: Path, stamp: tuple[int, int] | str) -> Sighting:
    if isinstance(stamp, str):
        return Sighting(None, stamp)
    if stamp[1] > MOST_BYTES:
        return Sighting(None, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        return Sighting(read_text(file))
    except OSError as error:
        return Sighting(None, error.strerror or str(error))
