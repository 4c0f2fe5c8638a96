"""The kinds of failure that an engine's words tell of, and advice where no more is known than the kind."""

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
            r"|invalid reference format|base name .* should not be blank|stage name already used|requires BuildKit"
            r"|destination must be a directory",
        ),
        (
            FailureKind.CONTEXT,
            r"failed to compute cache key|failed to calculate checksum|(?:copy|add) failed|forbidden path outside"
            r"|no source files were specified|failed to read dockerfile|cannot locate specified dockerfile",
        ),
    )
)

ADVICE = {
    FailureKind.INSTRUCTION: "The step's log says why; fix the Dockerfile or the sources, then build again.",
    FailureKind.DOCKERFILE: "Fix that line of the Dockerfile, then build again.",
    FailureKind.BASE_IMAGE: (
        "Check the image's name in FROM and the network; docker pull shows whether it can be had. "
        "Without a network, jettison --engine replay shows a recorded build."
    ),
    FailureKind.FRONTEND: "Check the name after # syntax=, or remove that line: the engine has a frontend of its own.",
    FailureKind.CONTEXT: "Check the file's name, and that .dockerignore does not leave it out.",
    FailureKind.DOWNLOAD: "Check the address in ADD, and the network of the engine's machine.",
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


def is_disk_full(message: str) -> bool:
    """Whether a message, or the end of a command's output, tells of a full disk."""
    return DISK_FULL.search(message) is not None


def kind_of(message: str, step_keyword: str) -> FailureKind:
    """The kind, as far as the words alone tell it. `step_keyword` is the failed step's instruction."""
    for kind, pattern in PATTERNS:
        if pattern.search(message):
            return kind
    return FailureKind.INSTRUCTION if step_keyword == "RUN" else FailureKind.OTHER
