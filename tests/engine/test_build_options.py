"""Build options on a real engine: they reach the build, the shown command says the same, and no secret is written."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import secrets
from pathlib import Path

import pytest

from tests.lab.plugin import TINY, LabEngine
from tests.shell import jettison
from tests.support.ssh_agent import real_agent

DOCKERFILE = f"""
FROM {TINY} AS first
ARG VERSION
ARG TOKEN
RUN --mount=type=secret,id=file --mount=type=secret,id=variable --mount=type=ssh \\
    echo "version=$VERSION token=$TOKEN no=$no_proxy" && sha256sum /run/secrets/* && test -S "$SSH_AUTH_SOCK"
FROM scratch AS last
COPY nothing-of-the-kind /
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a Dockerfile whose last stage cannot be built."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_text(DOCKERFILE)
    monkeypatch.chdir(folder)
    return folder


def test_all_options_reach_the_build_and_no_secret_is_written(
    lab_engine: LabEngine, project: Path, own_home: Path, tmp_path: Path
) -> None:
    values = [secrets.token_hex(), secrets.token_hex()]
    (tmp_path / "secret").write_text(values[0])
    (tmp_path / "config.json").write_text(json.dumps({"proxies": {"default": {"noProxy": "example.com"}}}))
    with real_agent(tmp_path) as agent:
        done = jettison(
            *("build", "--context", ".", "--target", "first", "--no-cache", "--json"),
            *("--secret", "id=file,src=../secret", "--secret", "id=variable,env=THE_SECRET", "--ssh", "default"),
            *("--build-arg", "VERSION=1.2", "--build-arg", "TOKEN", "--platform", "linux/amd64"),
            DOCKER_HOST=lab_engine.docker_host,
            DOCKER_CONFIG=str(tmp_path),
            SSH_AUTH_SOCK=str(agent.socket),
            THE_SECRET=values[1],
            TOKEN="inherited",
        )
    assert done.returncode == 0, done.stderr
    assert "version=1.2 token=inherited no=example.com" in done.stderr
    for value in values:
        assert hashlib.sha256(value.encode()).hexdigest() in done.stderr
    assert (
        "--target first --platform linux/amd64 --build-arg VERSION=1.2 --build-arg TOKEN "
        "--secret id=file,src=../secret --secret id=variable,env=THE_SECRET --ssh default --no-cache ." in done.stderr
    )
    written = [read(Path(folder, name)) for folder, _, names in os.walk(own_home) for name in names]
    assert written
    for text in (done.stdout, done.stderr, *written):
        assert not any(value in text for value in values)
    assert jettison("clean", "--yes", DOCKER_HOST=lab_engine.docker_host).returncode == 0


def test_docker_buildkit_0_builds_by_the_classic_builder(classic_engine: LabEngine, project: Path) -> None:
    (project / "Dockerfile").write_text(f"FROM {TINY}\nRUN echo $no_proxy\n")
    environ = {"DOCKER_HOST": classic_engine.docker_host, "DOCKER_BUILDKIT": "0"}
    done = jettison("build", "--context", ".", **environ)
    assert done.returncode == 0, done.stderr
    assert " · classic · " in done.stderr
    assert "$ DOCKER_BUILDKIT=0 docker build " in done.stderr
    assert jettison("clean", "--yes", **environ).returncode == 0


def read(file: Path) -> str:
    content = file.read_bytes()
    return (gzip.decompress(content) if file.suffix == ".gz" else content).decode("utf-8", "replace")
