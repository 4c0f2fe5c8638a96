"""The program's entry: straight into the app where nothing was asked for, else by way of the command line."""

from __future__ import annotations

import gc
import os
import sys

READ_BY_THE_COMMAND_LINE = ("DOCKER_BUILDKIT", "DOCKER_DEFAULT_PLATFORM")
"""Variables that ask something of builds, and may be wrong."""


def main() -> None:
    """Run what the arguments ask for, and end the process with its exit code."""
    # What is made on the way to the first screen stays: looking through it for garbage would only hold it up. The app
    # turns the collector on behind that screen, the command line where it does anything else.
    gc.disable()
    if len(sys.argv) == 1 and sys.stdout.isatty() and not any(map(os.environ.get, READ_BY_THE_COMMAND_LINE)):
        from tui.app import run_app
        from tui.session.options import StartOptions

        sys.exit(run_app(StartOptions()))
    from tui.cli import main as command_line

    command_line()
