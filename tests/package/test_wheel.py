"""The built wheel in an empty environment: content is inside, commands run, the app opens."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import subprocess
from pathlib import Path

import pyte

WATCHDOG_SECONDS = 30.0
COLUMNS, ROWS = 120, 36


def test_compare_runs_from_an_installed_copy(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "jettison", "compare", "--engine", "replay", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ratio"] > 20


def test_the_dockerfiles_and_the_program_are_inside(installed: Path) -> None:
    (content,) = installed.parent.rglob("tui/content")
    for name in ("Dockerfile.simple", "Dockerfile.multistage", ".dockerignore", "go.sum", "index.html"):
        assert (content / "goapp" / name).is_file(), name
    for name in ("course.toml", "exercises/capstone/starter.Dockerfile", "contexts/secret/.env"):
        assert (content / "lessons/go-multi-stage" / name).is_file(), name
    assert not list(installed.parent.rglob("site-packages/tests"))


def test_the_app_opens_in_a_terminal_and_leaves_it_clean(installed: Path, tmp_path: Path) -> None:
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(tmp_path)
        environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)}
        os.execve(installed / "jettison", ["jettison", "--engine", "replay"], environ)
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    while not any("recorded on" in line for line in screen.display):
        stream.feed(read(terminal))
    assert any("Dockerfile.multistage" in line for line in screen.display)
    os.write(terminal, b"q")
    rest = b""
    # Reading from a terminal whose process is gone is an error on Linux.
    with contextlib.suppress(OSError):
        while chunk := read(terminal):
            rest += chunk
    assert b"\x1b[?1049l" in rest
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def read(terminal: int) -> bytes:
    """What the app has drawn meanwhile; a silence of half a minute is a failure."""
    ready, _, _ = select.select([terminal], [], [], WATCHDOG_SECONDS)
    assert ready, "the app draws nothing"
    return os.read(terminal, 65536)
