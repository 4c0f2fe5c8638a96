"""What reaches the screens from the threads that work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.errors import EngineError
    from tui.engine.events import BuildEvent
    from tui.session.build_queue import Job

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


class InsideNews(Message):
    """The looking into images went on; the learner's record of it tells how far."""


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
