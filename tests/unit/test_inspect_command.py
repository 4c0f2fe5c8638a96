"""`jettison inspect` on archive files, where no engine is needed."""

from __future__ import annotations

import bz2
import csv
import io
import json
import lzma
import os
import pty
import re
import termios
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest
from click.testing import CliRunner

from tests.sample_archives import MULTISTAGE_ARCHIVE, SIMPLE_ARCHIVE
from tests.shell import jettison, jettison_fed, started_on
from tests.unit.archives import Entry, config_of, docker_archive, tar_of
from tui.cli import main


@pytest.fixture
def archives(tmp_path: Path) -> tuple[str, str]:
    simple, multistage = tmp_path / "simple.tar", tmp_path / "multistage.tar"
    simple.write_bytes(SIMPLE_ARCHIVE)
    multistage.write_bytes(MULTISTAGE_ARCHIVE)
    return str(simple), str(multistage)


def test_two_archives_are_compared_as_json(archives: tuple[str, str]) -> None:
    done = jettison("inspect", *archives, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    simple, multistage = report["images"]
    for image in report["images"]:
        assert sum(image["purposes"].values()) == image["unpacked_bytes"] == image["size_bytes"]
        assert sum(layer["size_bytes"] for layer in image["layers"]) == image["unpacked_bytes"]
        assert 0 < image["compressed_bytes"] < image["unpacked_bytes"]
    assert simple["purposes"]["your_program"] == multistage["purposes"]["your_program"] > 0
    assert simple["waste_bytes"] == len(b"replaced below\n" * 40)
    assert multistage["facts"]["user"] == "nobody"
    left = report["left_behind"]
    assert sum(left["by_purpose"].values()) == left["bytes"] == sum(left["by_directory"].values())
    assert left["by_directory"]["/usr/local/go/bin"] == 180_000


def test_one_archive_has_nothing_to_leave_behind(archives: tuple[str, str]) -> None:
    assert json.loads(jettison("inspect", archives[1], "--json").stdout)["left_behind"] is None


def test_layers_are_tied_to_the_lines_of_a_dockerfile_that_is_named(archives: tuple[str, str], tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM base\nWORKDIR /app\nCOPY . .\n\nRUN go build -o main .\nCMD /app/main\n")
    done = jettison("inspect", archives[0], "--json", "-f", str(dockerfile))
    lines = [layer["dockerfile_line"] for layer in json.loads(done.stdout)["images"][0]["layers"]]
    assert lines == [None, 2, 3, 5]


def test_tables_name_purposes_layers_and_what_is_left_behind(archives: tuple[str, str]) -> None:
    done = jettison("inspect", *archives)
    for words in ("toolchain", "build cache", "layers of simple.tar", "does not carry", "/usr/local/go"):
        assert words in done.stdout


def test_limits_that_are_broken_end_with_1_and_say_which(archives: tuple[str, str]) -> None:
    done = jettison("inspect", archives[0], "--max-size", "1kB", "--forbid-path", "/usr/local/go", "--require-nonroot")
    assert done.returncode == 1
    assert done.stderr.count("✗ simple.tar: ") == 3


def test_limits_that_are_kept_end_with_0(archives: tuple[str, str]) -> None:
    limits = ("--max-size", "1MB", "--max-waste", "1%", "--require-static", "--require-nonroot")
    assert jettison("inspect", archives[1], *limits).returncode == 0


def test_the_picture_can_be_taken_along_as_svg_and_csv(archives: tuple[str, str]) -> None:
    svg = ET.fromstring(jettison("inspect", *archives, "--export", "svg").stdout)
    assert len(svg.findall(".//{http://www.w3.org/2000/svg}title")) > 4
    rows = list(csv.DictReader(io.StringIO(jettison("inspect", *archives, "--export", "csv").stdout)))
    assert {row["image"] for row in rows} == {"simple.tar", "multistage.tar"}
    assert sum(int(row["bytes"]) for row in rows if row["image"] == "simple.tar") > 300_000


def test_a_damaged_archive_is_told_in_a_sentence(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(SIMPLE_ARCHIVE[:-20_000])
    done = jettison("inspect", str(damaged))
    assert done.returncode == 2
    assert "damaged.tar" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_archive_can_come_through_a_pipe(archives: tuple[str, str]) -> None:
    with Path(archives[0]).open("rb") as archive:
        done = jettison_fed(archive, "inspect", "-", archives[0])
    assert done.returncode == 0, done.stderr
    assert "layers of stdin" in done.stdout
    assert "stdin has nothing that simple.tar does not carry." in done.stdout


@pytest.mark.parametrize("name", ["nowhere.tar", "./nowhere", "/"])
def test_a_file_that_cannot_be_read_is_told_without_asking_an_engine(name: str) -> None:
    done = jettison("inspect", name, DOCKER_HOST="unix:///nowhere.sock")
    assert done.returncode == 2
    assert f"{name} cannot be read: " in done.stderr


def test_an_image_without_a_name_is_wrong_usage() -> None:
    assert "one image or two, by name" in jettison("inspect", "").stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--max-size", "huge", "'huge' is no size: write it like 20MB or 1.5GiB"),
        ("--max-size", "5%", "'5%' is no size"),
        ("--max-size", "-5MB", "'-5MB' is no size"),
        ("--max-size", "nan", "'nan' is no size"),
        ("--max-size", f"{'9' * 400}TB", "is no size"),
        ("--max-waste", "x%", "'x%' is no share: write it like 5% or 0.5%, from 0% to 100%"),
        ("--max-waste", "-1%", "'-1%' is no share"),
        ("--max-waste", "nan%", "'nan%' is no share"),
        ("--max-waste", "100.1%", "'100.1%' is no share"),
        ("--max-waste", "many", "or as a share like 5%"),
        ("--forbid-path", "", "an empty path forbids nothing"),
        ("--forbid-path", "/", "'/' is the root folder"),
    ],
)
def test_a_limit_that_is_none_is_wrong_usage_and_says_how_to_write_it(option: str, value: str, said: str) -> None:
    done = CliRunner().invoke(main, ["inspect", "nowhere.tar", f"{option}={value}"])
    assert done.exit_code == 2
    assert said in done.stderr
    assert "could not convert" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.tar", "--json", "--export", "csv"), "--json and --export csv"),
        (("a.tar", "-f", "one", "-f", "two"), "more Dockerfiles than images"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["inspect", *arguments])
    assert done.exit_code == 2
    assert said in done.stderr


def test_tables_tell_facts_and_the_largest_waste_and_who_made_it(archives: tuple[str, str]) -> None:
    printed = jettison("inspect", *archives).stdout
    assert "facts of simple.tar\n  runs as root\n  command: /app/main\n  port: 8080/tcp\n" in printed
    assert "facts of multistage.tar\n  runs as nobody\n" in printed
    waste = printed.partition("largest waste in simple.tar\n")[2].splitlines()[1]
    assert waste == "600 B  /app/draft.txt  removed by RUN go build -o main ."
    assert "largest waste in multistage.tar" not in printed


def test_what_is_left_behind_is_told_by_purpose_and_by_folder(archives: tuple[str, str]) -> None:
    purposes, folders = jettison("inspect", *archives).stdout.partition("does not carry, by purpose\n")[2].split("\n\n")
    assert purposes.splitlines()[1].split() == ["180", "kB", "2", "toolchain"]
    assert folders.splitlines()[2].split() == ["180", "kB", "1", "/usr/local/go/bin"]
    assert folders.splitlines()[-1].split()[-1] == "elsewhere"


def test_layers_that_both_images_have_are_marked(archives: tuple[str, str]) -> None:
    alike = jettison("inspect", archives[0], archives[0]).stdout
    assert alike.count(" kB  shared  base image") == 2
    assert "shared  base image" not in jettison("inspect", *archives).stdout


def test_what_is_packed_is_measured_where_it_is_asked_for_and_never_left_out(archives: tuple[str, str]) -> None:
    unmeasured = jettison("inspect", archives[0]).stdout
    assert re.search(r"^packed \(computed\) +not measured$", unmeasured, re.MULTILINE)
    assert "--packed measures" in unmeasured
    measured = jettison("inspect", archives[0], "--packed").stdout
    assert "not measured" not in measured
    assert re.search(r"^packed \(computed\) +[0-9.]+ kB$", measured, re.MULTILINE)


def many_layers(folder: Path) -> str:
    """An archive of 50 layers with long instructions."""
    layers = [tar_of(Entry(f"file{number}", b"x" * number)) for number in range(1, 51)]
    history: list[object] = [{"created_by": f"RUN make {'long ' * 40}{number}"} for number in range(1, 51)]
    path = folder / "many.tar"
    path.write_bytes(docker_archive(layers, config=config_of(layers, history=history)))
    return str(path)


def test_into_a_pipe_all_layers_are_printed_whole(tmp_path: Path) -> None:
    printed = jettison("inspect", many_layers(tmp_path)).stdout
    assert f"RUN make {'long ' * 40}50\n" in printed
    assert "…" not in printed


def test_on_a_terminal_no_line_is_longer_than_it(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 70))
    environ = {"COLUMNS": "", "LINES": ""}
    with started_on(theirs, "inspect", many_layers(tmp_path), **environ) as process:
        os.close(theirs)
        with os.fdopen(ours, encoding="utf-8", errors="replace") as terminal:
            lines = list(lines_of(terminal))
        process.communicate()
    assert "… and 10 more; into a pipe all of them are printed." in lines
    assert sum(line.startswith(tuple("123456789 ")) and line.endswith("…") for line in lines) == 40
    assert max(map(len, lines)) == 70


def lines_of(terminal: TextIO) -> Iterator[str]:
    """What was printed; a terminal whose other end is closed says so by an error."""
    with suppress(OSError):
        for line in terminal:
            yield line.rstrip("\n")


def test_an_image_of_settings_alone_is_zero_bytes(tmp_path: Path, archives: tuple[str, str]) -> None:
    empty = tmp_path / "empty.tar"
    empty.write_bytes(docker_archive([], config=config_of([], config={"Cmd": ["/main"]})))
    report = json.loads(jettison("inspect", str(empty), "--json").stdout)["images"][0]
    assert (report["size_bytes"], report["layers"], report["compressed_bytes"]) == (0, [], 0)
    assert "none: only settings" in jettison("inspect", str(empty), archives[0]).stdout


@pytest.mark.parametrize(("pack", "packer"), [(lzma.compress, "xz"), (bz2.compress, "bzip2")])
def test_an_archive_that_is_packed_otherwise_says_how_to_unpack_it(
    tmp_path: Path, pack: Callable[[bytes], bytes], packer: str
) -> None:
    packed = tmp_path / "two words.tar"
    packed.write_bytes(pack(SIMPLE_ARCHIVE))
    done = jettison("inspect", str(packed))
    assert done.returncode == 2
    assert f"is packed with {packer}" in done.stderr
    assert f"{packer} -dc '{packed}' | jettison inspect -" in done.stderr
    with packed.open("rb") as file:
        assert f"{packer} -dc | jettison inspect -" in jettison_fed(file, "inspect", "-").stderr


def test_what_is_not_known_is_null(archives: tuple[str, str]) -> None:
    layers = json.loads(jettison("inspect", archives[0], "--json").stdout)["images"][0]["layers"]
    assert [(layer["dockerfile_line"], layer["stage"]) for layer in layers] == [(None, None)] * 4


def test_a_name_is_an_image_before_it_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("simple").write_bytes(MULTISTAGE_ARCHIVE)
    image = jettison("inspect", "simple", "--engine", "replay", "--json")
    assert json.loads(image.stdout)["images"][0]["size_bytes"] > 300_000_000
    assert "simple: the image is taken." in image.stderr
    assert "jettison inspect ./simple " in image.stderr
    file = jettison("inspect", "./simple", "--engine", "replay", "--json")
    assert json.loads(file.stdout)["images"][0]["size_bytes"] < 100_000
    assert "is taken" not in file.stderr


@pytest.mark.parametrize(("name", "engine"), [("simple", "unix:///nowhere.sock"), ("echo", "replay")])
def test_a_file_is_taken_where_no_engine_has_an_image_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, engine: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(MULTISTAGE_ARCHIVE)
    done = jettison("inspect", name, "--engine", engine, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["images"][0]["size_bytes"] < 100_000
    assert f"the file ./{name} is taken" in done.stderr


def test_the_replay_knows_the_inside_of_its_images() -> None:
    done = jettison("inspect", "simple", "multistage", "--engine", "replay", "--json")
    assert done.returncode == 0, done.stderr
    simple, multistage = json.loads(done.stdout)["images"]
    assert simple["size_bytes"] == simple["unpacked_bytes"]
    assert multistage["layers"][-1]["stage"] == "production"
