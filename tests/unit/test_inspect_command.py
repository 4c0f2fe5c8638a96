"""`jettison inspect` on archive files, where no engine is needed."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.sample_archives import MULTISTAGE_ARCHIVE, SIMPLE_ARCHIVE
from tests.shell import jettison, jettison_fed


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


@pytest.mark.parametrize("limit", [("--max-size", "huge"), ("--max-waste", "many%")])
def test_a_limit_that_is_no_size_is_wrong_usage(archives: tuple[str, str], limit: tuple[str, str]) -> None:
    assert jettison("inspect", archives[0], *limit).returncode == 2


def test_the_replay_knows_the_inside_of_its_images() -> None:
    done = jettison("inspect", "simple", "multistage", "--engine", "replay", "--json")
    assert done.returncode == 0, done.stderr
    simple, multistage = json.loads(done.stdout)["images"]
    assert simple["size_bytes"] == simple["unpacked_bytes"]
    assert multistage["layers"][-1]["stage"] == "production"
