"""Reading an image out of a real engine."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from tests.lab import dockerd
from tests.lab.plugin import TINY, LabEngine
from tui.engine.docker_engine import DockerEngine
from tui.engine.errors import ImageNotFound

BASE = "golang:1.27-bookworm"


def test_the_pieces_are_the_archive_that_docker_save_writes(engine: DockerEngine) -> None:
    archive = b"".join(engine.save(TINY).pieces())
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        assert json.load(manifest)[0]["RepoTags"] == [TINY]


def test_an_image_that_is_not_there_is_told_as_such(engine: DockerEngine) -> None:
    with pytest.raises(ImageNotFound):
        list(engine.save("jettison-test/nowhere:1").pieces())


def test_a_cancel_before_the_first_piece_ends_it(engine: DockerEngine, lab_engine: LabEngine) -> None:
    dockerd.pull(lab_engine.docker_host, BASE)
    stream = engine.save(BASE)
    stream.cancel()
    assert list(stream.pieces()) == []


def test_a_cancel_in_the_middle_ends_it_quietly(engine: DockerEngine, lab_engine: LabEngine) -> None:
    dockerd.pull(lab_engine.docker_host, BASE)
    size = engine.inspect(BASE).size_bytes
    stream = engine.save(BASE)
    read = 0
    for piece in stream.pieces():
        read += len(piece)
        stream.cancel()
    assert 0 < read < size
