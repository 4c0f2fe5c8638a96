"""A build that failed, and what can be said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tui.engine.cause import Cause
from tui.engine.dockerfile import Dockerfile, Instruction
from tui.engine.events import FailureKind
from tui.engine.registry.pull_words import Pull
from tui.engine.request import Builder


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a build failed, in our words."""

    kind: FailureKind
    what: str
    """What happened, one or two sentences; empty where the engine's own words say it best."""
    advice: str
    cause: Cause | None = None
    """Finer than the kind, where it is known."""
    pull: Pull | None = None
    """The pull that came to nothing, where it is one."""
    line: int | None = None
    """The line of the Dockerfile that names it."""


def no_login(host: str) -> str | None:
    """No login anywhere."""
    return None


@dataclass(frozen=True, slots=True)
class FailedBuild:
    """What is known of a build that failed."""

    message: str
    """The engine's words."""
    builder: Builder
    dockerfile: Dockerfile
    step: str = ""
    """The title of the step that failed: `COPY . .`, `[internal] load metadata for …`; empty if none did."""
    exit_code: int | None = None
    output: str = ""
    """The end of what the step printed."""
    context: Path | None = None
    """The folder that was sent."""
    dockerfile_path: Path | None = None
    """Absolute, or relative to the context."""
    platform: str = ""
    """What the build is for: `linux/amd64`."""
    user_at: Callable[[str], str | None] = field(default=no_login)
    """Who is logged in at a registry's host; None for nobody."""

    @property
    def keyword(self) -> str:
        """The failed step's instruction: `COPY`; anything else where it is none."""
        return self.step.split(" ")[0].upper()

    @property
    def instruction(self) -> Instruction | None:
        """The failed instruction, where the Dockerfile has it."""
        wanted = " ".join(self.step.split())
        alike = [one for one in self.dockerfile.instructions if one.keyword == self.keyword]
        found = next((one for one in alike if _same(one, wanted)), None)
        # Variables are filled in and JSON is shown otherwise; where there is one only, it is that.
        return found or (alike[0] if len(alike) == 1 else None)


def _same(instruction: Instruction, shown: str) -> bool:
    # BuildKit cuts long ones.
    return instruction.text == shown or (shown.endswith("…") and instruction.text.startswith(shown[:-1]))
