"""What tests on a real engine share."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.places import authority_file, lab_folder
from tests.lab.plugin import TINY, LabEngine
from tui.engine.containers import Container, ContainerRequest
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.errors import ContainerNotFound
from tui.engine.events import BuildEvent
from tui.engine.request import Builder, BuildRequest

MakeRequest = Callable[..., BuildRequest]
MakeContainer = Callable[..., ContainerRequest]


@pytest.fixture(scope="session", autouse=True)
def trust_the_lab() -> Iterator[None]:
    """As on a machine whose system trusts the authority of the lab's registry: tokens are fetched on our side."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority_file(lab_folder())))
        yield


@pytest.fixture(params=list(Builder), ids=[builder.value for builder in Builder])
def builder(request: pytest.FixtureRequest) -> Builder:
    """Each test runs on both builders."""
    chosen: Builder = request.param
    return chosen


@pytest.fixture
def builder_engine(request: pytest.FixtureRequest) -> LabEngine:
    """The engine for the test's builder; for a test without this choice, the engine of today."""
    chosen = request.getfixturevalue("builder") if "builder" in request.fixturenames else Builder.BUILDKIT
    found: LabEngine = request.getfixturevalue("classic_engine" if chosen == Builder.CLASSIC else "lab_engine")
    return found


@pytest.fixture
def engine(builder_engine: LabEngine) -> Iterator[DockerEngine]:
    """The lab's engine through our own code."""
    opened = open_engine(Endpoint(builder_engine.docker_host, "the lab"))
    yield opened
    opened.close()


@pytest.fixture
def make_request(tmp_path: Path, builder: Builder, builder_engine: LabEngine) -> Iterator[MakeRequest]:
    """Requests for Dockerfiles written on the spot; `BASE` in them is the tiny base image. Images go afterwards."""
    tags: list[str] = []

    def make(text: str, files: dict[str, bytes] | None = None, **changes: object) -> BuildRequest:
        context = tmp_path / "context"
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text(text.replace("BASE", TINY))
        for name, content in (files or {}).items():
            (context / name).write_bytes(content)
        tag = f"jettison-test-{os.getpid()}/{tmp_path.name.lower()}:{builder.value}"
        tags.append(tag)
        given = {"context": context, "dockerfile": Path("Dockerfile"), "tag": tag, "builder": builder, **changes}
        return BuildRequest(**given)  # type: ignore[arg-type]

    yield make
    client = builder_engine.client()
    present = {tag for one in client.images.list() for tag in one.tags}
    for tag in present & set(tags):
        client.images.remove(tag, force=True)
    client.close()


@pytest.fixture
def make_container(engine: DockerEngine, tmp_path: Path) -> Iterator[MakeContainer]:
    """Requests for containers that run a line of shell in the tiny base image. What is made of them goes afterwards."""
    numbers = itertools.count(1)
    label = ("jettison-test.of", f"{os.getpid()}-{tmp_path.name}")

    def make(script: str = "", **changes: object) -> ContainerRequest:
        name = f"jettison-test-{os.getpid()}-{next(numbers)}"
        command = ("sh", "-c", script) if script else ()
        given = {"image": TINY, "name": name, "labels": (label,), "command": command, **changes}
        return ContainerRequest(**given)  # type: ignore[arg-type]

    yield make
    for left in engine.containers.labelled(*label):
        with contextlib.suppress(ContainerNotFound):
            engine.containers.remove(left.container_id)


def started(engine: DockerEngine, request: ContainerRequest) -> Container:
    """A container of this request, running."""
    return engine.containers.start(engine.containers.create(request))


def run(engine: DockerEngine, request: BuildRequest) -> list[BuildEvent]:
    """All events of a build."""
    return list(engine.build(request).events())
