"""What reaches the screens from the threads that work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.course.model import Exercise
    from tui.engine.api import Engine
    from tui.engine.errors import EngineError
    from tui.engine.events import BuildEvent
    from tui.session.base_images import BaseImage
    from tui.session.belongings import Ours, Removed
    from tui.session.browser import Opened
    from tui.session.build_queue import Job
    from tui.session.container_shell import Shell
    from tui.session.second_opinion import Finding

FLOOD_CHARACTERS = 50_000


class EngineFound(Message):
    """An engine answers."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine


class EngineMissing(Message):
    """No engine answers, or the recordings cannot be read."""

    def __init__(self, error: EngineError) -> None:
        super().__init__()
        self.error = error


class NewsArrived(Message):
    """Something happened in a thread that works, and waits to be drained."""


class InsideNews(Message):
    """The looking into images went on; the learner's record of it tells how far."""


class RunNews(Message):
    """Containers went on; the learner's records of them tell how far."""


class BuildNews(Message):
    """What happened in the builds since the last news, in order."""

    def __init__(self, events: Sequence[tuple[Job, BuildEvent]]) -> None:
        super().__init__()
        self.events = events

    @property
    def is_flood(self) -> bool:
        """Whether there is more output than anybody could read."""
        from tui.engine.events import StepOutput

        return sum(len(e.text) for _, e in self.events if isinstance(e, StepOutput)) > FLOOD_CHARACTERS


class Copied(Message):
    """A text was given to the clipboard."""

    def __init__(self, what: str, *, verified: bool) -> None:
        super().__init__()
        self.what = what
        self.verified = verified
        """Whether reading the clipboard back gave the same text; a terminal never tells."""


class FileReadGoesOn(Message):
    """So much of the image was read on the way to a file."""

    def __init__(self, read_bytes: int) -> None:
        super().__init__()
        self.read_bytes = read_bytes

    def can_replace(self, message: Message) -> bool:
        """Only the newest figure counts."""
        return isinstance(message, FileReadGoesOn)


class FileArrived(Message):
    """A file of an image is there."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content


class FileReadFailed(Message):
    """A file of an image cannot be had."""

    def __init__(self, error: EngineError) -> None:
        super().__init__()
        self.error = error


class ShellFound(Message):
    """A shell can be opened in a container."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell


class ShellRefused(Message):
    """No shell can be opened in a container."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class PageOpened(Message):
    """The learner's page is in their browser, or not."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.opened = opened


class OursFound(Message):
    """What is ours is known."""

    def __init__(self, ours: Ours) -> None:
        super().__init__()
        self.ours = ours


class OursRemoved(Message):
    """What was chosen of it is gone, or not."""

    def __init__(self, removed: Removed) -> None:
        super().__init__()
        self.removed = removed


class OursRefused(Message):
    """It cannot be known or removed."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class OpinionCame(Message):
    """hadolint was asked about the learner's Dockerfile."""

    def __init__(self, exercise: Exercise, findings: Sequence[Finding], why_not: str = "") -> None:
        super().__init__()
        self.exercise = exercise
        self.findings = findings
        self.why_not = why_not
        """Why there is no opinion; empty where there is one."""


class ProjectShown(Message):
    """Another project's files are shown: the other edition's."""


class BasesFound(Message):
    """What a project's builds will have to pull is known, as far as registries answered."""

    def __init__(self, project: str, bases: tuple[BaseImage, ...], free_bytes: int | None) -> None:
        super().__init__()
        self.project = project
        """Its name."""
        self.bases = bases
        self.free_bytes = free_bytes
        """On the engine's disk, where that is known."""


class LeftoversFound(Message):
    """Containers of an earlier session are still there."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
