"""Why a container ended, from its exit code and its last words, and what to do about it.

The patterns are what Docker Engine 20.10 to 29 and the usual shells print. A program that cannot be started at all is
told by the engine when the container is started, or by the last line of its log: both are read the same way.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LAST_LINES = 20
"""So many lines of its log are kept of a container that died."""


class Cause(StrEnum):
    """What a container died of, as far as can be told."""

    WRONG_FORMAT = "wrong format"
    """exec format error: another processor's program, or a script without its first line."""
    NO_LOADER = "no loader"
    """The program is there; the loader or interpreter that it names is not."""
    NO_SHELL = "no shell"
    """The command is run by a shell, and the image has none."""
    NO_COMMAND = "no command"
    """The image has no such program."""
    NOT_ALLOWED = "not allowed"
    """The program may not be executed."""
    READ_ONLY = "read-only"
    """It wrote where nothing may be written."""
    PORT_IN_USE = "port in use"
    """Its own port is taken, inside the container."""
    OUT_OF_MEMORY = "out of memory"
    KILLED = "killed"
    """A signal ended it."""
    DONE = "done"
    """It ended by itself, and well."""
    OTHER = "other"
    """It ended by itself with an exit code of its own."""


@dataclass(frozen=True, slots=True)
class Death:
    """How a container ended."""

    cause: Cause
    reason: str
    """One sentence."""
    advice: str
    """What to do about it, in a sentence or two."""
    exit_code: int | None = None
    last_lines: tuple[str, ...] = ()
    """The end of its log, both outputs, escapes included."""


PATTERNS: tuple[tuple[Cause, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for cause, pattern in (
        (Cause.WRONG_FORMAT, r"^.*\bexec .*exec format error|exec user process caused:? .*exec format error"),
        (
            Cause.NO_SHELL,
            r'exec: "(?:/bin/|/usr/bin/)?(?:ba|a|da|z)?sh": (?:stat .*no such file|executable file not found)',
        ),
        (Cause.NO_COMMAND, r'exec: ".*": (?:stat .*: no such file or directory|executable file not found)'),
        (Cause.NO_LOADER, r"^exec \S+: no such file or directory|exec user process caused:? .*no such file"),
        (Cause.NOT_ALLOWED, r'exec: ".*": permission denied|^exec \S+: permission denied|process caused.*permission'),
        (Cause.READ_ONLY, r"read-only file system"),
        (Cause.PORT_IN_USE, r"address already in use"),
        (Cause.NO_COMMAND, r"^\S*sh: .*: (?:command )?not found$"),
        (Cause.NOT_ALLOWED, r"^\S*sh: .*: permission denied$"),
    )
)

WORDS: dict[Cause, tuple[str, str]] = {
    Cause.WRONG_FORMAT: (
        "The program is made for another processor, or is a script without a #! line.",
        "Build it for the platform of the engine (GOARCH), or give the script its first line.",
    ),
    Cause.NO_LOADER: (
        "The program is there, but the loader or interpreter that it needs is not in the image.",
        "Build it with CGO_ENABLED=0, so that it needs no C library, or take a base image that has one.",
    ),
    Cause.NO_SHELL: (
        "The command is run by a shell, and there is no shell in the image.",
        'Write CMD and ENTRYPOINT as a list, CMD ["/main"], which needs no shell.',
    ),
    Cause.NO_COMMAND: (
        "The program that the container should run is not in the image.",
        "Compare the path in CMD with the one that COPY wrote to.",
    ),
    Cause.NOT_ALLOWED: (
        "The program's file may not be executed.",
        "Give it the right to be: COPY --chmod=755, or chmod +x before it is copied.",
    ),
    Cause.READ_ONLY: (
        "The program writes to the image's file system, which is read-only here.",
        "Write to /tmp, or to a volume.",
    ),
    Cause.PORT_IN_USE: (
        "The port that the program listens on is in use already, inside the container.",
        "Let only one program of the container listen on it.",
    ),
    Cause.OUT_OF_MEMORY: (
        "The kernel killed it: it wanted more memory than it may have.",
        "See what it holds in memory; jettison gives a container 128 MiB.",
    ),
    Cause.KILLED: ("It was ended from outside by the signal {signal}.", "Start it again."),
    Cause.DONE: (
        "Its program came to its end, and a container lives no longer than that.",
        "A server must keep running in the foreground.",
    ),
    Cause.OTHER: ("Its program ended by itself with exit code {code}.", "The end of its log may say why."),
}


def death_of(
    exit_code: int | None, last_lines: Sequence[str] = (), *, engine_words: str = "", out_of_memory: bool = False
) -> Death:
    """What is known of an end. `engine_words` are the engine's own, where the container could not even be started."""
    cause = _cause(exit_code, "\n".join((engine_words, *last_lines)), out_of_memory=out_of_memory)
    reason, advice = WORDS[cause]
    told = reason.format(code=exit_code, signal=_signal(exit_code))
    return Death(cause, told, advice, exit_code, tuple(last_lines))


def _cause(exit_code: int | None, words: str, *, out_of_memory: bool) -> Cause:
    if out_of_memory:
        return Cause.OUT_OF_MEMORY
    if exit_code == 0:
        return Cause.DONE
    for cause, pattern in PATTERNS:
        if pattern.search(words):
            return cause
    return Cause.KILLED if _signal(exit_code) else Cause.OTHER


def _signal(exit_code: int | None) -> str:
    """The name of the signal that a shell's or an engine's exit code stands for; empty where it stands for none."""
    if exit_code is None or exit_code <= 128:
        return ""
    try:
        return signal.Signals(exit_code - 128).name
    except ValueError:
        return ""
