"""A frontend for `# syntax=docker/dockerfile:1`: main.go, compiled for the lab's registry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.lab.places import LabError

SOURCE = Path(__file__).parent
PROGRAM = "frontend"


def compile_frontend(root: Path) -> None:
    """Put the program into an empty root. Raises LabError."""
    go = Path(sys.executable).with_name("go")
    environ = {**os.environ, "CGO_ENABLED": "0", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    command = [str(go), "build", "-trimpath", "-ldflags=-s -w", "-o", str(root / PROGRAM), "."]
    try:
        done = subprocess.run(command, cwd=SOURCE, env=environ, capture_output=True, text=True, check=False)
    except OSError as error:
        raise LabError(f"{go} does not start: {error.strerror}. make lab installs it.") from error
    if done.returncode:
        raise LabError(f"The lab's frontend does not compile: {done.stderr[-1500:]}")
