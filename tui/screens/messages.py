"""What reaches the screens from the threads that work."""

from __future__ import annotations

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


class BuildNews(Message):
    """What happened in the builds since the last news, in order."""

    def __init__(self, events: list[tuple[Job, BuildEvent]]) -> None:
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
