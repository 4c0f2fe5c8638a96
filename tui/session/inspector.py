"""Looking into images on a thread of its own: an engine spools a whole image before it sends the first byte of it."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engine.api import Engine, ImageStream
from tui.engine.errors import EngineError
from tui.session.inspection_events import (
    ImageArrives,
    ImageAsked,
    ImageSorted,
    InspectionCancelled,
    InspectionEnd,
    InspectionEvent,
    InspectionFailed,
    LookedInside,
)
from tui.session.outbox import Outbox, Told
from tui.session.work_events import WorkEvent

if TYPE_CHECKING:
    from tui.image.model import Origin
    from tui.session.inside_store import InsideStore, StoredInside
    from tui.session.insight import Inside

REPORT_EVERY_SECONDS = 0.1
UNFORESEEN = "Jettison itself failed while it looked into the image."
HEADER_SHARE = 1.02
"""An archive is about so much longer than the files in it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One image to look into."""

    subject: str
    """Whose image it is: `current/simple`."""
    title: str
    image_id: str
    size_bytes: int
    """The engine's own figure, from which the length of what comes is guessed."""
    chain: tuple[Origin, ...] = ()
    """The instructions that made it, where they are known."""
    discarded: tuple[Origin, ...] = ()
    """The instructions of the stages that it left behind."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One or two images that are to be looked into and put beside each other."""

    id: int
    looks: tuple[Look, ...]
    measure_packed: bool = False
    """Also pack the layers, to know what a registry would hold."""


class Inspector:
    """Looks into what it is given; the events go to `outbox` under the number of each inspection."""

    def __init__(self, engine: Engine, outbox: Outbox[WorkEvent], store: Callable[[], InsideStore]) -> None:
        self._engine = engine
        self._outbox = outbox
        self._open_store = store
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: deque[Inspection] = deque()
        self._is_working = False
        self._stream: ImageStream | None = None
        self._cancelled = threading.Event()
        """Of the inspection that runs: each has its own."""
        self.warnings: deque[str] = deque()
        """Sentences for the learner on what went wrong beside the inspections."""

    @property
    def is_busy(self) -> bool:
        """Whether an image is being looked into, or waits for it."""
        return self._is_working

    def add(self, looks: Sequence[Look], *, measure_packed: bool = False) -> Inspection:
        """Look into these and put them beside each other, after what is under way."""
        # Negative: builds count upwards in the same outbox.
        inspection = Inspection(-next(self._numbers), tuple(looks), measure_packed)
        with self._lock:
            self._waiting.append(inspection)
            is_first = not self._is_working
            self._is_working = True
        if is_first:
            self._start_thread()
        return inspection

    def cancel(self) -> None:
        """End the one that runs and take back those that wait; each ends with InspectionCancelled."""
        with self._lock:
            self._cancelled.set()
            taken_back, self._waiting = self._waiting, deque()
            stream = self._stream
        for inspection in taken_back:
            self._outbox.put(Told(inspection.id, InspectionCancelled()))
        if stream is not None:
            stream.cancel()

    def _run(self) -> None:
        while (inspection := self._next()) is not None:
            try:
                self._carry_out(inspection)
            except BaseException:
                # It goes on to the thread's hook, which ends this thread; what waits must not wait for ever.
                self._start_thread()
                raise

    def _start_thread(self) -> None:
        threading.Thread(target=self._run, name="inspector", daemon=True).start()

    def _next(self) -> Inspection | None:
        with self._lock:
            self._is_working = bool(self._waiting)
            self._cancelled = threading.Event()
            return self._waiting.popleft() if self._waiting else None

    def _carry_out(self, inspection: Inspection) -> None:
        end: InspectionEnd = InspectionFailed(UNFORESEEN, "Try again, and tell us if it stays so.")
        try:
            end = self._end_of(inspection)
        finally:
            with self._lock:
                self._stream = None
            self._outbox.put(Told(inspection.id, end))

    def _end_of(self, inspection: Inspection) -> InspectionEnd:
        """Look into all images of it; whatever goes wrong becomes its end."""
        from tui.image.errors import ArchiveDamaged, ReadingStopped
        from tui.session.insight import gain_insight

        began = time.monotonic()
        try:
            store = self._open_store()
            images = [self._look(store, inspection, look) for look in inspection.looks]
        except ReadingStopped:
            return InspectionCancelled()
        except EngineError as error:
            return InspectionFailed(error.what, error.advice)
        except ArchiveDamaged as error:
            if self._cancelled.is_set():
                return InspectionCancelled()
            return InspectionFailed(str(error), "Try again; if it stays so, the engine's own log may tell more.")
        except OSError as error:
            return InspectionFailed(
                f"The cache cannot be used: {error}.", "Check its folder: jettison doctor names it."
            )
        return LookedInside(gain_insight(images, inspection.looks[-1].discarded), time.monotonic() - began)

    def _look(self, store: InsideStore, inspection: Inspection, look: Look) -> Inside:
        from tui.image.anatomy import dissect
        from tui.session.insight import Inside

        known = store.find(look.image_id)
        if known is None or not all(one.suffices(measure_packed=inspection.measure_packed) for one in known[1]):
            known = self._read_or_told(store, inspection, look)
        self._tell(inspection, ImageSorted(look.subject))
        config, layers = known
        return Inside(look.subject, look.title, look.image_id, dissect(config, layers, look.chain))

    def _read_or_told(self, store: InsideStore, inspection: Inspection, look: Look) -> StoredInside:
        """Read an image out of the engine, or take the engine's word for one that has nothing to read."""
        from tui.session.bare_settings import has_no_layers, settings_alone

        try:
            return self._read(store, inspection, look)
        except EngineError as error:
            if not has_no_layers(error):
                raise
            return settings_alone(self._engine.inspect(look.image_id)), ()

    def _read(self, store: InsideStore, inspection: Inspection, look: Look) -> StoredInside:
        """Read an image out of the engine, and remember it."""
        from tui.image.archive import read_archive

        self._tell(inspection, ImageAsked(look.subject))
        stream = self._engine.save(look.image_id)
        with self._lock:
            self._stream = stream
            if self._cancelled.is_set():
                stream.cancel()

        archive = read_archive(
            stream.pieces(),
            known=store.layer,
            known_packed=store.packed_layer,
            progress=self._reporter(inspection, look),
            stopped=self._cancelled.is_set,
            measure_packed=inspection.measure_packed,
            is_verified=True,
        )
        image = archive.images[0]
        try:
            store.keep(look.image_id, image.config, image.layers, archive.packed)
        except OSError as error:
            self.warnings.append(f"What is in the image cannot be kept: {error.strerror}. It is read anew next time.")
        return image.config, image.layers

    def _tell(self, inspection: Inspection, event: InspectionEvent) -> None:
        self._outbox.put(Told(inspection.id, event))

    def _reporter(self, inspection: Inspection, look: Look) -> Callable[[int], None]:
        """Reports progress some ten times a second."""
        expected = int(look.size_bytes * HEADER_SHARE)
        last = 0.0

        def report(read_bytes: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last > REPORT_EVERY_SECONDS:
                last = now
                self._tell(inspection, ImageArrives(look.subject, read_bytes, max(expected, read_bytes)))

        return report
