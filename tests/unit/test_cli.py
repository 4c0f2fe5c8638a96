"""The command line as a script sees it: stdout, stderr, exit codes. No engine is needed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.shell import jettison, started_on
from tui.cli import main
from tui.engine import discovery
from tui.engine.endpoint import Endpoint


def test_compare_on_a_replay_prints_one_json_object_and_says_that_it_is_recorded() -> None:
    done = jettison("compare", "--engine", "replay", "--json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert data["edition"] == "current"
    assert data["ratio"] > 20
    assert data["engine"]["recorded_on"]
    assert [variant["name"] for variant in data["variants"]] == ["simple", "multistage"]
    assert all(variant["layers"] and variant["steps"] for variant in data["variants"])
    assert "recorded on" in done.stderr


@pytest.mark.parametrize("name", ["current", "2019"])
def test_the_table_of_a_comparison_names_the_recording_and_the_metric(name: str) -> None:
    done = jettison("compare", "--engine", "replay", "--edition", name)
    assert done.returncode == 0
    assert "recorded on" in done.stdout
    assert "(unpacked size)" in done.stdout
    assert "on stand-in base images" in done.stdout


def test_without_a_terminal_the_bare_command_compares() -> None:
    done = jettison("--engine", "replay")
    assert done.returncode == 0
    assert done.stdout.startswith("VARIANT")


def test_build_prints_image_ids_and_logs_go_to_stderr() -> None:
    done = jettison("build", "multistage", "--engine", "replay")
    assert done.returncode == 0
    assert done.stdout.startswith("sha256:")
    assert "multistage: 12.1 MB in " in done.stderr


def test_a_stage_can_be_built_alone() -> None:
    done = jettison("build", "builder", "--engine", "replay", "--json")
    assert json.loads(done.stdout)["variants"][0]["target"] == "builder"


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (("--engine", "unix:///absent.sock"), {}),
        ((), {"DOCKER_HOST": "unix:///absent.sock"}),
        ((), {"DOCKER_CONTEXT": "nowhere"}),
    ],
)
def test_a_named_engine_that_cannot_be_had_is_exit_3_and_offers_the_replay(
    arguments: tuple[str, ...], environ: dict[str, str]
) -> None:
    done = jettison("compare", *arguments, **environ)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "--engine replay" in done.stderr


def test_with_nothing_named_and_nothing_found_a_recording_steps_in_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Endpoint(f"unix://{tmp_path}/absent.sock", "the default socket")
    monkeypatch.setattr(discovery, "_usual", lambda environ: iter([nowhere]))
    done = CliRunner().invoke(main, ["compare", "--json"])
    assert done.exit_code == 0
    assert "Showing a recorded build instead: nothing is built here." in done.stderr
    assert json.loads(done.stdout)["engine"]["recorded_on"]


def test_doctor_tells_of_every_place_and_exits_3_without_an_engine() -> None:
    done = jettison("doctor", "--engine", "unix:///absent.sock", "--json")
    assert done.returncode == 3
    report = json.loads(done.stdout)
    assert report["engine"] is None
    assert report["tried"] == [
        {
            "source": "--engine",
            "endpoint": "unix:///absent.sock",
            "problem": "not there",
            "detail": "No such file or directory",
        }
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "unheard-of", "--engine", "replay"),
        ("compare", "--edition", "1999"),
        ("compare", "--context", "/absent"),
        ("nonsense",),
        ("--engine", "replay", "compare"),
        ("record", "--engine", "replay"),
        ("run", "--engine", "replay"),
        ("run", "unheard-of", "--engine", "replay"),
        ("run", "--both", "--port", "8080"),
        ("run", "simple", "--port", "0"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_sentence(arguments: tuple[str, ...]) -> None:
    done = jettison(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_cleaning_up_a_replay_finds_nothing() -> None:
    done = jettison("clean", "--engine", "replay", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"containers": [], "images": [], "removed": [], "removed_containers": []}


@pytest.mark.parametrize("named", ["replay", "unix:///absent.sock"])
def test_without_an_engine_nothing_can_be_run(named: str) -> None:
    done = jettison("run", "--both", "--probe", "--json", "--engine", named)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.strip()


def test_help_lists_commands_and_exit_codes() -> None:
    done = jettison("--help")
    assert done.returncode == 0
    for word in ("compare", "build", "run", "doctor", "record", "clean", "130 interrupted", "141 "):
        assert word in done.stdout


PRINTS = [("--help",), ("lessons",), ("compare", "--engine", "replay", "--json"), ("doctor", "--engine", "replay")]


@pytest.mark.parametrize("arguments", PRINTS)
def test_a_reader_that_leaves_ends_a_command_quietly(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = started_on(writer, *arguments)
    os.close(writer)
    _, narrated = process.communicate()
    assert process.returncode == 141
    assert "Traceback" not in narrated
    assert "Broken pipe" not in narrated


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
@pytest.mark.parametrize("arguments", PRINTS)
def test_output_that_finds_no_room_is_told_in_a_sentence(arguments: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    process = started_on(full, *arguments)
    os.close(full)
    _, narrated = process.communicate()
    assert process.returncode == 1
    assert narrated.count("jettison: No room left where the output goes") == 1
    assert "Traceback" not in narrated
