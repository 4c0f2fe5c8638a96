"""What is known of images is kept between sessions, and what an engine calls them leads nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.archives import BASE, digest, gzipped, oci_archive
from tui.image.archive import read_archive
from tui.session.inside_store import InsideStore

IMAGE_ID = "sha256:" + "a" * 64


def test_a_layer_is_found_by_its_own_digest_and_by_that_of_what_it_is_packed_as(tmp_path: Path) -> None:
    archive = read_archive([oci_archive([BASE], pack=gzipped)])
    (image,) = archive.images
    InsideStore(tmp_path).keep(IMAGE_ID, image.config, image.layers, archive.packed)
    store = InsideStore(tmp_path)
    assert store.layer(digest(BASE)) == image.layers[0]
    assert store.packed_layer(digest(gzipped(BASE))) == image.layers[0]
    assert store.packed_layer(digest(BASE)) is None
    assert store.find(IMAGE_ID) == (image.config, image.layers)


def test_a_table_of_packed_layers_that_is_damaged_counts_as_none(tmp_path: Path) -> None:
    store = InsideStore(tmp_path)
    (tmp_path / "packed.json").write_text('{"version": 1, "diff_ids": ')
    assert store.packed_layer(digest(BASE)) is None
    (tmp_path / "packed.json").write_text('{"version": 1, "diff_ids": []}')
    assert store.packed_layer(digest(BASE)) is None


@pytest.mark.parametrize("image_id", ["../../elsewhere", "sha256:../x", "", "sha256:" + "A" * 64, "a" * 63])
def test_what_is_no_id_of_an_image_never_becomes_a_path(tmp_path: Path, image_id: str) -> None:
    (image,) = read_archive([oci_archive([BASE])]).images
    store = InsideStore(tmp_path / "kept")
    before = sorted(path for path in tmp_path.rglob("*.json"))
    store.keep(image_id, image.config, image.layers)
    assert sorted(path for path in tmp_path.rglob("*.json")) == before
    assert store.find(image_id) is None
