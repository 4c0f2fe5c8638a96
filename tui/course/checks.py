"""What an exercise asks of an image and of a container of it: a closed set of kinds, each of which says what it wants.

How each is judged is in grading.py; how each is written in a file, in check_reading.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui import figures

SAME_SHARE = 0.01
"""Two builds of the same Dockerfile differ by some bytes: a compiler's cache has times in it."""
ECHO_TEXT = "ahoy"
"""Said over a WebSocket where a check names nothing else."""


@dataclass(frozen=True, slots=True)
class SizeAtMost:
    """The image weighs no more than this."""

    size_bytes: int

    @property
    def wanted(self) -> str:
        """In words."""
        return f"at most {figures.size(self.size_bytes)}"


@dataclass(frozen=True, slots=True)
class SizeOverBase:
    """The image weighs no more than its base and so many times its program."""

    factor: float

    @property
    def wanted(self) -> str:
        """In words."""
        return f"at most the base and {self.factor:g} × the program"


@dataclass(frozen=True, slots=True)
class RatioAtLeast:
    """Another image is at least so many times as large."""

    than: str
    """The other image."""
    times: float

    @property
    def wanted(self) -> str:
        """In words."""
        return f"{self.than} is at least {self.times:g} times as large"


@dataclass(frozen=True, slots=True)
class AtLeastAsLarge:
    """The image is no smaller than another one: something that was meant to shrink it did not."""

    than: str
    """The other image; a difference of less than `SAME_SHARE` of it counts as none."""

    @property
    def wanted(self) -> str:
        """In words."""
        return f"no smaller than {self.than}"


@dataclass(frozen=True, slots=True)
class Absent:
    """No file is at a path, below it, or fits a pattern."""

    path: str
    """`/usr/local/go`, `**/*.go`."""
    in_layers: bool = False
    """Nor does any layer hold one that a later layer deleted."""

    @property
    def wanted(self) -> str:
        """In words."""
        return f"no {self.path}{' in any layer' if self.in_layers else ''}"


@dataclass(frozen=True, slots=True)
class Present:
    """A file is at a path, below it, or fits a pattern."""

    path: str

    @property
    def wanted(self) -> str:
        """In words."""
        return f"there is {self.path}"


@dataclass(frozen=True, slots=True)
class StaticProgram:
    """What the container starts needs neither loader nor library."""

    @property
    def wanted(self) -> str:
        """In words."""
        return "a program that needs no library"


@dataclass(frozen=True, slots=True)
class NotRoot:
    """The container runs as somebody else than root."""

    @property
    def wanted(self) -> str:
        """In words."""
        return "a user other than root"


@dataclass(frozen=True, slots=True)
class LayersAtMost:
    """So many layers hold anything."""

    count: int

    @property
    def wanted(self) -> str:
        """In words."""
        return f"at most {self.count} layers"


@dataclass(frozen=True, slots=True)
class Starts:
    """Entry point and command together."""

    command: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """In words."""
        return f"starts {' '.join(self.command)}"


@dataclass(frozen=True, slots=True)
class NoRepeatedBytes:
    """No layer repeats a file of another one, but for a few bytes."""

    most_bytes: int

    @property
    def wanted(self) -> str:
        """In words."""
        return "no file in two layers" if not self.most_bytes else f"at most {figures.size(self.most_bytes)} twice"


@dataclass(frozen=True, slots=True)
class CachedAfterEdit:
    """After one line of a file was edited, a step still comes from the cache."""

    file: str
    step: str
    """Part of the instruction: `go mod download`."""

    @property
    def wanted(self) -> str:
        """In words."""
        return f"after an edit of {self.file}, {self.step} comes from the cache"


@dataclass(frozen=True, slots=True)
class AnswersHttp:
    """The container answers a GET."""

    path: str
    status: int
    contains: str
    """Part of the body; empty where any will do."""

    @property
    def wanted(self) -> str:
        """In words."""
        return f"GET {self.path} answers {self.status}" + (f" with “{self.contains}”" if self.contains else "")


@dataclass(frozen=True, slots=True)
class EchoesWebSocket:
    """What is said over a WebSocket comes back."""

    path: str
    say: str

    @property
    def wanted(self) -> str:
        """In words."""
        return f"{self.path} sends “{self.say}” back"


@dataclass(frozen=True, slots=True)
class Logs:
    """The container prints something."""

    contains: str

    @property
    def wanted(self) -> str:
        """In words."""
        return f"“{self.contains}” in its log"


@dataclass(frozen=True, slots=True)
class ExitsWith:
    """The container ends by itself with a code."""

    code: int

    @property
    def wanted(self) -> str:
        """In words."""
        return f"exit code {self.code}"


@dataclass(frozen=True, slots=True)
class HasStage:
    """The Dockerfile has a stage of this name."""

    stage: str

    @property
    def wanted(self) -> str:
        """In words."""
        return f"a stage named {self.stage}"


SizeCheck = SizeAtMost | SizeOverBase | RatioAtLeast | AtLeastAsLarge
InsideCheck = Absent | Present | StaticProgram | NotRoot | LayersAtMost | Starts | NoRepeatedBytes
BuildCheck = CachedAfterEdit | HasStage
RunCheck = AnswersHttp | EchoesWebSocket | Logs | ExitsWith
Check = SizeCheck | InsideCheck | BuildCheck | RunCheck


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be looked at before some checks can be graded."""

    inside: bool
    """The layers and files of the image, not only its size and settings."""
    run: bool
    """A container of it."""
    images: frozenset[str]
    """Other images, whose sizes are compared."""
    edits: frozenset[str]
    """Files of the context of which one line is edited, each before a build of its own."""
    http_paths: frozenset[str]
    echoes: frozenset[tuple[str, str]]
    """Path of a WebSocket, and what is said over it."""


def needs(checks: Iterable[Check]) -> Needs:
    """What these checks must know."""
    asked = tuple(checks)
    in_files = SizeOverBase | Absent | Present | StaticProgram | NoRepeatedBytes | LayersAtMost | Starts
    return Needs(
        inside=any(isinstance(check, in_files) for check in asked),
        run=any(isinstance(check, RunCheck) for check in asked),
        images=frozenset(check.than for check in asked if isinstance(check, RatioAtLeast | AtLeastAsLarge)),
        edits=frozenset(check.file for check in asked if isinstance(check, CachedAfterEdit)),
        http_paths=frozenset(check.path for check in asked if isinstance(check, AnswersHttp)),
        echoes=frozenset((check.path, check.say) for check in asked if isinstance(check, EchoesWebSocket)),
    )
