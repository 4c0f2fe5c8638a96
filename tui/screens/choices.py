"""What the dialogues answer with."""

from __future__ import annotations

from enum import StrEnum


class NoEngineChoice(StrEnum):
    """The ways on when no engine answers."""

    RETRY = "retry"
    REPLAY = "replay"
    QUIT = "quit"
