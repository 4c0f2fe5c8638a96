"""The exit codes that every command keeps to."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended, for scripts."""

    FINE = 0
    CHECK_FAILED = 1
    USAGE = 2
    NO_ENGINE = 3
    BUILD_FAILED = 4
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    """Whoever read the output left before its end: what a shell says of a program that SIGPIPE ended."""
