"""`python -m tests.recordings`: the recorded builds of the tutorial, made anew on an engine of the lab.

On overlay2, so that sizes are unpacked, as they are where no registry's packed layers are counted in. Seconds are part
of a recording: make them while the machine has nothing else to do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.lab import dockerd
from tests.lab.dockerd import EngineKind, EngineParts
from tests.lab.places import lab_folder
from tests.shell import PROGRAM
from tui.session.paths import recordings_folder

BASES = ("golang:1.27-bookworm", "alpine:3.24", "golang:1.12.0-alpine3.9", "golang:1.11.13", "alpine:latest")
"""Pulled before: how long that takes in the lab says nothing of how long it takes elsewhere."""
RECORDED = {"current": ("--edition", "current"), "2019": ("--edition", "2019"), "course": ("--course-images",)}
"""Name → what `jettison record` is asked for."""


def record(docker_host: str, folder: Path, home: Path) -> None:
    """Record all of them into a folder. Raises CalledProcessError."""
    for name, options in RECORDED.items():
        command = ["record", *options, "--output", str(folder / f"{name}.jsonl.gz"), "--insides", str(folder)]
        environ = {**os.environ, "DOCKER_HOST": docker_host, "JETTISON_HOME": str(home)}
        subprocess.run([sys.executable, "-c", PROGRAM, *command], check=True, env=environ)


def main() -> None:
    """Start an engine for it, record, and put the new recordings in the place of the old ones."""
    parts = EngineParts(lab_folder() / "recordings", "jetrec0", "10.213.8.1/24", EngineKind.OVERLAY2)
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made, "recordings"), Path(made, "home")
        folder.mkdir()
        try:
            dockerd.start(parts)
            for base in BASES:
                dockerd.pull(parts.docker_host, base)
            record(parts.docker_host, folder, home)
        finally:
            dockerd.discard(parts)
        shutil.rmtree(recordings_folder())
        shutil.copytree(folder, recordings_folder())


if __name__ == "__main__":
    main()
