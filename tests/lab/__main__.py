"""`python -m tests.lab up` and `python -m tests.lab down`."""

from __future__ import annotations

import argparse
import fcntl
import sys
from pathlib import Path

from tests.lab import dockerd
from tests.lab.bases import fill_registry
from tests.lab.dockerd import EngineKind, lab_engine_parts
from tests.lab.modern import ensure_modern, modern_root
from tests.lab.places import LabError, lab_folder
from tests.lab.registry import process as registry

KINDS = (EngineKind.CONTAINERD, EngineKind.CLASSIC)
"""The engines that `up` starts; tests start others themselves."""


def up() -> None:
    """Make what is missing, and start what does not run. An engine that is started has no images."""
    lab = lab_folder()
    lab.mkdir(parents=True, exist_ok=True)
    with (lab / "lock").open("w") as lock:
        # Two checkouts may bring it up at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _bring_up(lab)


def _bring_up(lab: Path) -> None:
    if not modern_root(lab).is_dir():
        say("making a root file system with the Docker of today")
        ensure_modern(lab)
    say("filling the registry with what is not there yet")
    fill_registry(lab)
    registry.start(registry.RegistryParts(lab))
    for kind in KINDS:
        parts = lab_engine_parts(kind)
        if not dockerd.answers(parts.docker_host):
            dockerd.discard(parts)
            dockerd.start(parts)
        say(f"{kind}: DOCKER_HOST={parts.docker_host}")


def down() -> None:
    """Stop all that was started here; what was made is kept for the next time."""
    for kind in EngineKind:
        dockerd.discard(lab_engine_parts(kind))
    registry.stop(registry.RegistryParts(lab_folder()))
    say("the engines and the registry are stopped")


def say(text: str) -> None:
    """One line of narration."""
    print(f"lab: {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Carry out one command; 1 where the lab cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("command", choices=("up", "down"))
    try:
        up() if parser.parse_args().command == "up" else down()
    except LabError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
