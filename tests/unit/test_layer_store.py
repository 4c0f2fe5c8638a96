from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.image.layer_file import FIRST_LINE
from tui.image.model import DIGEST_BYTES, Kind, LayerIndex, Program
from tui.image.store import SUFFIX, LayerStore

UNSIGNED = st.integers(0, 0xFFFFFFFF)
any_text = st.text(st.characters())
"""Lone surrogates of all kinds included, as names that are not UTF-8 have them."""


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process may grow beyond it, as on a disk that is full."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


def diff_id(number: int) -> str:
    return f"sha256:{number:064x}"


def layer(number: int = 1, paths: tuple[str, ...] = ("a", "b")) -> LayerIndex:
    count = len(paths)
    return LayerIndex(
        diff_id=diff_id(number),
        paths=paths,
        kinds=bytes(count),
        sizes=array("q", [7] * count),
        modes=array("H", [0o644] * count),
        uids=array("L", [0] * count),
        gids=array("L", [0] * count),
        digests=os.urandom(count * DIGEST_BYTES),
    )


@st.composite
def any_layer(draw: st.DrawFn) -> LayerIndex:
    paths = draw(st.lists(any_text, max_size=20))
    count = len(paths)
    members = st.integers(0, max(0, count - 1))

    def column(kind: str, numbers: st.SearchStrategy[int]) -> array[int]:
        return array(kind, draw(st.lists(numbers, min_size=count, max_size=count)))

    return LayerIndex(
        diff_id=diff_id(1),
        paths=tuple(paths),
        kinds=bytes(column("B", st.integers(0, max(Kind)))),
        sizes=column("q", st.integers(0, (1 << 63) - 1)),
        modes=column("H", st.integers(0, 0o7777)),
        uids=column("L", UNSIGNED),
        gids=column("L", UNSIGNED),
        digests=draw(st.binary(min_size=count * DIGEST_BYTES, max_size=count * DIGEST_BYTES)),
        links=draw(st.dictionaries(members, any_text)) if count else {},
        programs=draw(st.dictionaries(members, st.from_type(Program))) if count else {},
        tar_bytes=draw(st.integers(0)),
        compressed_bytes=draw(st.none() | st.integers(0)),
    )


@given(any_layer())
@example(layer(paths=("caf\udce9", "\ud83d\ude00", "\U0001f600", "\0")))
def test_what_is_kept_comes_back_as_it_was(index: LayerIndex) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = LayerStore(Path(folder))
        store.put(index)
        assert store.get(index.diff_id) == index


def test_what_was_never_kept_is_not_there(tmp_path: Path) -> None:
    assert LayerStore(tmp_path / "absent").get(diff_id(1)) is None
    assert LayerStore(tmp_path, also=[tmp_path / "absent"]).get(diff_id(1)) is None


def test_folder_and_files_are_the_owners_alone(tmp_path: Path) -> None:
    LayerStore(tmp_path / "layers").put(layer())
    (file,) = (tmp_path / "layers").iterdir()
    assert stat.S_IMODE((tmp_path / "layers").stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_newer_index_takes_the_place_of_the_older(tmp_path: Path) -> None:
    store = LayerStore(tmp_path)
    store.put(layer())
    weighed = replace(layer(), compressed_bytes=5)
    store.put(weighed)
    assert store.get(weighed.diff_id) == weighed
    assert len(list(tmp_path.iterdir())) == 1


def test_other_folders_are_looked_into_and_never_written(tmp_path: Path) -> None:
    recorded, own = tmp_path / "recorded", tmp_path / "own"
    LayerStore(recorded).put(layer(1))
    (recorded / f"{2:064x}{SUFFIX}").write_bytes(b"damaged")
    before = {path: path.stat().st_mtime_ns for path in recorded.iterdir()}
    store = LayerStore(own, also=[recorded])
    assert store.get(diff_id(1)) is not None
    assert store.get(diff_id(2)) is None
    assert {path: path.stat().st_mtime_ns for path in recorded.iterdir()} == before
    assert not own.exists()


def damaged_files() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        LayerStore(Path(folder)).put(layer())
        (file,) = Path(folder).iterdir()
        good = file.read_bytes()
    return {
        "empty": b"",
        "foreign": b"PNG" * 50,
        "another version": good.replace(b"layer 1", b"layer 9"),
        "cut short": good[:-5],
        "only the first line": FIRST_LINE,
        "a wrong byte": good[:40] + bytes([good[40] ^ 1]) + good[41:],
    }


@pytest.mark.parametrize("content", damaged_files().values(), ids=damaged_files())
def test_a_damaged_file_counts_as_missing_and_goes(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / f"{1:064x}{SUFFIX}"
    file.write_bytes(content)
    store = LayerStore(tmp_path)
    assert store.get(diff_id(1)) is None
    assert not file.exists()
    store.put(layer())
    assert store.get(diff_id(1)) is not None


@given(st.integers(0), st.integers(1, 255))
def test_no_wrong_byte_gives_a_wrong_index(place: int, flip: int) -> None:
    index = replace(layer(), programs={1: Program(True, True, False, "amd64")}, links={0: "b"})
    with tempfile.TemporaryDirectory() as folder:
        store = LayerStore(Path(folder))
        store.put(index)
        (file,) = Path(folder).iterdir()
        content = bytearray(file.read_bytes())
        content[place % len(content)] ^= flip
        file.write_bytes(content)
        assert store.get(index.diff_id) in (None, index)


def test_a_file_under_the_name_of_another_layer_is_foreign(tmp_path: Path) -> None:
    LayerStore(tmp_path).put(layer(1))
    (tmp_path / f"{1:064x}{SUFFIX}").rename(tmp_path / f"{2:064x}{SUFFIX}")
    assert LayerStore(tmp_path).get(diff_id(2)) is None
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_digest_never_becomes_a_path(tmp_path: Path) -> None:
    store = LayerStore(tmp_path)
    for wrong in ("", "sha256:../../etc/passwd", "sha512:" + "0" * 64, f"sha256:{1:064X}A"):
        assert store.get(wrong) is None
        with pytest.raises(ValueError, match="no digest"):
            store.put(replace(layer(), diff_id=wrong))


def test_the_least_recently_used_make_room(tmp_path: Path) -> None:
    LayerStore(tmp_path).put(layer(1))
    size = next(tmp_path.iterdir()).stat().st_size
    store = LayerStore(tmp_path, max_bytes=int(size * 3.5))
    for number in (2, 3):
        store.put(layer(number))
    for number in (1, 2, 3):
        os.utime(tmp_path / f"{number:064x}{SUFFIX}", (number, number))
    assert store.get(diff_id(1)) is not None
    store.put(layer(4))
    assert [number for number in (1, 2, 3, 4) if store.get(diff_id(number))] == [1, 3, 4]


def test_what_a_crash_left_behind_goes_with_the_oldest(tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(bytes(5000))
    os.utime(tmp_path / "x.part", (1, 1))
    (tmp_path / "not ours").write_bytes(bytes(5000))
    LayerStore(tmp_path, max_bytes=4000).put(layer())
    assert {path.suffix for path in tmp_path.iterdir()} == {SUFFIX, ""}


def test_a_folder_that_cannot_be_written_is_told_and_nothing_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        LayerStore(tmp_path / "file").put(layer())
    (tmp_path / f"{1:064x}{SUFFIX}").mkdir()
    with pytest.raises(OSError, match="directory"):
        LayerStore(tmp_path).put(layer())
    assert not list(tmp_path.glob("*.part"))


def test_a_full_disk_is_told_and_the_old_index_stays(tmp_path: Path) -> None:
    store = LayerStore(tmp_path)
    store.put(layer())
    large = layer(paths=tuple(os.urandom(64).hex() for _ in range(2000)))
    with file_size_limit(10_000), pytest.raises(OSError, match="too large"):
        store.put(large)
    assert len(list(tmp_path.iterdir())) == 1
    assert store.get(diff_id(1)) is not None
