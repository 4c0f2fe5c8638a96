"""One file on its way out of an image: a cancel counts whenever it comes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, ScriptedStream
from tests.sample_archives import SIMPLE_ARCHIVE
from tests.unit.archives import Entry, docker_archive, hard_link, tar_of
from tui.image.anatomy import Anatomy, dissect
from tui.image.archive import read_archive
from tui.image.merge import Place
from tui.image.model import Kind
from tui.session.file_reading import FileReading


class WatchedStream(ScriptedStream):
    """One that knows whether it was cancelled before anybody read it."""

    def __init__(self, archive: bytes = SIMPLE_ARCHIVE) -> None:
        super().__init__(archive, None)
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

    def __init__(self, archive: bytes = SIMPLE_ARCHIVE) -> None:
        super().__init__()
        self.reading: FileReading | None = None
        self.stream = WatchedStream(archive)

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


def test_a_file_is_read_by_whichever_of_its_names_is_left() -> None:
    below = tar_of(Entry("app", b"old"), hard_link("b", "app"), hard_link("c", "app"))
    archive = docker_archive([below, tar_of(Entry("app", b"new"))])
    image = read_archive([archive]).images[0]
    anatomy = dissect(image.config, image.layers)
    contents = {}
    for path, place in anatomy.merged.live_members():
        reading = FileReading(ImpatientEngine(archive), SIMPLE_IMAGE.image_id, anatomy, place)
        contents[path] = reading.read(lambda _: None)
    assert contents == {"app": b"new", "b": b"old", "c": b"old"}
