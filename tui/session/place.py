"""Where a learner stopped, found in their progress without reading the course: for the first screen alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.session.json_lines import read_lines
from tui.session.paths import state_folder

VERSION = 1
FOLDER = "progress"


def progress_path(name: str, folder: Path, *, is_foreign: bool) -> Path:
    """Where the progress of a course is kept; a course from elsewhere has a file of its own for each place."""
    own = state_folder() / FOLDER
    own.mkdir(mode=0o700, exist_ok=True)
    fit = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)[:60]
    if not is_foreign:
        return own / f"{fit}.jsonl"
    from hashlib import sha256

    place = sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return own / f"{fit}-{place}.jsonl"


def first_place(file: Path, steps: Sequence[str]) -> int:
    """Index of the step that was opened last; 0 where none was, or where that cannot be read."""
    try:
        entries = read_lines(file, VERSION).entries
    except OSError:
        return 0
    for entry in reversed(entries):
        if entry.get("what") == "opened" and entry.get("step") in steps:
            return steps.index(str(entry["step"]))
        if entry.get("what") == "reset" and not entry.get("step"):
            return 0
    return 0
