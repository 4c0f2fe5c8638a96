"""Small files of state: written whole or not at all, versioned, and set aside when they are damaged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.whole_file import written_whole


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file holds."""

    data: dict[str, Any]
    """Empty where there is no file, or none that can be used."""
    warning: str | None = None
    """A sentence for the learner where a file had to be set aside."""


def read_json(path: Path, version: int) -> Stored:
    """The object in a file of this version. A damaged or newer file is renamed, never fatal, never overwritten."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Stored({})
    except (OSError, ValueError) as error:
        return Stored({}, set_aside(path, f"cannot be read ({error})"))
    if not isinstance(data, dict) or data.get("version") != version:
        found = data.get("version") if isinstance(data, dict) else None
        return Stored({}, set_aside(path, f"is of version {found!r}, which this program does not know"))
    return Stored(data)


def write_json(path: Path, version: int, data: dict[str, Any]) -> None:
    """Replace a file in one step, so that a crash leaves the old or the new one. Raises OSError; then nothing new is
    there."""
    with written_whole(path) as file:
        file.write(f"{json.dumps({'version': version, **data}, indent=2)}\n".encode())


def set_aside(path: Path, why: str) -> str:
    """Rename a file that cannot be used, never over another one, and say so; `why` goes on after its name."""
    aside = path.with_name(f"{path.name}.damaged")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    try:
        path.rename(aside)
    except OSError as error:
        return f"{path} {why}, and it cannot be set aside: {error.strerror}."
    return f"{path.name} {why}; it was set aside as {aside.name}, and a new one is begun."
