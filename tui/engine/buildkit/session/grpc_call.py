"""One gRPC call in the making: shared by the thread that answers it and the thread that owns the connection."""

from __future__ import annotations

import queue
import struct
import threading
from collections.abc import Callable, Mapping, Sequence

from tui.engine.buildkit.session.call import CallGone, Status

PREFIX = struct.Struct(">?I")
"""What stands before each message: whether it is compressed, and its length."""
BACKLOG_BYTES = 1 << 20
"""How much may wait to be sent before the answering thread waits: else a large file would lie in memory whole."""
MESSAGE_BYTES = 16 << 20
"""The largest message that is taken; those of a daemon have some kilobytes."""
HOLD_BYTES = 1 << 14
"""Messages with more to come wait until there are so many bytes: a full frame's worth."""


class GrpcCall:
    """Fulfils `call.Call`; `feed`, `end`, `take` and `status` are for the connection's thread."""

    def __init__(self, metadata: Mapping[str, Sequence[str]], wake: Callable[[], None]) -> None:
        """`wake` is called, on the answering thread, when there is something to send."""
        self._metadata = metadata
        self._wake = wake
        self._inbox: queue.SimpleQueue[bytes | CallGone | None] = queue.SimpleQueue()
        self._partial = bytearray()
        self._room = threading.Condition()
        # Guarded by `_room`.
        self._outbox = bytearray()
        self._status: tuple[Status, str] | None = None
        self._is_gone = False
        self.has_begun = False
        """Whether the answer's first headers are sent. The connection's thread keeps it."""

    @property
    def metadata(self) -> Mapping[str, Sequence[str]]:
        """As `Call.metadata`."""
        return self._metadata

    @property
    def method(self) -> str:
        """The full path of what is called."""
        return self._metadata.get(":path", ("",))[0]

    def receive(self) -> bytes | None:
        """As `Call.receive`."""
        message = self._inbox.get()
        if isinstance(message, CallGone):
            raise message
        return message

    def send(self, message: bytes, *, more: bool = False) -> None:
        """As `Call.send`."""
        with self._room:
            self._room.wait_for(lambda: self._is_gone or len(self._outbox) < BACKLOG_BYTES)
            if self._is_gone:
                raise CallGone
            self._outbox += PREFIX.pack(False, len(message))
            self._outbox += message
            is_held = more and len(self._outbox) < HOLD_BYTES
        if not is_held:
            self._wake()

    def finish(self, status: Status, message: str = "") -> None:
        """Complete the answer; only the first time counts."""
        with self._room:
            self._status = self._status or (status, message)
        self._wake()

    def feed(self, data: bytes) -> None:
        """Take bytes from the daemon: messages, cut anywhere."""
        self._partial += data
        while len(self._partial) >= PREFIX.size:
            is_compressed, size = PREFIX.unpack_from(self._partial)
            if is_compressed:
                self.finish(Status.UNIMPLEMENTED, "compressed messages are not supported")
                return
            if size > MESSAGE_BYTES:
                self.finish(Status.RESOURCE_EXHAUSTED, f"messages have at most {MESSAGE_BYTES} bytes here")
                return
            end = PREFIX.size + size
            if len(self._partial) < end:
                return
            self._inbox.put(bytes(self._partial[PREFIX.size : end]))
            del self._partial[:end]

    def end(self) -> None:
        """The daemon has sent its last message."""
        self._inbox.put(None)

    def withdraw(self) -> None:
        """Nobody waits for the answer any more."""
        with self._room:
            self._is_gone = True
            self._room.notify_all()
        self._inbox.put(CallGone())

    def take(self, limit: int) -> bytes:
        """At most so many bytes of what waits to be sent."""
        with self._room:
            taken = bytes(self._outbox[:limit])
            del self._outbox[:limit]
            self._room.notify_all()
        return taken

    @property
    def has_output(self) -> bool:
        """Whether bytes wait to be sent."""
        return bool(self._outbox)

    @property
    def status(self) -> tuple[Status, str] | None:
        """How the call ended, once the answer is complete and all its bytes are taken."""
        with self._room:
            return None if self._outbox else self._status
