"""Why a build failed, from the engine's words, and what to do about it.

The patterns are what Docker Engine 20.10 to 29 print; both builders word the same failure differently.
"""

from __future__ import annotations

import re

from tui.engine.events import FailureKind

EXIT_CODE = re.compile(r"(?:exit code: |returned a non-zero code: |exit status )(\d+)")

DISK_FULL = re.compile(r"no space left on device|disk quota exceeded|not enough space", re.IGNORECASE)

PATTERNS: tuple[tuple[FailureKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            FailureKind.DOCKERFILE,
            r"dockerfile parse error|failed to parse|unknown instruction|target stage .* could not be found"
            r"|failed to reach build target|no build stage in current context|dockerfile (?:\([^)]*\) )?cannot be empty"
            r"|file with no instructions|requires (?:at least|exactly) \w+ argument|unknown flag|circular dependency"
            r"|invalid reference format|base name .* should not be blank",
        ),
        (
            FailureKind.CONTEXT,
            r"failed to compute cache key|failed to calculate checksum|(?:copy|add) failed|forbidden path outside"
            r"|no source files were specified|failed to read dockerfile|cannot locate specified dockerfile",
        ),
        (
            FailureKind.BASE_IMAGE,
            r"pull access denied|manifest unknown|manifest for .* not found|failed to resolve source metadata"
            r"|no such image|no matching manifest|toomanyrequests|failed to do request|i/o timeout|no such host"
            r"|server misbehaving|connection refused|network is unreachable|repository .* not found"
            r"|request canceled while waiting|tls handshake|: not found$|unauthorized|certificate",
        ),
    )
)

ADVICE = {
    FailureKind.INSTRUCTION: "The step's log says why; mend the Dockerfile or the sources, then build again.",
    FailureKind.DOCKERFILE: "Mend that line of the Dockerfile, then build again.",
    FailureKind.BASE_IMAGE: (
        "Check the image's name in FROM and the network; docker pull shows whether it can be had. "
        "Without a network, jettison --engine replay shows a recorded build."
    ),
    FailureKind.CONTEXT: "Check the file's name, and that .dockerignore does not leave it out.",
    FailureKind.DISK_FULL: (
        "Make room on the engine's disk: jettison clean lists what is ours, docker system df shows the rest."
    ),
    FailureKind.ENGINE_LOST: "Start the engine again (docker info tells whether it runs), press r, and build again.",
    FailureKind.NOT_RECORDED: "Start a Docker engine to build it for real.",
    FailureKind.OTHER: "The engine's own log may tell more.",
}


def exit_code_in(message: str) -> int | None:
    """The exit code of the command that failed, where the message tells it."""
    match = EXIT_CODE.search(message)
    return int(match[1]) if match else None


def kind_of(message: str, *, step_keyword: str = "", exit_code: int | None = None, output: str = "") -> FailureKind:
    """What sort of failure a message tells of.

    `step_keyword` is the failed step's instruction, where one failed; `output` is the end of what it printed. A
    command's own exit code rules over its words, but for a full disk, which only the command may have noticed.
    """
    if DISK_FULL.search(message) or DISK_FULL.search(output):
        return FailureKind.DISK_FULL
    if exit_code is not None and step_keyword in ("RUN", ""):
        return FailureKind.INSTRUCTION
    for kind, pattern in PATTERNS:
        if pattern.search(message):
            return kind
    return FailureKind.INSTRUCTION if step_keyword == "RUN" else FailureKind.OTHER
