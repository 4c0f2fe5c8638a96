"""Getting one file out of an image, be it live or hidden in a lower layer, without making anything on the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tui.engine.api import Engine, ImageStream
from tui.engine.errors import EngineError
from tui.image.anatomy import Anatomy
from tui.image.merge import Place
from tui.image.model import Kind

MAX_BYTES = 128_000_000
"""What is held in memory of one file."""


class NoFileContent(EngineError):
    """What was asked for holds nothing that could be shown or saved."""


class FileReading:
    """One file on its way out of an image. `read` blocks: call it from a thread; `cancel` from any."""

    def __init__(self, engine: Engine, image_id: str, anatomy: Anatomy, place: Place) -> None:
        self._engine = engine
        self._image_id = image_id
        self._anatomy = anatomy
        self._place = place
        self._lock = threading.Lock()
        self._stream: ImageStream | None = None
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End it soon, even where it has not begun."""
        with self._lock:
            self._cancelled.set()
            if self._stream is not None:
                self._stream.cancel()

    def read(self, progress: Callable[[int], None]) -> bytes | None:
        """The file's content, or None after a cancel. `progress` is told how many bytes of the image have come.

        Raises EngineError, with NoFileContent for folders, links, devices and what is too large.
        """
        from tui.image.archive import extract
        from tui.image.errors import ArchiveDamaged, ReadingStopped

        path, size, digest = self._wanted()
        stream = self._engine.save(self._image_id)
        with self._lock:
            self._stream = stream
            if self._cancelled.is_set():
                stream.cancel()
        try:
            return extract(stream.pieces(), path, size, digest, progress=progress, stopped=self._cancelled.is_set)
        except ReadingStopped:
            return None
        except ArchiveDamaged as error:
            if self._cancelled.is_set():
                return None
            raise EngineError(str(error), "Look inside the image again: i.") from error
        finally:
            stream.cancel()

    def _wanted(self) -> tuple[str, int, bytes]:
        """Path, length and digest of the file, as the archive has it."""
        merged = self._anatomy.merged
        place = merged.content(self._place)
        layer, member = self._anatomy.layers[place.layer], place.member
        path, size = merged.archived_path(place), layer.sizes[member]
        if layer.kinds[member] != Kind.FILE:
            raise NoFileContent(f"/{path} is no file: it holds nothing to show.", "Choose a file.")
        if size > MAX_BYTES:
            raise NoFileContent(f"/{path} is too large to be shown here.", "docker cp takes it out of a container.")
        return path, size, layer.digest(member)
