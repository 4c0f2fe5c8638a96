"""One file on its way out of an image: a cancel counts whenever it comes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, ScriptedStream
from tests.sample_archives import SIMPLE_ARCHIVE
from tui.image.anatomy import Anatomy, dissect
from tui.image.archive import read_archive
from tui.image.merge import Place
from tui.image.model import Kind
from tui.session.file_reading import FileReading


class WatchedStream(ScriptedStream):
    """One that knows whether it was cancelled before anybody read it."""

    def __init__(self) -> None:
        super().__init__(SIMPLE_ARCHIVE, None)
        self.cancels = 0
        self.cancels_before = 0

    def cancel(self) -> None:
        self.cancels += 1
        super().cancel()

    def pieces(self) -> Iterator[bytes]:
        self.cancels_before = self.cancels
        return super().pieces()


class ImpatientEngine(ScriptedEngine):
    """While it prepares to read an image out, what asked for it is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.reading: FileReading | None = None
        self.stream = WatchedStream()

    def save(self, reference: str) -> WatchedStream:
        if self.reading is not None:
            self.reading.cancel()
        return self.stream


def a_file(anatomy: Anatomy) -> Place:
    """The place of some file in it."""
    return next(
        Place(number, member)
        for number, layer in enumerate(anatomy.layers)
        for member, kind in enumerate(layer.kinds)
        if kind == Kind.FILE
    )


def reading_of(engine: ImpatientEngine) -> FileReading:
    image = read_archive([SIMPLE_ARCHIVE]).images[0]
    anatomy = dissect(image.config, image.layers)
    return FileReading(engine, SIMPLE_IMAGE.image_id, anatomy, a_file(anatomy))


def test_a_cancel_that_comes_before_the_stream_reaches_it() -> None:
    engine = ImpatientEngine()
    engine.reading = reading_of(engine)
    assert engine.reading.read(lambda _: None) is None
    assert engine.stream.cancels_before == 1


def test_a_file_that_was_read_lets_go_of_the_stream() -> None:
    engine = ImpatientEngine()
    assert reading_of(engine).read(lambda _: None)
    assert (engine.stream.cancels_before, engine.stream.cancels) == (0, 1)
