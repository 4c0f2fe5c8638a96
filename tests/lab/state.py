"""Where the lab keeps its things, and what is known of the engine that it found or started."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs


def lab_folder() -> Path:
    """The lab's own folder: `$JETTISON_LAB`, or one in the user's cache. Everything in it may be deleted."""
    named = os.environ.get("JETTISON_LAB")
    return Path(named) if named else Path(platformdirs.user_cache_dir("jettison-lab"))


@dataclass(frozen=True, slots=True)
class LabState:
    """The engine that the tests use, as `make lab` left it."""

    docker_host: str
    private: bool
    """Whether the lab started it, and so stops it."""
    profile: str


def read_state() -> LabState | None:
    """What `make lab` wrote, or None where there is no lab."""
    file = lab_folder() / "lab.json"
    return LabState(**json.loads(file.read_text())) if file.is_file() else None


def write_state(state: LabState) -> None:
    """Remember the lab for the tests that follow."""
    lab_folder().mkdir(parents=True, exist_ok=True)
    (lab_folder() / "lab.json").write_text(json.dumps(asdict(state), indent=2) + "\n")


def forget_state() -> None:
    """There is no lab any more."""
    (lab_folder() / "lab.json").unlink(missing_ok=True)
