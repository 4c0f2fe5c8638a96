"""A container's log, followed on a thread of its own, and begun anew when its lines are wanted with their times."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tui.engine.errors import ContainerNotFound, EngineError, EngineLost
from tui.session.logs import LogFile
from tui.session.run_events import LogKept, LogRestarted, LogText, Refused, RunEvent

if TYPE_CHECKING:
    from tui.engine.api import Containers, LogStream

DISK_ADVICE = "Make room on the disk, then run it again."

Put = Callable[[RunEvent, threading.Event], None]
"""Takes an event; a text may wait for room until the flag is set."""


class RunLog:
    """One log, told as LogText. Its methods return at once, but for `join`, and may be called from any thread."""

    def __init__(
        self, containers: Containers, container_id: str, subject: str, put: Put, now: Callable[[], float]
    ) -> None:
        self._containers = containers
        self._container_id = container_id
        self._subject = subject
        self._put = put
        self._now = now
        self._lock = threading.Lock()
        self._stream: LogStream | None = None
        self._thread: threading.Thread | None = None
        self._given_up = threading.Event()

    def follow(self, *, timestamps: bool = False) -> None:
        """Tell the log from its beginning; where it is being told already, LogRestarted comes first."""
        with self._lock:
            before = self._thread
            self._cut()
            self._given_up = threading.Event()
            self._stream = self._containers.log(self._container_id, follow=True, timestamps=timestamps)
            work = (self._stream, self._given_up, before, timestamps)
            self._thread = threading.Thread(target=self._tell, args=work, name="log", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Tell no more."""
        with self._lock:
            self._cut()

    def join(self, seconds: float) -> None:
        """Wait until all is told, but not for longer than this."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _cut(self) -> None:
        self._given_up.set()
        if self._stream is not None:
            self._stream.cancel()

    def _tell(
        self, stream: LogStream, given_up: threading.Event, before: threading.Thread | None, timestamps: bool
    ) -> None:
        if before is not None:
            before.join()
            self._put(LogRestarted(self._now(), timestamps), given_up)
        file = self._open_file(given_up)
        try:
            for piece in stream.pieces():
                if given_up.is_set():
                    return
                file = self._keep(file, piece.text, given_up)
                self._put(LogText(self._now(), piece.stream, piece.text), given_up)
        except (EngineLost, ContainerNotFound):
            # Whoever waits for the container's end learns of it too, and tells it.
            return
        except EngineError as error:
            self._put(Refused(self._now(), error.what, error.advice), given_up)
        finally:
            if file is not None:
                with contextlib.suppress(OSError):
                    # All of it was flushed: there is nothing left to lose.
                    file.close()

    def _open_file(self, given_up: threading.Event) -> LogFile | None:
        """The file that takes the whole log; a disk that is full costs the file, not the run."""
        try:
            file = LogFile(f"run-{self._subject}", datetime.now())
        except OSError as error:
            self._put(Refused(self._now(), f"The log is not kept in a file: {error.strerror}.", DISK_ADVICE), given_up)
            return None
        self._put(LogKept(self._now(), file.path), given_up)
        return file

    def _keep(self, file: LogFile | None, text: str, given_up: threading.Event) -> LogFile | None:
        """Write a piece down, at once: it may be copied while more is to come."""
        if file is None:
            return None
        try:
            file.write(text)
            file.flush()
        except OSError as error:
            self._put(Refused(self._now(), f"The log's file is not complete: {error.strerror}.", DISK_ADVICE), given_up)
            return None
        return file
