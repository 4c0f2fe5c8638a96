"""The app in a real terminal: a tmux of the test's own, keys sent to it, the screen read back."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.shell import PROGRAM

COLUMNS, ROWS = 120, 36
WATCHDOG_SECONDS = 90.0
POLL_SECONDS = 0.1
OVERLAP_ROWS = 6
"""So many rows of a page come back into sight after it was scrolled."""
PAGES = 4
"""A lesson is no longer than so many screens."""


class TerminalApp:
    """Jettison in a terminal of 120 by 36."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def start(self, **environ: str) -> None:
        """Start it, as a shell without arguments does."""
        known = {key: value for key, value in os.environ.items() if key not in ("TMUX", "NO_COLOR")}
        command = [sys.executable, "-c", PROGRAM]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        # Set in the same breath: a program that ends at once leaves its last words.
        option = ["set-option", "-g", "remain-on-exit", "on"]
        environ = {**known, "LC_ALL": "C.UTF-8", **environ}
        self._tmux("new-session", "-d", *size, *command, ";", *option, env=environ)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them: `d`, `Enter`, `F9`."""
        self._tmux("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-l", text)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._tmux("capture-pane", "-p")

    @property
    def has_ended(self) -> bool:
        """Whether the program is over."""
        return self._tmux("display-message", "-p", "#{pane_dead}").strip() == "1"

    def wait_for(self, *words: str) -> None:
        """Wait until all of these are on the screen, each within a line."""

        def is_there() -> bool:
            text = self.text
            return all(word in text for word in words)

        self.until(is_there, f"{words} on the screen")

    def wait_for_marks(self, *marks: str) -> None:
        """Wait until steps are marked so, at the left edge: `✓ 3`, `▶ 4`."""
        self.until(lambda: {line[:3] for line in self.text.split("\n")} >= set(marks), f"{marks} at the left edge")

    def wait_until_gone(self, words: str) -> None:
        """Wait until these are no more on the screen."""
        self.until(lambda: words not in self.text, f"the end of {words!r}")

    def page_says(self, pattern: str) -> None:
        """Read the lesson's page from top to bottom, again and again, until it says this."""
        self.press("2")
        # What wraps at the edge of one look is whole in the next one.
        scrolls = itertools.cycle((("Home",), *[("PageDown",), ("Up",) * OVERLAP_ROWS] * PAGES))

        def says_it() -> bool:
            if re.search(pattern, self._page()):
                return True
            self.press(*next(scrolls))
            return False

        self.until(says_it, f"{pattern!r} on the page")

    def _page(self) -> str:
        """What is in sight of the page, without its line breaks."""
        columns = [line.split("│") for line in self.text.split("\n")]
        return " ".join(" ".join(cells[1] for cells in columns if len(cells) > 2).split())

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Look again and again, until this holds."""
        deadline = time.monotonic() + WATCHDOG_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"never came: {what}\n{self.text}")
            time.sleep(POLL_SECONDS)

    def _tmux(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        command = ["tmux", "-u", "-f", os.devnull, "-S", str(self._socket), *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    def end(self) -> None:
        """End the terminal, and all in it."""
        self._tmux("kill-server")


@contextmanager
def terminal_app(**environ: str) -> Iterator[TerminalApp]:
    """The app in a terminal that ends with the block."""
    # Not below a test's own folder: the path of a socket may have no more than some hundred letters.
    with TemporaryDirectory(prefix="jettison-tmux-") as folder:
        app = TerminalApp(Path(folder) / "socket")
        app.start(**environ)
        try:
            yield app
        finally:
            app.end()
