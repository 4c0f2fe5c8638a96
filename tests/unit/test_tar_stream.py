from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_64_digest

from tests.needs import need
from tests.unit.archives import Entry, cut, folder, hard_link, symlink, tar_of
from tui.image.byte_stream import ByteStream
from tui.image.errors import ArchiveDamaged
from tui.image.layer_reader import read_layer
from tui.image.model import DIGEST_BYTES, Kind, LayerIndex
from tui.image.tar_stream import BLOCK, is_header, read_members

NAME = "The layer x"
FORMATS = {"v7-like ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
LONG = "/".join(["d" * 90] * 3) + "/f" * 20


def read(data: bytes) -> LayerIndex:
    return read_layer([data], NAME)


def kinds(layer: LayerIndex) -> dict[str, Kind]:
    return {path: Kind(kind) for path, kind in zip(layer.paths, layer.kinds, strict=True)}


def short_digest(content: bytes) -> bytes:
    return xxh3_64_digest(content)


def resealed(block: bytes) -> bytes:
    """A header whose checksum is right again."""
    total = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    return block[:148] + b"%06o\0 " % total + block[156:]


def with_field(data: bytes, at: int, value: bytes) -> bytes:
    """A tar with some bytes of its first header overwritten."""
    return resealed(data[:at] + value + data[at + len(value) : BLOCK]) + data[BLOCK:]


@given(st.binary(max_size=300), st.lists(st.integers(0, 40), min_size=1, max_size=5), st.data())
def test_a_stream_gives_each_byte_once_however_it_is_asked(
    data: bytes, lengths: list[int], draw: st.DataObject
) -> None:
    stream = ByteStream(cut(data, *lengths), NAME)
    at = 0
    while at < len(data):
        assert stream.position == at
        length = draw.draw(st.integers(1, len(data) - at))
        ahead = draw.draw(st.integers(0, len(data)))
        assert stream.peek(ahead) == data[at : at + ahead]
        match draw.draw(st.sampled_from(["read", "take", "skip", "rest"])):
            case "read":
                assert stream.read(length) == data[at : at + length]
            case "take":
                assert b"".join(stream.take(length)) == data[at : at + length]
            case "skip":
                stream.skip(length)
            case _:
                assert b"".join(stream.rest()) == data[at:]
                length = len(data) - at
        at += length
    assert stream.is_at_end()


def test_every_kind_of_member_is_told_with_owner_and_permissions() -> None:
    layer = read(
        tar_of(
            folder("etc", 0o1777),
            Entry("etc/passwd", b"root", mode=0o4755, uid=1000, gid=50),
            hard_link("etc/passwd-", "./etc/passwd"),
            symlink("link", "../über"),
            Entry("null", type=tarfile.CHRTYPE),
            Entry("sda", type=tarfile.BLKTYPE),
            Entry("pipe", type=tarfile.FIFOTYPE),
        )
    )
    assert [Kind(kind).name for kind in layer.kinds] == [
        "FOLDER", "FILE", "HARDLINK", "SYMLINK", "DEVICE", "DEVICE", "PIPE",
    ]  # fmt: skip
    assert list(layer.sizes) == [0, 4, 0, len("../über".encode()), 0, 0, 0]
    assert layer.links == {2: "etc/passwd", 3: "../über"}
    assert list(layer.modes)[:2] == [0o1777, 0o4755]
    assert (layer.uids[1], layer.gids[1]) == (1000, 50)
    assert layer.digest(1) == short_digest(b"root")
    assert layer.digest(0) == layer.digest(2) == layer.digest(3) == bytes(DIGEST_BYTES)


def test_whiteouts_have_the_path_of_what_they_take_away() -> None:
    layer = read(
        tar_of(
            Entry("a/.wh.gone"),
            Entry("b/.wh..wh..opq"),
            Entry(".wh.top"),
            Entry(".wh..wh..opq"),
            Entry("not.wh.one"),
            Entry("in.wh./one"),
        )
    )
    assert kinds(layer) == {
        "a/gone": Kind.WHITEOUT,
        "b": Kind.OPAQUE,
        "top": Kind.WHITEOUT,
        "": Kind.OPAQUE,
        "not.wh.one": Kind.FILE,
        "in.wh./one": Kind.FILE,
    }
    assert layer.size_bytes == 0


def test_what_a_driver_kept_for_itself_is_no_part_of_the_layer() -> None:
    layer = read(tar_of(folder(".wh..wh.plnk"), Entry(".wh..wh.plnk/1", b"x"), Entry(".wh..wh.aufs"), Entry("a/.wh..")))
    assert layer.paths == ()


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("./a/b", "a/b"),
        ("/a", "a"),
        ("./", ""),
        ("a//b/./c/", "a/b/c"),
        ("../../etc/x", "../../etc/x"),
        (".a/..b", ".a/..b"),
    ],
)
def test_names_are_written_one_way(written: str, path: str) -> None:
    assert read(with_field(tar_of(folder("x")), 0, written.encode() + b"\0")).paths == (path,)


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_names_that_are_not_utf_8_come_back_byte_by_byte(format: int) -> None:
    odd = os.fsdecode(b"caf\xe9/\xff")
    layer = read(tar_of(Entry(odd), symlink("link", odd), format=format))
    assert layer.paths[0] == odd
    assert layer.links == {1: odd}
    assert layer.sizes[1] == 6


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["gnu", "pax"])
def test_long_names_and_long_targets_are_whole(format: int) -> None:
    layer = read(tar_of(Entry(LONG, b"x"), symlink("s", LONG), hard_link("h", LONG), Entry("next"), format=format))
    assert layer.paths == (LONG, "s", "h", "next")
    assert layer.links == {1: LONG, 2: LONG}
    assert list(layer.sizes) == [1, len(LONG), 0, 0]


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["gnu", "pax"])
def test_names_and_targets_may_be_as_long_as_linux_takes_them(format: int) -> None:
    longest = "n/" * 2047 + "a"
    assert read(tar_of(symlink(longest, longest), format=format)).links == {0: longest}


def test_a_posix_prefix_belongs_to_the_name_and_gnus_times_do_not() -> None:
    name = "p" * 100 + "/" + "n" * 90
    assert read(tar_of(Entry(name), format=tarfile.USTAR_FORMAT)).paths == (name,)
    timed = with_field(tar_of(Entry("a"), format=tarfile.GNU_FORMAT), 345, b"14000000000\0" * 2)
    assert read(timed).paths == ("a",)


def test_an_old_archive_without_a_magic_word_is_read() -> None:
    old = tar_of(Entry("folder/"), Entry("a", b"x"))
    for at in (0, BLOCK):
        old = (
            old[:at] + resealed(old[at : at + 156] + b"\0" + old[at + 157 : at + 257] + bytes(255)) + old[at + BLOCK :]
        )
    assert kinds(read(old)) == {"folder": Kind.FOLDER, "a": Kind.FILE}


def test_a_checksum_over_signed_bytes_is_accepted_too() -> None:
    data = tar_of(Entry("é"))
    block = data[:148] + b" " * 8 + data[156:BLOCK]
    signed = sum(byte - 256 if byte > 127 else byte for byte in block)
    assert read(data[:148] + b"%06o\0 " % signed + data[156:]).paths == ("é",)


def test_global_attributes_hold_for_all_and_a_members_own_win() -> None:
    layer = read(tar_of(Entry("a"), Entry("b", pax={"uid": "7"}), pax={"uid": "5", "comment": "of no matter"}))
    assert list(layer.uids) == [5, 7]


def test_sizes_past_eight_gibibytes_are_understood() -> None:
    nine = 9 << 30
    for format in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        info = Entry("big").info()
        info.size = nine
        stream = ByteStream([info.tobuf(format), bytes(1024)], NAME)
        assert next(read_members(stream)).stored == nine


def test_an_owner_in_base_256_is_understood() -> None:
    huge = 0xFFFF_FFF0
    assert list(read(tar_of(Entry("a", uid=huge, gid=huge), format=tarfile.GNU_FORMAT)).uids) == [huge]


@pytest.mark.parametrize(
    "options",
    [
        ["--format=gnu"],
        ["--format=pax", "--sparse-version=0.0"],
        ["--format=pax", "--sparse-version=0.1"],
        ["--format=pax", "--sparse-version=1.0"],
    ],
    ids=" ".join,
)
def test_a_sparse_file_counts_with_its_real_size(tmp_path: Path, options: list[str]) -> None:
    name = "holes-" + "n" * 120
    with (tmp_path / name).open("wb") as file:
        # More data than the first header of any format has places for.
        for number in range(60):
            file.seek(number * 100_000)
            file.write(b"data" * 1024)
        file.truncate(20_000_000)
    (tmp_path / "next").write_text("after it")
    done = subprocess.run(
        ["tar", "--sparse", *options, "-cf", "-", name, "next"], cwd=tmp_path, capture_output=True, check=False
    )
    need(done.returncode == 0, "GNU tar", "no other tar writes sparse files in all formats")
    layer = read(done.stdout)
    assert layer.paths == (name, "next")
    assert list(layer.sizes) == [20_000_000, 8]
    assert layer.digest(1) == short_digest(b"after it")
    assert layer.tar_bytes < 2_000_000


def test_of_a_path_that_comes_twice_the_last_one_takes_room() -> None:
    layer = read(tar_of(Entry("a", b"first"), Entry("b", b"x"), Entry("./a", b"2nd"), Entry(".wh.a")))
    assert list(layer.sizes) == [0, 1, 3, 0]


def test_what_another_name_is_left_of_takes_room_although_its_path_comes_twice() -> None:
    first, link, again = Entry("a", b"first"), hard_link("b", "a"), Entry("a", b"2nd")
    assert list(read(tar_of(first, link, again)).sizes) == [5, 0, 3]
    assert list(read(tar_of(first, link, hard_link("c", "b"), again, Entry("b", b"x"))).sizes) == [5, 0, 0, 3, 1]
    assert list(read(tar_of(first, link, again, Entry("b", b"x"))).sizes) == [0, 0, 3, 1]
    assert list(read(tar_of(first, again, link)).sizes) == [0, 3, 0]
    assert list(read(tar_of(symlink("a", "to"), link, again)).sizes) == [2, 0, 3]


def test_a_size_on_a_member_without_content_stands_for_nothing() -> None:
    data = with_field(tar_of(hard_link("a", "b"), Entry("c", b"x")), 124, b"00000001000\0")
    layer = read(data)
    assert (layer.paths, list(layer.sizes)) == (("a", "c"), [0, 1])


def test_members_of_an_unknown_type_are_left_out_with_their_content() -> None:
    data = tar_of(Entry("volume", b"x" * 700, type=b"V"), Entry("a"))
    assert read(data).paths == ("a",)


def test_the_digest_is_that_of_the_whole_stream_with_whatever_follows_the_end_mark() -> None:
    data = tar_of(Entry("a", b"x")) + bytes(9 * BLOCK) + b"trailing"
    layer = read(data)
    assert layer.diff_id == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert layer.tar_bytes == len(data)


def test_a_stream_may_end_without_its_mark_but_not_within_a_member() -> None:
    data = tar_of(Entry("a", b"x" * 600))
    assert read(data[:-1024]).paths == ("a",)
    for length in (1, 511, 512 + 599, len(data) - 1025):
        with pytest.raises(ArchiveDamaged, match=r"^The layer x is cut short: it ends at byte \d+\.$"):
            read(data[:length])


def test_an_extended_header_without_its_member_is_cut_short() -> None:
    data = tar_of(Entry(LONG))
    with pytest.raises(ArchiveDamaged, match="cut short"):
        read(data[: data.index(LONG.encode()) // BLOCK * BLOCK + BLOCK])


DAMAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "checksum": (lambda: b"b" + tar_of(Entry("a"))[1:], "header at byte 0 has a wrong checksum"),
    "number": (lambda: with_field(tar_of(Entry("a")), 124, b"12x"), "something else where a number should be"),
    "size": (lambda: with_field(tar_of(Entry("a")), 124, b"\xff" * 12), "impossible size"),
    "pax": (lambda: tar_of(Entry(LONG)).replace(b" path=", b"9path="), "extended attributes that cannot be read"),
    "pax size": (lambda: tar_of(Entry("a", pax={"size": "-1"})), "a wrong size"),
    "zero byte": (lambda: tar_of(Entry("a", pax={"path": "a\0b"})), "zero byte"),
    "long name": (
        lambda: with_field(tar_of(Entry(LONG), format=tarfile.GNU_FORMAT), 124, b"00010000000\0"),
        "a name that is too long",
    ),
    "longer than any system's": (lambda: tar_of(Entry("n/" * 2048 + "a")), "a name that is too long"),
    "so in GNU's way": (
        lambda: tar_of(Entry("n/" * 2048 + "a"), format=tarfile.GNU_FORMAT),
        "a name that is too long",
    ),
    "a target": (lambda: tar_of(symlink("a", "t" * 4097)), "a name that is too long"),
}


@pytest.mark.parametrize(("make", "message"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_told_with_its_place(make: Callable[[], bytes], message: str) -> None:
    with pytest.raises(ArchiveDamaged, match=f"The layer x .*{message}"):
        read(make())


def test_a_tar_is_told_by_its_first_block() -> None:
    assert is_header(tar_of(Entry("{"))[:BLOCK])
    assert is_header(bytes(BLOCK))
    assert not is_header(bytes(BLOCK - 1))
    assert not is_header(b'{"layers": []}'.ljust(BLOCK))
    assert not is_header(b"\xff" * BLOCK)


names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=150).filter(
    lambda name: name.strip("/.") and ".wh." not in name and not name.endswith("/")
)
entries = st.one_of(
    st.builds(Entry, names, st.binary(max_size=1500), mode=st.integers(0, 0o7777), uid=st.integers(0, 0o7777777)),
    st.builds(folder, names),
    st.builds(symlink, names, names),
    st.builds(hard_link, names, names),
)


@given(
    st.lists(entries, max_size=8, unique_by=lambda entry: entry.name),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    st.lists(st.integers(0, 3000), min_size=1, max_size=5),
)
def test_whatever_tarfile_writes_is_read_back_however_it_is_cut(
    members: list[Entry], format: int, lengths: list[int]
) -> None:
    data = tar_of(*members, format=format)
    stream = ByteStream(cut(data, *lengths), NAME)
    found = list(read_members(stream))
    with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape") as tar:
        expected = tar.getmembers()
    assert [(one.type, one.size, one.mode, one.uid, one.target) for one in found] == [
        (info.type, info.size, info.mode, info.uid, info.linkname) for info in expected
    ]
    layer = read_layer(cut(data, *lengths), NAME)
    assert layer.diff_id == f"sha256:{hashlib.sha256(data).hexdigest()}"
    files = [number for number, entry in enumerate(members) if entry.type == tarfile.REGTYPE]
    assert [layer.digest(number) for number in files] == [short_digest(members[number].content) for number in files]
    if len(set(layer.paths)) == len(layer.paths):
        assert [layer.sizes[number] for number in files] == [len(members[number].content) for number in files]
    assert [path.split("/") for path in layer.paths] == [
        [part for part in entry.name.split("/") if part not in ("", ".")] for entry in members
    ]


@given(
    st.lists(st.tuples(st.integers(0, BLOCK - 1), st.binary(min_size=1, max_size=12)), max_size=6),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_a_header_of_nonsense_is_read_somehow_or_told_as_damage(changes: list[tuple[int, bytes]], format: int) -> None:
    data = tar_of(Entry("file", b"content"), Entry(LONG, b"x"), symlink("link", LONG), format=format)
    first = data[:BLOCK]
    for at, value in changes:
        first = (first[:at] + value + first[at + len(value) :])[:BLOCK]
    try:
        layer = read(resealed(first) + data[BLOCK:])
    except ArchiveDamaged:
        return
    assert len(layer.paths) == len(layer.kinds) == len(layer.sizes) == len(layer.digests) // DIGEST_BYTES
