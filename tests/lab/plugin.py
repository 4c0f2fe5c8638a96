"""The lab's engine as pytest fixtures, and a summary line that says what was not tested without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import docker
import docker.errors
import pytest

from tests.lab import dockerd
from tests.lab.bases import tiny_base
from tests.lab.state import read_state
from tests.needs import need

TINY = "jettison-test-base:1"
"""A base image of nothing but a shell."""


@dataclass(frozen=True, slots=True)
class LabEngine:
    """The real engine that tests use."""

    docker_host: str

    def client(self) -> docker.DockerClient:
        """A client of docker's own, to look at the engine past our code."""
        return docker.DockerClient(base_url=self.docker_host)


@pytest.fixture(scope="session")
def lab_engine() -> Iterator[LabEngine]:
    """An engine with the tutorial's base images, real or stand-ins."""
    state = read_state()
    need(state is not None and dockerd.answers(state.docker_host), "a container engine", "run make lab first")
    assert state is not None
    tiny_base(state.docker_host, TINY)
    yield LabEngine(state.docker_host)
    _remove_untagged_offspring(state.docker_host)


def _remove_untagged_offspring(docker_host: str) -> None:
    """Take away what tests' builds on the tiny base image left: the classic builder keeps an image of every step."""
    client = docker.DockerClient(base_url=docker_host)
    base = client.images.get(TINY)
    layers = base.attrs["RootFS"]["Layers"]
    ours = [
        str(image.id)
        for image in client.images.list(all=True)
        if not image.tags and image.id != base.id and image.attrs["RootFS"]["Layers"][: len(layers)] == layers
    ]
    left: list[str] = []
    while len(ours) != len(left):
        left = ours
        # What is left in the end is below a tagged image, which a test that failed left behind.
        ours = [id for id in ours if not _was_removed(client, id)]
    client.close()


def _was_removed(client: docker.DockerClient, image_id: str) -> bool:
    """Remove an image that may have gone with its child; False where a child is still there."""
    try:
        client.images.remove(image_id, force=True)
    except docker.errors.NotFound:
        return True
    except docker.errors.APIError as error:
        if error.status_code != HTTPStatus.CONFLICT:
            raise
        return False
    return True


@pytest.fixture
def private_engine(tmp_path: Path) -> Iterator[dockerd.EngineParts]:
    """An engine that a test may kill: its own, small, with the tiny base image only."""
    reason = dockerd.why_not()
    need(reason is None, "a private dockerd", reason or "")
    parts = dockerd.EngineParts(tmp_path / "engine", "jettest0", "10.213.8.1/24")
    dockerd.start(parts, "--storage-driver=overlay2")
    tiny_base(parts.docker_host, TINY)
    yield parts
    dockerd.discard(parts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what a run left out."""
    reports = terminalreporter.stats.get("skipped", [])
    missing = {
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports if isinstance(report.longrepr, tuple)
    }
    for reason in sorted(missing):
        terminalreporter.write_line(f"not tested, {reason}")
