"""A shell in a container, opened from the app in a terminal of its own, and the way back."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import shutil
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from tests.lab.plugin import TINY, LabEngine
from tests.needs import need
from tests.shell import PROGRAM, jettison
from tui.session.container_shell import Shell, open_shell

WATCHDOG_SECONDS = 60.0
COLUMNS, ROWS = 100, 30
SERVES = "mkdir /w; echo ok >/w/healthz; trap exit TERM; httpd -f -p 8080 -h /w & wait"
WITH_SHELL = f'FROM {TINY}\nEXPOSE 8080\nCMD ["sh", "-c", "{SERVES}"]\n'
WITHOUT_SHELL = f"""FROM {TINY} AS builder
FROM scratch
COPY --from=builder /bin/busybox /httpd
EXPOSE 8080
CMD ["/httpd", "-f", "-p", "8080", "-h", "/"]
"""


class Terminal:
    """The app in a terminal, and what is seen there."""

    def __init__(self, arguments: list[str], environ: dict[str, str]) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self._pid, self._descriptor = pty.fork()
        if self._pid == 0:
            os.execve(sys.executable, [sys.executable, "-c", PROGRAM, *arguments], environ)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    def press(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def until(self, condition: Callable[[], object]) -> None:
        while not condition():
            ready, _, _ = select.select([self._descriptor], [], [], WATCHDOG_SECONDS)
            assert ready, "\n".join(self.lines)
            self._stream.feed(os.read(self._descriptor, 65536))

    def until_seen(self, *words: str) -> None:
        self.until(lambda: all(any(word in line for line in self.lines) for word in words))

    def end(self) -> int:
        """Read until the program is gone; its exit code."""
        # Reading from a terminal whose program is gone is an error on Linux.
        with contextlib.suppress(OSError):
            while select.select([self._descriptor], [], [], WATCHDOG_SECONDS)[0] and os.read(self._descriptor, 65536):
                pass
        _, status = os.waitpid(self._pid, 0)
        os.close(self._descriptor)
        return os.waitstatus_to_exitcode(status)


OpenApp = Callable[[str], Terminal]


def docker_command() -> str:
    docker = shutil.which("docker")
    need(docker is not None, "the docker command", "Debian: apt-get install docker.io")
    assert docker is not None
    return docker


@pytest.fixture
def open_app(lab_engine: LabEngine, tmp_path: Path) -> Iterator[OpenApp]:
    """Opens the app on a Dockerfile, in front of the lab's engine; what it made goes afterwards."""
    docker_command()
    environ = {"DOCKER_HOST": lab_engine.docker_host}

    def opened(dockerfile: str) -> Terminal:
        (tmp_path / "Dockerfile").write_text(dockerfile)
        terminal = {**os.environ, **environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
        return Terminal(["--context", str(tmp_path)], terminal)

    yield opened
    assert jettison("clean", "--yes", **environ).returncode == 0


def run_it(app: Terminal) -> None:
    app.until(lambda: "step 1" in app.lines[0] and "looking for" not in app.lines[0])
    app.press("b")
    app.until_seen("Dockerfile", " steps in ", "✓")
    app.press("R")
    app.until_seen("address")


def leave(app: Terminal) -> None:
    app.press("q")
    app.until_seen("Stop and remove")
    app.press("s")
    assert app.end() == 0


def test_a_shell_has_the_terminal_to_itself_and_leads_back_to_the_whole_screen(open_app: OpenApp) -> None:
    app = open_app(WITH_SHELL)
    run_it(app)
    app.until_seen("✓ /healthz", "ready after")
    before = app.lines
    app.press("D")
    app.until_seen("(exit leads back)", "/ #")
    # A Ctrl+C belongs to the shell. The sum shows that it was the shell that answered, and not the echo of the keys.
    app.press("\x03echo $((6 * 7)) of $(stty size)\r")
    app.until_seen(f"42 of {ROWS} {COLUMNS}")
    app.press("exit 3\r")
    app.until(lambda: app.lines == before)
    leave(app)


def test_an_image_of_scratch_has_none_and_that_is_said(open_app: OpenApp) -> None:
    app = open_app(WITHOUT_SHELL)
    run_it(app)
    app.press("D")
    app.until_seen("There is no shell in this image")
    leave(app)


def test_what_docker_complains_of_is_known_and_what_the_shell_says_is_not_a_complaint(lab_engine: LabEngine) -> None:
    docker = docker_command()
    asked = (docker, "--host", lab_engine.docker_host)
    assert "nobody" in open_shell(Shell((*asked, "exec", "nobody", "sh"), ""))
    assert open_shell(Shell((*asked, "version"), "")) == ""
    assert "could not be started" in open_shell(Shell(("/nowhere/docker",), ""))
