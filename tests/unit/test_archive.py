from __future__ import annotations

import gzip
import itertools
import json
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.archives import (
    APP,
    BASE,
    EMPTY_LAYER,
    PACKINGS,
    Entry,
    OciLayout,
    Pack,
    config_of,
    cut,
    digest,
    docker_archive,
    gzipped,
    listed,
    oci_archive,
    tar_of,
    zstandard,
)
from tui.image.archive import Archive, ArchivedImage, read_archive
from tui.image.config import read_config
from tui.image.errors import ArchiveDamaged, ReadingStopped
from tui.image.model import HistoryEntry, ImageConfig, LayerIndex

LAYERS = [BASE, EMPTY_LAYER, APP, BASE]

DRESSES: dict[str, Callable[[list[bytes]], bytes]] = {
    "docker": docker_archive,
    "docker, list first": lambda layers: docker_archive(layers, manifest_first=True),
    "docker, packed layers": lambda layers: docker_archive(layers, pack=gzipped),
    "oci": oci_archive,
    "oci gzip": lambda layers: oci_archive(layers, pack=gzipped),
    "oci zstd": lambda layers: oci_archive(layers, pack=zstandard),
    "both": lambda layers: oci_archive(layers, with_docker_manifest=True),
    "gzip as a whole": lambda layers: gzipped(docker_archive(layers)),
    "zstd as a whole": lambda layers: zstandard(docker_archive(layers)),
}


def read(data: bytes) -> ArchivedImage:
    (image,) = read_archive(cut(data, 1 << 15)).images
    return image


def names_and_digests(archive: Archive) -> list[list[tuple[str, tuple[str, ...]]]]:
    return [[(layer.diff_id, layer.paths) for layer in image.layers] for image in archive.images]


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_layers_come_in_the_order_of_the_list_whatever_the_archive_wears(dress: Callable[[list[bytes]], bytes]) -> None:
    image = read(dress(LAYERS))
    assert image.config.diff_ids == tuple(layer.diff_id for layer in image.layers) == tuple(map(digest, LAYERS))
    assert [layer.paths for layer in image.layers] == [
        ("etc", "etc/os-release"),
        (),
        ("app/main",),
        ("etc", "etc/os-release"),
    ]
    assert image.layers[0] is image.layers[3]


def test_tags_and_the_image_id_are_those_of_the_archive() -> None:
    config = config_of([BASE])
    image = read(docker_archive([BASE], config=config, tags=["mine:1", "mine:latest"]))
    assert image.config.image_id == digest(config)
    assert image.tags == ("mine:1", "mine:latest")
    assert read(docker_archive([BASE], tags=None)).tags == ()


def test_an_image_without_layers_is_an_image() -> None:
    assert read(docker_archive([])).layers == ()


@pytest.mark.parametrize("pack", PACKINGS.values(), ids=PACKINGS)
def test_a_layer_that_comes_packed_tells_its_packed_length(pack: Pack) -> None:
    packed = pack(APP)
    expected = None if packed == APP else len(packed)
    assert read(oci_archive([APP], pack=pack)).layers[0].compressed_bytes == expected


def test_a_plain_layer_is_packed_to_know_its_length_where_that_is_asked_for() -> None:
    (image,) = read_archive([docker_archive([APP])], measure_packed=True).images
    measured = image.layers[0].compressed_bytes
    assert measured is not None
    assert abs(measured - len(gzipped(APP))) < 50


def test_packed_data_may_be_laid_end_to_end_with_zeros_behind_it() -> None:
    half = len(APP) // 2

    def chained(pack: Pack) -> Pack:
        return lambda data: pack(data[:half]) + pack(b"") + pack(data[half:])

    for pack in (chained(gzipped), chained(zstandard), lambda data: gzipped(data) + bytes(99)):
        assert read(docker_archive([APP], pack=pack)).layers[0].diff_id == digest(APP)


def test_all_images_of_an_archive_are_read_nested_lists_and_platforms_included() -> None:
    layout = OciLayout()
    statement = layout.blob(b'{"_type": "https://in-toto.io/Statement/v0.1"}')
    about = {"schemaVersion": 2, "config": layout.blob(config_of([APP])), "layers": [statement]}
    note = {"vnd.docker.reference.type": "attestation-manifest"}
    attestation = layout.blob(json.dumps(about).encode(), annotations=note)
    here = [layout.manifest([BASE], architecture="arm64"), layout.manifest([BASE, APP], gzipped)]
    elsewhere: dict[str, object] = {"digest": digest(b"not exported"), "size": 1}
    tag = {"annotations": {"org.opencontainers.image.ref.name": "mine:2"}}
    layout.listed = [{**layout.index(*here, attestation, elsewhere), **tag}, layout.manifest([APP], user="x")]
    images = read_archive([layout.archive()]).images
    assert [len(image.layers) for image in images] == [1, 2, 1]
    assert [image.tags for image in images] == [("mine:2",), ("mine:2",), ()]
    assert [image.config.platform for image in images] == ["linux/arm64", "linux/amd64", "linux/amd64"]


def test_a_known_layer_is_not_read_and_a_packed_one_cannot_be_known_by_its_name() -> None:
    asked: list[str] = []
    known = read(docker_archive([APP])).layers[0]

    def find(diff_id: str) -> LayerIndex | None:
        asked.append(diff_id)
        return known if diff_id == digest(APP) else None

    (image,) = read_archive([oci_archive([BASE, APP])], known=find).images
    assert image.layers[1] is known
    assert sorted(asked) == sorted([digest(BASE), digest(APP)])
    asked.clear()
    assert read_archive([oci_archive([APP], pack=gzipped)], known=find).images[0].layers[0] is not known
    assert asked == []


def test_a_packed_layer_is_known_by_the_digest_of_what_it_is_packed_as() -> None:
    data = oci_archive([BASE, APP], pack=gzipped)
    archive = read_archive([data])
    assert archive.packed == {digest(gzipped(BASE)): digest(BASE), digest(gzipped(APP)): digest(APP)}
    known = archive.images[0].layers[0]
    again = read_archive([data], known_packed={digest(gzipped(BASE)): known}.get)
    assert again.images[0].layers[0] is known
    assert again.packed == {digest(gzipped(APP)): digest(APP)}


def test_a_packed_layer_under_the_digest_of_another_is_damaged() -> None:
    data = tar_of(Entry("blobs/" + digest(gzipped(APP)).replace(":", "/"), gzipped(BASE)))
    with pytest.raises(ArchiveDamaged, match="is damaged: its digest is"):
        read_archive([data])


def test_a_known_layer_is_read_again_where_only_its_packed_length_is_missing() -> None:
    known = read(docker_archive([APP])).layers[0]
    (image,) = read_archive([oci_archive([APP])], known=lambda _: known, measure_packed=True).images
    assert image.layers[0].compressed_bytes


def test_progress_counts_what_came_off_the_stream() -> None:
    data = gzipped(docker_archive(LAYERS))
    told: list[int] = []
    read_archive(cut(data, 100), progress=told.append)
    assert told == sorted(set(told))
    assert told[-1] == len(data)


def test_reading_stops_when_it_is_not_wanted_any_more_even_where_the_stream_was_cut_for_it() -> None:
    data = docker_archive(LAYERS)
    with pytest.raises(ReadingStopped):
        read_archive([data], stopped=lambda: True)
    is_cut = threading.Event()

    def cut_off() -> Iterator[bytes]:
        yield data[:700]
        is_cut.set()

    with pytest.raises(ReadingStopped):
        read_archive(cut_off(), stopped=is_cut.is_set)


def test_no_thread_outlives_the_reading_however_it_ends() -> None:
    before = threading.active_count()
    asked = itertools.count()
    with pytest.raises(ReadingStopped):
        # Amid the layer: pieces of a megabyte are put together before they are looked at.
        layer = tar_of(Entry("big", bytes(5_000_000)))
        read_archive(cut(docker_archive([layer]), 1 << 16), stopped=lambda: next(asked) > 40, measure_packed=True)
    assert threading.active_count() == before


LAYER = Entry("l.tar", BASE)
DAMAGES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no archive of images"),
    "no tar": (b"<html>" * 200, "no archive of images"),
    "gzip of no tar": (gzip.compress(b"<html>" * 200), "no archive of images"),
    "no list": (tar_of(Entry("hello", b"x")), "neither manifest.json nor index.json"),
    "no image": (tar_of(Entry("manifest.json", b"[]")), "lists no image"),
    "list is no json": (tar_of(Entry("manifest.json", b"[{]")), "manifest.json is damaged: it is no JSON"),
    "list is nested for ever": (tar_of(Entry("manifest.json", b"[" * 200_000)), "nested too deeply"),
    "list is no text": (tar_of(Entry("manifest.json", b"[\xff]")), "manifest.json is damaged: it is no JSON"),
    "no settings": (tar_of(Entry("manifest.json", b'[{"Config": "c.json"}]')), "lists c.json, which is not in"),
    "settings are no json": (listed(LAYER, config=b"x"), "lists c.json, which is no JSON"),
    "settings are a list": (listed(LAYER, config=b"[]"), "c.json is damaged: it is no JSON object"),
    "settings of no image": (listed(LAYER, config=b"{}"), "c.json is no image's configuration"),
    "layer missing": (listed(), "lists the layer l.tar, which is not in it"),
    "layer is no tar": (listed(Entry("l.tar", b"<html>")), "lists the layer l.tar, which is no tar file"),
    "layer is json": (listed(Entry("l.tar", b"{}")), "lists the layer l.tar, which is no tar file"),
    "layer is packed html": (listed(Entry("l.tar", gzipped(b"<html>"))), "l.tar, which is no tar file"),
    "layer is another": (listed(Entry("l.tar", APP)), "layer l.tar is damaged: its digest is sha256:"),
    "layer is a link to itself": (listed(Entry("l.tar", type=b"2", target="l.tar")), "l.tar, which is not in it"),
    "too few layers": (listed(LAYER, layers=[]), "lists 0 layers for an image whose configuration has 1"),
    "packed layer is cut": (listed(Entry("l.tar", gzipped(BASE)[:-9])), "l.tar is cut short"),
    "packed layer is broken": (
        listed(Entry("l.tar", gzipped(APP)[:-8] + b"checksum")),
        "l.tar is damaged: what is packed in it cannot be unpacked",
    ),
    "zstd layer is broken": (
        listed(Entry("l.tar", zstandard(APP)[:40] + bytes(200))),
        "l.tar is damaged: what is packed in it cannot be unpacked",
    ),
    "digest of a document": (
        tar_of(Entry("manifest.json", f'[{{"Config": "{"0" * 64}.json"}}]'.encode()), Entry(f"{'0' * 64}.json", b"{}")),
        "its digest does not fit its name",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_wrong_is_told_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(ArchiveDamaged) as told:
        read_archive([data])
    assert message in str(told.value)
    assert str(told.value).endswith(".")


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_of_what_an_engine_has_verified_the_same_is_read(dress: Callable[[list[bytes]], bytes]) -> None:
    data = dress([BASE, APP, BASE])
    assert read_archive([data], is_verified=True) == read_archive([data])


def test_what_an_engine_has_verified_is_not_verified_again() -> None:
    (image,) = read_archive([listed(Entry("l.tar", APP))], is_verified=True).images
    assert [layer.diff_id for layer in image.layers] == list(image.config.diff_ids)


def test_what_is_no_digest_is_damage_even_where_an_engine_has_verified_it() -> None:
    config = json.dumps({"rootfs": {"type": "layers", "diff_ids": ["sha512:" + "0" * 128]}}).encode()
    with pytest.raises(ArchiveDamaged, match="which is no digest"):
        read_archive([listed(Entry("l.tar", BASE), config=config)], is_verified=True)


def test_an_image_that_is_listed_under_two_tags_is_listed_twice() -> None:
    layout = OciLayout()
    image = layout.manifest([BASE])
    layout.listed = [
        {**image, "annotations": {"org.opencontainers.image.ref.name": tag}} for tag in ("mine:1", "mine:2")
    ]
    assert [one.tags for one in read_archive([layout.archive()]).images] == [("mine:1",), ("mine:2",)]


SMALL = docker_archive([tar_of(Entry("a", b"x" * 700)), EMPTY_LAYER])
WHOLE = {
    "docker": SMALL,
    "oci gzip": oci_archive([BASE, APP], pack=gzipped),
    "gzip as a whole": gzipped(SMALL),
    "zstd as a whole": zstandard(SMALL),
}
END_MARK = 1024


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
def test_any_truncation_is_damage(name: str, data: st.DataObject) -> None:
    whole = WHOLE[name]
    # One block of the two that make the end mark is enough.
    needed = len(whole) - (END_MARK - 512 if whole.endswith(bytes(END_MARK)) else 0)
    length = data.draw(st.integers(0, needed - 1))
    with pytest.raises(ArchiveDamaged):
        read_archive(cut(whole[:length], *data.draw(st.lists(st.integers(0, 5000), min_size=1, max_size=3))))


def test_an_archive_needs_its_end_mark() -> None:
    with pytest.raises(ArchiveDamaged, match="archive is cut short"):
        read_archive([SMALL[:-END_MARK]])
    assert read_archive([SMALL[:-512]]) == read_archive([SMALL])


@settings(max_examples=300)
@given(st.sampled_from(["docker", "oci gzip"]), st.integers(0), st.integers(1, 255))
def test_one_wrong_byte_is_damage_or_changes_no_layer(name: str, place: int, flip: int) -> None:
    whole = bytearray(WHOLE[name])
    whole[place % len(whole)] ^= flip
    try:
        archive = read_archive([bytes(whole)])
    except ArchiveDamaged:
        return
    assert names_and_digests(archive) == names_and_digests(read_archive([WHOLE[name]]))


def test_the_settings_of_an_image_are_read() -> None:
    config = read_config(
        {
            "os": "linux",
            "architecture": "arm",
            "variant": "v7",
            "config": {
                "User": "app",
                "Entrypoint": ["/main"],
                "Cmd": ["-v"],
                "WorkingDir": "/app",
                "Env": ["PATH=/bin"],
                "ExposedPorts": {"8080/tcp": {}, "53/udp": {}},
                "Labels": {"a": "b"},
            },
            "rootfs": {"type": "layers", "diff_ids": ["sha256:1", "sha256:1"]},
            "history": [{"created_by": "COPY . ."}, {"created_by": "CMD x", "empty_layer": True}],
        },
        "sha256:2",
    )
    assert config == ImageConfig(
        image_id="sha256:2",
        diff_ids=("sha256:1", "sha256:1"),
        history=(HistoryEntry("COPY . .", False), HistoryEntry("CMD x", True)),
        platform="linux/arm/v7",
        user="app",
        entrypoint=("/main",),
        command=("-v",),
        working_folder="/app",
        environment=("PATH=/bin",),
        exposed_ports=("53/udp", "8080/tcp"),
        labels={"a": "b"},
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
KEYS = ("config", "rootfs", "history", "os", "architecture")
INNER_KEYS = ("User", "Entrypoint", "Env", "Labels", "ExposedPorts", "diff_ids")


@given(st.dictionaries(st.sampled_from(KEYS), json_values | st.dictionaries(st.sampled_from(INNER_KEYS), json_values)))
def test_settings_that_are_missing_or_of_a_wrong_type_are_empty(data: dict[str, object]) -> None:
    config = read_config(data, "")
    assert all(isinstance(text, str) for text in (*config.entrypoint, *config.diff_ids, config.user, config.platform))


def test_layers_are_found_though_the_history_is_missing() -> None:
    assert read(docker_archive([BASE])).config.history == ()
