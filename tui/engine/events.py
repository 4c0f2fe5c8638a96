"""What happens during a build, as typed, frozen events.

Both builders and the replay speak these and nothing else. Every event has `at`, the seconds since the build
was asked for. A build's events always end with exactly one of `BuildSucceeded`, `BuildFailed` and
`BuildCancelled`: whatever goes wrong with a build is an event, never an exception. Titles and messages hold nothing
that is not printable; a step's output comes as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tui.engine.cause import Cause
from tui.engine.model import Image
from tui.engine.request import Builder
from tui.printable import printable, printable_lines


class Stream(StrEnum):
    """Which of a step's two outputs a text came from. stderr is no error by itself."""

    STDOUT = "stdout"
    STDERR = "stderr"


class FailureKind(StrEnum):
    """Why a build failed, as far as the engine tells: it picks the advice that a learner reads."""

    INSTRUCTION = "instruction"
    """A command of the Dockerfile ended with a non-zero exit code."""
    DOCKERFILE = "dockerfile"
    """The Dockerfile cannot be read: syntax, unknown instruction, unknown stage."""
    BASE_IMAGE = "base image"
    """An image named by FROM or COPY --from is neither here nor to be had."""
    FRONTEND = "frontend"
    """The image that `# syntax=` names cannot be had."""
    DOWNLOAD = "download"
    """What ADD is to fetch cannot be had."""
    CONTEXT = "context"
    """A file that COPY or ADD names is not in the context, or the context cannot be read."""
    DISK_FULL = "disk full"
    ENGINE_LOST = "engine lost"
    """The engine stopped answering in the middle."""
    NOT_RECORDED = "not recorded"
    """Only a replay answers, and this build is in none of its recordings."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BuildStarted:
    """The engine was asked; nothing is sent yet."""

    at: float
    builder: Builder


@dataclass(frozen=True, slots=True)
class ContextPacked:
    """The build context was read and is about to be sent."""

    at: float
    files: int
    total_bytes: int
    """Length of the tar stream."""


@dataclass(frozen=True, slots=True)
class ContextSent:
    """Upload progress; the last one has sent_bytes == total_bytes."""

    at: float
    sent_bytes: int
    total_bytes: int
    """0 until the end where BuildKit takes the files that it lacks, and nobody knows yet which."""


@dataclass(frozen=True, slots=True)
class StepPlanned:
    """A step became known. Each step is planned once, before anything else is said of it."""

    at: float
    step: str
    """An identifier, unique within the build."""
    title: str
    """The instruction in the builder's words: `RUN go build -o main .`."""
    stage: str = ""
    """The stage's name, or its number where it has none; empty for internal steps."""
    line: int | None = None
    """1-based line of the Dockerfile, where known."""
    internal: bool = False
    """The builder's own housekeeping (`load build definition`), not an instruction."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", printable(self.title))
        object.__setattr__(self, "stage", printable(self.stage))


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step began to run, or runs again after it had paused, was done or came from the cache."""

    at: float
    step: str


@dataclass(frozen=True, slots=True)
class StepPaused:
    """A step stopped without a result: a base image was resolved, and is pulled when a later step needs it."""

    at: float
    step: str


@dataclass(frozen=True, slots=True)
class StepOutput:
    """A piece of a step's output: any number of lines, the last perhaps unfinished; escapes kept as sent."""

    at: float
    step: str
    stream: Stream
    text: str


class Activity(StrEnum):
    """What a part of a step is about."""

    DOWNLOADING = "downloading"
    """A layer comes from the registry."""
    EXTRACTING = "extracting"
    """A downloaded layer is unpacked."""
    TRANSFERRING = "transferring"
    """The build context goes to the engine."""
    EXPORTING = "exporting"
    """The finished image is written."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StepProgress:
    """Progress of a part of a step, such as one layer being pulled."""

    at: float
    step: str
    part: str
    """What is progressing: a layer (`sha256:…`; the same name when it is extracted), `transferring context`."""
    current: int
    """Bytes so far."""
    total: int
    """Bytes in all, 0 while unknown; BuildKit never tells it of an extraction, nor of the context."""
    done: bool = False
    activity: Activity = Activity.OTHER
    """Recordings made before it existed have none."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "part", printable(self.part))


@dataclass(frozen=True, slots=True)
class StepCached:
    """A step's result was there already: in the build cache, or as a base image that need not be pulled."""

    at: float
    step: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step ended well. It may start again all the same."""

    at: float
    step: str
    seconds: float
    """How long it ran, all its runs together, by the engine's clock where it tells."""


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step ended badly."""

    at: float
    step: str
    seconds: float
    message: str
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class StageImage:
    """An image that this very build made: the classic builder leaves one a stage, the last of which is the final."""

    at: float
    image_id: str
    stage: str


@dataclass(frozen=True, slots=True)
class BuildSucceeded:
    """The end: an image."""

    at: float
    image: Image


@dataclass(frozen=True, slots=True)
class BuildFailed:
    """The end: no image."""

    at: float
    kind: FailureKind
    message: str
    """What happened, in the engine's own words."""
    advice: str
    """What to do next, in ours."""
    step: str | None = None
    """The step that failed, where one did."""
    exit_code: int | None = None
    what: str = ""
    """What happened, in ours; empty where the engine's words say it best, and in old recordings."""
    cause: Cause | None = None
    """Finer than the kind, where it is known."""
    line: int | None = None
    """1-based line of the Dockerfile that names what failed, where that is known and the step has none."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", printable_lines(self.message))
        object.__setattr__(self, "what", printable(self.what))
        object.__setattr__(self, "advice", printable(self.advice))

    @property
    def reason(self) -> str:
        """What happened, for people: in our words where there are any."""
        return self.what or self.message


@dataclass(frozen=True, slots=True)
class BuildCancelled:
    """The end: the learner changed their mind."""

    at: float


StepEvent = StepPlanned | StepStarted | StepPaused | StepOutput | StepProgress | StepCached | StepDone | StepFailed
BuildEnd = BuildSucceeded | BuildFailed | BuildCancelled
BuildEvent = BuildStarted | ContextPacked | ContextSent | StepEvent | StageImage | BuildEnd
