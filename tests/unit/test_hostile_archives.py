"""Archives made to cost more than they are worth: each ends in a sentence, or costs what it is long."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.archives import (
    APP,
    BASE,
    Entry,
    OciLayout,
    Pack,
    config_of,
    cut,
    docker_archive,
    gzipped,
    listed,
    tar_of,
    zstandard,
)
from tui.image import archive as archive_module
from tui.image import manifest
from tui.image import packing as unpacking
from tui.image.archive import extract, read_archive
from tui.image.byte_stream import Piece
from tui.image.config import MOST_HISTORY, read_config
from tui.image.errors import ArchiveDamaged, ReadingStopped
from tui.image.json_values import parse
from tui.image.packing import Packing, packing_of


@pytest.mark.parametrize("pack", [gzipped, zstandard], ids=["gzip", "zstd"])
def test_a_chain_of_many_short_links_costs_what_it_is_long(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    links = 20_000
    chain = pack(b"x" * 40) * links
    handed: list[int] = []
    packing = packing_of(chain)
    assert packing is not None
    name = "_gzip" if packing is Packing.GZIP else "_zstd"
    make, error = getattr(unpacking, name)()

    def counting() -> CountingUnpacker:
        return CountingUnpacker(make(), handed)

    monkeypatch.setattr(unpacking, name, lambda: (counting, error))
    assert sum(map(len, unpacking.unpack([chain], packing, "The layer"))) == 40 * links
    assert sum(handed) <= 3 * len(chain) + unpacking.FIRST_STEP * links


class CountingUnpacker:
    """Writes down how much each call is handed."""

    def __init__(self, inner: Any, handed: list[int]) -> None:
        self._inner = inner
        self._handed = handed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def decompress(self, data: Piece, max_length: int = -1) -> bytes:
        self._handed.append(len(data))
        plain: bytes = self._inner.decompress(data, max_length)
        return plain


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=6), st.integers(0, 2000), st.data())
def test_any_chain_in_any_pieces_unpacks_to_what_was_packed(
    links: list[bytes], zeros: int, data: st.DataObject
) -> None:
    for pack in (gzipped, zstandard):
        chain = b"".join(map(pack, links)) + bytes(zeros)
        packing = packing_of(chain)
        assert packing is not None
        pieces = cut(chain, *data.draw(st.lists(st.integers(0, 5000), min_size=1, max_size=3)))
        assert b"".join(unpacking.unpack(pieces, packing, "The layer")) == b"".join(links)


def test_a_layer_that_unpacks_to_far_more_than_it_is_passes_in_pieces() -> None:
    layer = tar_of(Entry("zeros", bytes(30_000_000)))
    assert read_archive([docker_archive([layer], pack=gzipped)]).images[0].layers[0].size_bytes == 30_000_000


BOMB = tar_of(Entry("zeros", bytes(30_000_000)))


@pytest.mark.parametrize("pack", [gzipped, zstandard], ids=["gzip", "zstd"])
def test_reading_stops_within_one_packed_piece_though_all_of_it_has_come(pack: Pack) -> None:
    for data in (docker_archive([BOMB], pack=pack), pack(docker_archive([BOMB]))):
        asked = itertools.count(1)
        with pytest.raises(ReadingStopped):
            read_archive([data], stopped=lambda asked=asked: next(asked) > 5)  # type: ignore[misc]
        assert next(asked) == 7


def test_a_file_is_looked_for_in_a_packed_layer_only_while_it_is_wanted() -> None:
    asked = itertools.count(1)
    with pytest.raises(ReadingStopped):
        extract([docker_archive([BOMB], pack=gzipped)], "absent", 1, b"", stopped=lambda: next(asked) > 5)


def test_an_index_that_lists_itself_is_damage() -> None:
    layout = OciLayout()
    inner = layout.blob(json.dumps({"manifests": []}).encode())
    for _ in range(20):
        inner = layout.index(inner)
    layout.listed = [inner]
    with pytest.raises(ArchiveDamaged, match="nested too deeply"):
        read_archive([layout.archive()])


def parsed_documents(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is parsed from here on."""
    parsed: list[bytes] = []

    def noting(data: bytes) -> object:
        parsed.append(data)
        return parse(data)

    monkeypatch.setattr(manifest, "parse", noting)
    return parsed


def test_indexes_that_name_each_other_a_thousandfold_are_read_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = OciLayout()
    inner = layout.manifest([BASE])
    for _ in range(5):
        inner = layout.index(*[inner] * 1000)
    layout.listed = [inner] * 1000
    parsed = parsed_documents(monkeypatch)
    assert len(read_archive([layout.archive()]).images) == 1000
    assert len(parsed) == 1 + 5 + 2
    layout.listed = [*layout.listed, layout.manifest([APP])]
    with pytest.raises(ArchiveDamaged, match="lists more than 1,000 images"):
        read_archive([layout.archive()])


def test_settings_that_a_list_names_time_and_again_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of([BASE])
    entry = {"Config": "c.json", "Layers": ["l.tar"]}
    data = tar_of(
        Entry("l.tar", BASE), Entry("c.json", config), Entry("manifest.json", json.dumps([entry] * 900).encode())
    )
    parsed = parsed_documents(monkeypatch)
    assert len(read_archive([data]).images) == 900
    assert parsed.count(config) == 1


def test_half_a_letter_in_a_list_can_be_told() -> None:
    with pytest.raises(ArchiveDamaged) as told:
        read_archive([listed(layers=["\udcff"])])
    assert "\N{REPLACEMENT CHARACTER}" in str(told.value)


def test_halves_of_letters_in_settings_become_whole() -> None:
    labels = {"a\udfff": "\ud83d\ude80 \ud800"}
    config = config_of([APP], config={"User": "\ud800", "Labels": labels, "Env": ["A=\udc00"]})
    read_in = read_archive([docker_archive([APP], config=config)]).images[0].config
    assert read_in.user == "\ufffd"
    assert read_in.labels == {"a\ufffd": "\U0001f680 \ufffd"}
    assert read_in.environment == ("A=\ufffd",)


def test_an_archive_of_endless_lists_and_settings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MOST_DOCUMENTS", 1000)
    entries = [Entry(f"{number}.json", b"{" + b" " * 400 + b"}") for number in range(3)]
    with pytest.raises(ArchiveDamaged, match="more than 1,000 bytes of lists and settings"):
        read_archive([tar_of(*entries)])


def test_an_image_of_more_layers_than_any_engine_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MOST_LAYERS", 2)
    with pytest.raises(ArchiveDamaged, match="An image has 3 layers, and 2 is the limit"):
        read_archive([docker_archive([BASE, APP, APP])])


def test_a_history_longer_than_any_is_no_history() -> None:
    lines = [{"created_by": "RUN true"}] * (MOST_HISTORY + 1)
    assert read_config({"history": lines}, "").history == ()
    assert len(read_config({"history": lines[1:]}, "").history) == MOST_HISTORY
