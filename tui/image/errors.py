"""All that reading an image raises."""

from __future__ import annotations


class ArchiveDamaged(Exception):
    """An archive is not what it should be; the message is one sentence that says what is wrong and where.

    Bytes of a name that are not UTF-8 are spelled out in it, so that it can be written anywhere.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what.encode("utf-8", "backslashreplace").decode())


class ReadingStopped(Exception):
    """Whoever asked for the reading does not want it any more."""
