"""All that `tui.engine` raises. Each error says what happened and what to do next.

Nothing of requests, urllib3, docker or OSError passes this package's boundary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.printable import printable

if TYPE_CHECKING:
    from tui.engine.death import Death
    from tui.engine.model import Attempt


class EngineError(Exception):
    """Something that an engine did not do.

    `what` is one sentence on what happened, `advice` one on what to do next. What an engine said in them is spelled
    out where it is not printable.
    """

    def __init__(self, what: str, advice: str) -> None:
        self.what = printable(what)
        self.advice = printable(advice)
        super().__init__(f"{self.what} {self.advice}")


class NoEngine(EngineError):
    """No engine answers. `attempts` tells each place that was tried and why it failed, in order."""

    def __init__(self, what: str, advice: str, attempts: tuple[Attempt, ...], named: bool) -> None:
        super().__init__(what, advice)
        self.attempts = attempts
        self.named = named
        """Whether the user named one (`--engine`, DOCKER_HOST, DOCKER_CONTEXT): nothing else may step in."""


class EngineLost(EngineError):
    """The engine answered before and does not now."""


class ImageNotFound(EngineError):
    """There is no such image on the engine."""


class ImageInUse(EngineError):
    """The image cannot be removed: a container needs it."""


class ContainerNotFound(EngineError):
    """There is no such container on the engine."""


class ContainerNotRunning(EngineError):
    """The container is there, and its program is not."""


class PortTaken(EngineError):
    """A container cannot have the port that it was to have. `holder` ends the sentence `It is taken by …`."""

    def __init__(self, port: int, holder: str) -> None:
        super().__init__(
            f"Port {port} is taken by {holder}.", "Stop that first, or leave the choice of a free port to the engine."
        )
        self.port = port
        self.holder = holder


class StartFailed(EngineError):
    """A container was made and its program could not be started. Nothing of it is left."""

    def __init__(self, death: Death) -> None:
        super().__init__(death.reason, death.advice)
        self.death = death


class RecordingDamaged(EngineError):
    """A recording cannot be read, or is of a format that this version does not know."""
