"""What goes wrong with engines: killed, full, strangers' settings. Each is an event or one of our few errors."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import run
from tests.lab import dockerd
from tests.lab.plugin import TINY, LabEngine
from tests.needs import need
from tui.engine.docker_engine import open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.errors import EngineLost, ImageInUse, ImageNotFound
from tui.engine.events import BuildFailed, BuildSucceeded, FailureKind, StepOutput
from tui.engine.request import Builder, BuildRequest


def request(folder: Path, dockerfile: str, builder: Builder) -> BuildRequest:
    context = folder / "context"
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(dockerfile.replace("BASE", TINY))
    return BuildRequest(context, Path("Dockerfile"), "jettison-test/fault:1", builder=builder, no_cache=True)


@pytest.mark.parametrize("builder", list(Builder))
def test_an_engine_that_is_killed_in_the_middle_is_a_lost_engine(
    private_engine: dockerd.EngineParts, tmp_path: Path, builder: Builder
) -> None:
    engine = open_engine(Endpoint(private_engine.docker_host, "private"))
    events = []
    for event in engine.build(request(tmp_path, "FROM BASE\nRUN echo begun; sleep 30\n", builder)).events():
        events.append(event)
        if isinstance(event, StepOutput):
            dockerd.kill(private_engine)
    last = events[-1]
    assert isinstance(last, BuildFailed)
    assert last.kind is FailureKind.ENGINE_LOST
    with pytest.raises(EngineLost, match="docker info"):
        engine.inspect(TINY)
    dockerd.start(private_engine)
    assert engine.inspect(TINY).image_id.startswith("sha256:")


@pytest.fixture
def small_engine(tmp_path: Path) -> Iterator[dockerd.EngineParts]:
    """An engine whose disk holds 60 MB."""
    reason = dockerd.why_not()
    need(reason is None, "a private dockerd", reason or "")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", disk], check=True)
    parts = dockerd.EngineParts(disk / "engine", "jettest2", "10.213.11.1/24")
    try:
        dockerd.start(parts)
        dockerd.pull(parts.docker_host, TINY)
        yield parts
    finally:
        dockerd.discard(parts)
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("builder", list(Builder))
def test_a_full_disk_is_told_as_such(small_engine: dockerd.EngineParts, tmp_path: Path, builder: Builder) -> None:
    engine = open_engine(Endpoint(small_engine.docker_host, "private"))
    last = run(engine, request(tmp_path, "FROM BASE\nRUN dd if=/dev/zero of=/zeros bs=1000000 count=200\n", builder))[
        -1
    ]
    assert isinstance(last, BuildFailed)
    assert last.kind is FailureKind.DISK_FULL, last
    # The engine is not lost: whether it finds room again is its own affair.
    assert engine.inspect(TINY).image_id.startswith("sha256:")
    engine.close()


def test_a_missing_credential_helper_does_not_stop_a_local_build(
    lab_engine: LabEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "docker-config"
    config.mkdir()
    (config / "config.json").write_text(json.dumps({"credsStore": "absent-helper"}))
    monkeypatch.setenv("DOCKER_CONFIG", str(config))
    engine = open_engine(Endpoint(lab_engine.docker_host, "the lab"))
    assert isinstance(run(engine, request(tmp_path, "FROM BASE\nRUN echo hi\n", Builder.BUILDKIT))[-1], BuildSucceeded)
    engine.remove_image("jettison-test/fault:1")


def test_questions_about_images_that_are_absent_or_in_use_get_our_own_errors(
    lab_engine: LabEngine, tmp_path: Path
) -> None:
    engine = open_engine(Endpoint(lab_engine.docker_host, "the lab"))
    with pytest.raises(ImageNotFound, match="docker images"):
        engine.inspect("jettison-test/absent:1")
    with pytest.raises(ImageNotFound):
        engine.remove_image("jettison-test/absent:1")
    last = run(engine, request(tmp_path, "FROM BASE\nRUN echo used\n", Builder.CLASSIC))[-1]
    assert isinstance(last, BuildSucceeded)
    client = lab_engine.client()
    container = client.containers.create(last.image.image_id, ["sh"])
    try:
        with pytest.raises(ImageInUse):
            engine.remove_image(last.image.image_id)
    finally:
        container.remove()
        client.close()
    assert engine.remove_image("jettison-test/fault:1") >= 0
