"""The app with an engine that prints a million lines; F9 is a probe that shows when a key was answered."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from unittest.mock import patch

from textual.binding import Binding

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine
from tui.app import JettisonApp, run_app
from tui.engine.events import BuildEvent, BuildStarted, BuildSucceeded, StepOutput, StepPlanned, StepStarted, Stream
from tui.engine.request import Builder, BuildRequest
from tui.session.options import StartOptions

LINES = 1_000_000
LINES_PER_SECOND = 200_000
PANES = 2
CHUNK_LINES = 500
TEXT = "".join(f"#{n:07} compiling \x1b[32mpackage\x1b[0m of some length\n" for n in range(CHUNK_LINES))
"""Made once: what is measured is the app, and not the making of lines."""


class FloodBuild:
    """Half of the lines, at half of the speed."""

    def __init__(self, request: BuildRequest) -> None:
        self._image = SIMPLE_IMAGE if request.subject.endswith("simple") else MULTISTAGE_IMAGE
        self._stopped = threading.Event()

    def cancel(self) -> None:
        self._stopped.set()

    def events(self) -> Iterator[BuildEvent]:
        yield BuildStarted(0.0, Builder.BUILDKIT)
        yield StepPlanned(0.0, "flood", "RUN flood", "builder", 2)
        yield StepStarted(0.0, "flood")
        began = time.monotonic()
        for first in range(0, LINES // PANES, CHUNK_LINES):
            due = began + first / (LINES_PER_SECOND / PANES)
            self._stopped.wait(max(0.0, due - time.monotonic()))
            yield StepOutput(time.monotonic() - began, "flood", Stream.STDOUT, TEXT)
        yield BuildSucceeded(time.monotonic() - began, self._image)


class FloodEngine(ScriptedEngine):
    """Floods whatever is built."""

    def build(self, request: BuildRequest) -> FloodBuild:  # type: ignore[override]
        return FloodBuild(request)


class FloodApp(JettisonApp):
    """With the probe key."""

    BINDINGS = [Binding("f9", "probe", show=False)]
    answered = 0

    def action_probe(self) -> None:
        self.answered += 1
        is_over = self.answered > 1 and not self.learner.is_busy
        self.walk.header.course = f"probe {self.answered:04}{' over' if is_over else ''}"


if __name__ == "__main__":
    with patch("tui.screens.seeking.connect", lambda *_: FloodEngine()):
        sys.exit(run_app(StartOptions(at_once=True), FloodApp))
