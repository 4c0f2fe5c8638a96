"""All that reading an image raises."""

from __future__ import annotations

from tui.printable import printable


class ArchiveDamaged(Exception):
    """An archive is not what it should be; the message is one sentence that says what is wrong and where.

    What is not printable in it is spelled out, so that it can be written anywhere.
    """

    def __init__(self, what: str) -> None:
        super().__init__(printable(what))


class ReadingStopped(Exception):
    """Whoever asked for the reading does not want it any more."""
