"""Files of one JSON object a line that only ever grow: two windows at once lose nothing, and a crash in the middle of a
line costs that line only."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGINNING = '{"version": '
"""What every line begins with."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What a file holds."""

    entries: tuple[dict[str, Any], ...]
    """Those of the version that was asked for, oldest first."""
    damaged: int = 0
    """Lines that are no entries, but for those that a crash cut short: what these told of is known to be lost."""
    newer: int = 0
    """Entries of another version."""


def read_lines(path: Path, version: int) -> Lines:
    """All entries of a file; none where there is no file. Raises OSError."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return Lines(())
    entries: list[dict[str, Any]] = []
    damaged = newer = 0
    for line in filter(None, text.split("\n")):
        entry = _entry(line)
        if entry is None:
            damaged += not _was_cut_short(line)
        elif entry.get("version") == version:
            entries.append(entry)
        else:
            newer += 1
    return Lines(tuple(entries), damaged, newer)


def append_line(path: Path, version: int, entry: dict[str, Any], *, sync: bool = False) -> None:
    """Add an entry; with `sync` it is on the disk when this returns. Raises OSError."""
    line = json.dumps({"version": version, **entry}, ensure_ascii=False, allow_nan=False) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # A line that a crash cut short must not swallow the next one.
        content = (b"" if _ends_well(path) else b"\n") + line.encode("utf-8", "replace")
        if os.write(descriptor, content) < len(content):
            raise OSError("there is no room for a whole line")
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _was_cut_short(line: str) -> bool:
    return BEGINNING.startswith(line) or (line.startswith(BEGINNING) and not line.endswith("}"))


def _ends_well(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
