"""Build options on the command line: what is refused, what reaches the engine, and that no secret is ever written."""

from __future__ import annotations

import gzip
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, a_build
from tests.shell import jettison
from tui.cli import main
from tui.commands import building
from tui.commands.run import build_missing
from tui.engine.request import Builder, SecretFile, SecretVariable
from tui.session.build_options.model import BuildOptions
from tui.session.options import StartOptions
from tui.session.variants import edition
from tui.session.workbench import Workbench

IN_FILE = "value-of-the-file"
IN_VARIABLE = "value-of-the-variable"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a project of one's own, with a token that is none of it."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM golang AS build\nFROM scratch\n")
    (tmp_path / "token").write_text(IN_FILE)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ScriptedEngine:
    """The engine that every command finds."""
    scripted = ScriptedEngine()
    scripted.scripts = {**scripted.scripts, "dockerfile": a_build(SIMPLE_IMAGE)}
    monkeypatch.setattr(building, "connect_or_replay", lambda *_: (scripted, None))
    monkeypatch.setattr(building, "connect", lambda *_: scripted)
    return scripted


def run(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ, catch_exceptions=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--secret", "id=t,src=/absent"), "the file /absent cannot be used"),
        (("build", "--secret", "id=t,env=ABSENT"), "no environment variable ABSENT"),
        (("compare", "--ssh", "default"), "$SSH_AUTH_SOCK is not set"),
        (("compare", "--platform", "amd"), "write it like linux/amd64"),
        (("run", "simple", "--build-arg", "=1"), "has no name"),
        (("record", "--secret", "token"), "is not of the form key=value"),
        (("build", "--target", "build"), "--target is for Dockerfiles of your own"),
        (("build", "--builder", "classic", "--secret", "id=t,env=HOME"), "needs BuildKit, but"),
        (("build", "--build-arg", "A=1", "--context", "https://example.com/app.git"), "is not on this machine"),
        (("build", "--context", "-"), "from standard input"),
        (("compare", "-f", "absent"), "no Dockerfile absent"),
        (("--build-arg", "A=1", "--platform", "linux/arm64", "build"), "--build-arg"),
    ],
)
def test_an_option_that_cannot_be_used_is_exit_2_with_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    done = jettison(*arguments, "--engine", "unix:///absent.sock")
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_variable_that_cannot_be_understood_is_exit_2_where_something_is_built() -> None:
    assert "DOCKER_BUILDKIT is 'yes'" in jettison("build", "--engine", "replay", DOCKER_BUILDKIT="yes").stderr
    assert jettison("build", "--engine", "replay", DOCKER_DEFAULT_PLATFORM="?").returncode == 2
    assert jettison("inspect", "simple", "--engine", "replay", DOCKER_BUILDKIT="yes").returncode != 2


def test_a_folder_that_is_called_like_a_remote_context_is_a_folder(project: Path, engine: ScriptedEngine) -> None:
    (project / "github.com" / "me").mkdir(parents=True)
    (project / "github.com" / "me" / "Dockerfile").write_text("FROM scratch\n")
    assert run("build", "--context", "github.com/me").exit_code == 0
    assert [request.context for request in engine.requests] == [project / "github.com" / "me"]


@pytest.mark.parametrize("command", ["build", "compare"])
@pytest.mark.usefixtures("project")
def test_options_reach_the_engine_and_the_shown_command(engine: ScriptedEngine, command: str) -> None:
    done = run(
        *(command, "--context", ".", "--build-arg", "A=1", "--build-arg", "TOKEN", "--secret", "id=t,src=../token"),
        *("--platform", "arm64", "--target", "build", "--pull"),
        TOKEN="of the environment",
    )
    assert done.exit_code == 0
    (request,) = engine.requests
    assert request.build_args == (("A", "1"), ("TOKEN", "of the environment"))
    assert request.secrets == (SecretFile("t", Path.cwd().parent / "token"),)
    assert (request.platform, request.target, request.pull) == ("linux/arm64", "build", True)
    assert (
        "--target build --platform linux/arm64 --build-arg A=1 --build-arg TOKEN --secret id=t,src=../token --pull ."
        in done.stderr
    )


def test_the_tutorial_s_pair_has_them_too(engine: ScriptedEngine) -> None:
    assert run("compare", "--build-arg", "A=1", "--platform", "linux/amd64").exit_code == 0
    assert [(one.build_args, one.platform) for one in engine.requests] == [((("A", "1"),), "linux/amd64")] * 2


def test_docker_buildkit_0_and_a_default_platform_hold_for_each_build(engine: ScriptedEngine) -> None:
    done = run("compare", DOCKER_BUILDKIT="0", DOCKER_DEFAULT_PLATFORM="linux/arm64")
    assert {(one.builder, one.platform) for one in engine.requests} == {(Builder.CLASSIC, "linux/arm64")}
    assert "$ DOCKER_BUILDKIT=0 docker build " in done.stderr


def test_a_secret_for_an_engine_that_has_the_classic_builder_alone_is_refused(
    engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.info = replace(engine.info, builder=Builder.CLASSIC)
    done = run("build", "--secret", "id=t,env=T", T="x")
    assert done.exit_code == 2
    assert "needs BuildKit, but" in done.stderr
    assert not engine.requests


def test_a_run_with_options_builds_even_what_is_there(engine: ScriptedEngine) -> None:
    project = edition("current")
    for build in (BuildOptions(), BuildOptions(), BuildOptions((("A", "1"),))):
        bench = Workbench(engine, options=build)
        assert build_missing(bench, project, project.variants[:1], StartOptions(build=build))
    assert [request.build_args for request in engine.requests] == [(), (("A", "1"),)]


def test_a_recorded_build_says_that_options_change_nothing() -> None:
    done = jettison("build", "simple", "--engine", "replay", "--build-arg", "A=1", "--pull")
    assert done.returncode == 0
    assert "--build-arg, --pull: a recorded build is shown as it was, without these." in done.stderr


def test_a_configuration_that_cannot_be_read_is_told_and_stops_nothing(tmp_path: Path, engine: ScriptedEngine) -> None:
    (tmp_path / "config.json").write_text("{")
    done = run("compare", DOCKER_CONFIG=str(tmp_path))
    assert done.exit_code == 0
    assert done.stderr.count(f"jettison: {tmp_path}/config.json is not valid JSON") == 1
    doctor = jettison("doctor", "--engine", "unix:///absent.sock", DOCKER_CONFIG=str(tmp_path))
    assert f"✗ config       {tmp_path}/config.json is not valid JSON" in doctor.stdout


@pytest.mark.parametrize("command", ["build", "compare", "clean", "run simple"])
def test_each_command_that_looks_for_an_engine_tells_of_such_a_configuration(tmp_path: Path, command: str) -> None:
    (tmp_path / "config.json").write_text("[]")
    done = jettison(*command.split(), "--engine", "unix:///absent.sock", DOCKER_CONFIG=str(tmp_path))
    assert done.returncode == 3
    assert done.stderr.count("config.json does not hold a JSON object") == 1


def test_doctor_tells_what_holds_for_builds(tmp_path: Path) -> None:
    done = jettison(
        *("doctor", "--engine", "unix:///absent.sock", "--json"),
        DOCKER_CONFIG=str(tmp_path),
        DOCKER_DEFAULT_PLATFORM="linux/arm64",
        BUILDX_BUILDER="remote",
    )
    assert json.loads(done.stdout)["docker_settings"] == {
        "warning": None,
        "proxies": [],
        "builds": [
            "DOCKER_DEFAULT_PLATFORM=linux/arm64: for linux/arm64.",
            "buildx uses the builder remote; Jettison builds with the engine's own.",
        ],
    }


def test_images_of_one_size_are_said_to_be_the_same_size(engine: ScriptedEngine) -> None:
    engine.scripts = {name: a_build(SIMPLE_IMAGE) for name in ("simple", "multistage")}
    assert "\nsimple and multistage are the same size (unpacked size)\n" in run("compare").stdout


# Secrets.


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged, down to the smallest matter."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.mark.parametrize("command", [("build", "--context", "."), ("build",), ("compare",), ("record",)])
@pytest.mark.usefixtures("project")
def test_no_secret_is_ever_written_or_told(
    engine: ScriptedEngine, own_home: Path, logged: pytest.LogCaptureFixture, command: tuple[str, ...]
) -> None:
    secrets = ("--secret", "id=f,src=../token", "--secret", "id=v,env=TOKEN")
    done = run(*command, *secrets, TOKEN=IN_VARIABLE)
    assert done.exit_code == 0
    assert all(
        request.secrets == (SecretFile("f", Path.cwd().parent / "token"), SecretVariable("v", "TOKEN"))
        for request in engine.requests
    )
    told = [done.stdout, done.stderr, logged.text, repr(engine.requests), *map(read, written_below(own_home, Path()))]
    assert any("docker build" in text for text in told) or command == ("record",)
    for text in told:
        assert IN_FILE not in text
        assert IN_VARIABLE not in text


def written_below(*folders: Path) -> list[Path]:
    return [Path(folder, name) for top in folders for folder, _, names in os.walk(top) for name in names]


def read(file: Path) -> str:
    content = file.read_bytes()
    return (gzip.decompress(content) if file.suffix == ".gz" else content).decode("utf-8", "replace")
