"""A container's log as the engine sends it: both outputs in one stream, each piece with a header of eight bytes.

A header is the output's number, three zeros, and the length of the payload in four bytes, big end first. Containers
with a terminal send no headers; ours have none.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from tui.engine.containers import LogPiece
from tui.engine.errors import EngineError
from tui.engine.events import Stream

HEADER_BYTES = 8
STREAMS = {0: Stream.STDOUT, 1: Stream.STDOUT, 2: Stream.STDERR}
LONGEST_TIMESTAMP = 64


class LogGarbled(EngineError):
    """What came is no log in frames."""


class FrameReader:
    """Turns the bytes of the stream into text, whatever their pieces. Holds no more than a header and a character.

    With `timestamps`, each payload begins with the time of its line. A line that is too long for one payload comes in
    several: then only the first time is kept.
    """

    def __init__(self, *, timestamps: bool = False) -> None:
        self._header = bytearray()
        self._left = 0
        self._stream = Stream.STDOUT
        self._timestamps = timestamps
        self._skipping: bytearray | None = None
        self._in_line = dict.fromkeys(Stream, False)
        make = codecs.getincrementaldecoder("utf-8")
        self._decoders = {stream: make(errors="replace") for stream in Stream}

    def feed(self, data: bytes) -> Iterator[LogPiece]:
        """The text that these bytes complete; neighbours of the same output are joined. Raises LogGarbled."""
        parts: list[str] = []
        stream = self._stream
        for found, payload in self._payloads(data):
            if found is not stream and parts:
                yield LogPiece(stream, "".join(parts))
                parts.clear()
            stream = found
            if text := self._decoders[found].decode(payload):
                parts.append(text)
        if parts:
            yield LogPiece(stream, "".join(parts))

    def finish(self) -> Iterator[LogPiece]:
        """What is left of a character that was cut short."""
        for stream, decoder in self._decoders.items():
            if text := decoder.decode(b"", final=True):
                yield LogPiece(stream, text)

    def _payloads(self, data: bytes) -> Iterator[tuple[Stream, bytes]]:
        position = 0
        while position < len(data):
            if self._left == 0:
                taken = data[position : position + HEADER_BYTES - len(self._header)]
                position += len(taken)
                self._header += taken
                if len(self._header) == HEADER_BYTES:
                    self._open()
                continue
            payload = data[position : position + self._left]
            position += len(payload)
            self._left -= len(payload)
            if kept := self._without_repeated_time(payload):
                self._in_line[self._stream] = not kept.endswith(b"\n")
                yield self._stream, kept

    def _open(self) -> None:
        number, zeros = self._header[0], self._header[1:4]
        if number not in STREAMS or any(zeros):
            raise LogGarbled(
                "The engine sent a log that cannot be read.", "docker logs shows it, if the container has a terminal."
            )
        self._stream = STREAMS[number]
        self._left = int.from_bytes(self._header[4:])
        self._header.clear()
        self._skipping = bytearray() if self._timestamps and self._in_line[self._stream] else None

    def _without_repeated_time(self, payload: bytes) -> bytes:
        if self._skipping is None:
            return payload
        self._skipping += payload
        time, space, rest = self._skipping.partition(b" ")
        if not space and len(time) < LONGEST_TIMESTAMP and self._left:
            return b""
        self._skipping = None
        return bytes(rest if space and len(time) < LONGEST_TIMESTAMP else time + space + rest)
