"""The lines of a program's two outputs in the order in which they came, and which of them went to stderr."""

from __future__ import annotations

from tui.engine.events import Stream
from tui.session.log_buffer import MAX_LINES, LogBuffer


class OutputBuffer(LogBuffer):
    """A log that knows of each line which output it came from.

    Where the other output speaks in the middle of a line, what follows of that line goes on in a new one.
    """

    __slots__ = ("_newest", "_streams")

    def __init__(self, max_lines: int = MAX_LINES) -> None:
        super().__init__(max_lines)
        self._streams = bytearray()
        self._newest = Stream.STDOUT

    def feed_output(self, stream: Stream, pieces: list[str], *, overwrites: bool) -> None:
        """Take a piece of one output, already split at line ends."""
        if stream is not self._newest:
            self._newest = stream
            self._open = False
        before = self.end
        self.feed_split(pieces, overwrites=overwrites)
        self._streams.extend([stream is Stream.STDERR] * (self.end - before))
        del self._streams[: len(self._streams) - len(self)]

    def stream(self, number: int) -> Stream:
        """Where this line went. Raises IndexError where it is not kept."""
        if number < self.first:
            raise IndexError(number)
        return Stream.STDERR if self._streams[number - self.first] else Stream.STDOUT
