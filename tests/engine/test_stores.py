"""The two ways in which Docker keeps images: a size is what that engine shows, and what is inside is the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.conftest import run
from tests.lab.plugin import TINY, LabEngine
from tui.engine.docker_engine import open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.events import BuildSucceeded
from tui.engine.model import Image, SizeBasis
from tui.engine.request import BuildRequest

ZEROS = 5_000_000
"""Bytes that pack to almost nothing."""


@pytest.fixture
def built_on(tmp_path: Path) -> Callable[[LabEngine], Image]:
    """Builds one image of the tiny base and a file of zeros, and removes it again."""

    def build(lab: LabEngine) -> Image:
        tag = f"jettison-test/{tmp_path.name.lower()}:1"
        (tmp_path / "Dockerfile").write_text(f"FROM {TINY}\nRUN dd if=/dev/zero of=/zeros bs=1000 count=5000\n")
        engine = open_engine(Endpoint(lab.docker_host, "the lab"))
        last = run(engine, BuildRequest(tmp_path, Path("Dockerfile"), tag))[-1]
        engine.close()
        lab.forget(tag)
        assert isinstance(last, BuildSucceeded), last
        return last.image

    return build


def test_the_store_of_old_counts_unpacked_bytes(
    built_on: Callable[[LabEngine], Image], overlay2_engine: LabEngine
) -> None:
    image = built_on(overlay2_engine)
    assert image.size_basis is SizeBasis.UNPACKED
    assert image.size_bytes == sum(layer.size_bytes for layer in image.layers)


def test_containerds_store_counts_the_packed_bytes_too(
    built_on: Callable[[LabEngine], Image], lab_engine: LabEngine, overlay2_engine: LabEngine
) -> None:
    old, new = built_on(overlay2_engine), built_on(lab_engine)
    assert new.size_basis is SizeBasis.PACKED_AND_UNPACKED
    assert new.unpacked_bytes is not None
    assert ZEROS < new.unpacked_bytes < new.size_bytes
    # Its unpacked bytes are those of blocks on the disk, and a few folders more.
    assert new.unpacked_bytes == pytest.approx(old.size_bytes, rel=0.1)
