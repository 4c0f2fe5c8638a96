"""The lab's engines and registry as pytest fixtures, and a summary line that says what was not tested without them."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import docker
import docker.errors
import pytest

from tests.lab import dockerd
from tests.lab.bases import TINY
from tests.lab.dockerd import EngineKind, EngineParts, lab_engine_parts
from tests.lab.modern import inside, lab_environ
from tests.lab.places import lab_folder
from tests.lab.registry.client import LabRegistry
from tests.needs import need

__all__ = ["TINY", "LabEngine"]


@dataclass(frozen=True, slots=True)
class LabEngine:
    """A real engine that tests use."""

    docker_host: str

    def client(self) -> docker.DockerClient:
        """A client of docker's own, to look at the engine past our code."""
        return docker.DockerClient(base_url=self.docker_host)

    def listed_size(self, image: str) -> int:
        """The size of an image, by its ID or tag, as `docker image ls` has it."""
        client = self.client()
        [listed] = [one for one in client.api.images() if image in (one["Id"], *one["RepoTags"])]
        client.close()
        return int(listed["Size"])

    def forget(self, reference: str) -> None:
        """Remove an image where it is there, so that the next build pulls it."""
        client = self.client()
        with contextlib.suppress(docker.errors.ImageNotFound):
            client.images.remove(reference, force=True)
        client.close()


@pytest.fixture(scope="session")
def lab_engine() -> Iterator[LabEngine]:
    """The engine of all tests: Docker as it is installed today, with containerd's store."""
    yield from _running(EngineKind.CONTAINERD)


@pytest.fixture(scope="session")
def classic_engine() -> Iterator[LabEngine]:
    """Docker 20.10, for its classic builder."""
    yield from _running(EngineKind.CLASSIC)


@pytest.fixture(scope="session")
def overlay2_engine() -> Iterator[LabEngine]:
    """Docker as it is installed today, with the store that it had before; it begins empty."""
    need(dockerd.why_not(EngineKind.OVERLAY2) is None, "a private dockerd", "run make lab first")
    parts = lab_engine_parts(EngineKind.OVERLAY2)
    dockerd.discard(parts)
    with _started(parts, TINY):
        yield LabEngine(parts.docker_host)


@pytest.fixture
def lab_registry() -> LabRegistry:
    """The lab's registry; its requests are those that come from now on."""
    registry = LabRegistry.of(lab_folder())
    need(registry.answers(), "the lab's registry", "run make lab first")
    return registry


@pytest.fixture
def private_engine(tmp_path: Path) -> Iterator[EngineParts]:
    """An engine that a test may kill: its own, with the tiny base image only."""
    reason = dockerd.why_not()
    need(reason is None, "a private dockerd", reason or "")
    parts = EngineParts(tmp_path / "engine", "jettest0", "10.213.8.1/24")
    with _started(parts, TINY):
        yield parts


@pytest.fixture
def empty_engine(tmp_path: Path) -> Iterator[LabEngine]:
    """An engine without any image, as a learner's is on the first day."""
    reason = dockerd.why_not()
    need(reason is None, "a private dockerd", reason or "")
    parts = EngineParts(tmp_path / "empty", "jettest1", "10.213.10.1/24")
    with _started(parts):
        yield LabEngine(parts.docker_host)


@pytest.fixture(scope="session")
def buildx_cli(lab_engine: LabEngine) -> Callable[[Sequence[str]], subprocess.CompletedProcess[str]]:
    """`docker buildx` as it is installed today, on the lab's engine: called with what follows these two words.

    It sees the files below the temporary folder and the lab's own, and nothing else of this machine.
    """
    lab = lab_folder()

    def call(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        command = inside(lab, ["docker", "--host", lab_engine.docker_host, "buildx", *arguments])
        return subprocess.run(command, env=lab_environ(lab), capture_output=True, text=True, check=False)

    return call


@contextlib.contextmanager
def _started(parts: EngineParts, *images: str) -> Iterator[None]:
    """A private engine with these images, taken away again whatever happens."""
    try:
        dockerd.start(parts)
        for image in images:
            dockerd.pull(parts.docker_host, image)
        yield
    finally:
        dockerd.discard(parts)


def _running(kind: EngineKind) -> Iterator[LabEngine]:
    """One of the engines that `make lab` started."""
    docker_host = lab_engine_parts(kind).docker_host
    need(dockerd.answers(docker_host), "the lab's engines", "run make lab first")
    dockerd.pull(docker_host, TINY)
    yield LabEngine(docker_host)
    _remove_untagged_offspring(docker_host)


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what a run left out."""
    reports = terminalreporter.stats.get("skipped", [])
    missing = {
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports if isinstance(report.longrepr, tuple)
    }
    for reason in sorted(missing):
        terminalreporter.write_line(f"not tested, {reason}")
