"""What tests on a real engine share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.plugin import TINY, LabEngine
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.events import BuildEvent
from tui.engine.model import Builder, BuildRequest

MakeRequest = Callable[..., BuildRequest]


@pytest.fixture(params=list(Builder), ids=[builder.value for builder in Builder])
def builder(request: pytest.FixtureRequest) -> Builder:
    """Each test runs on both builders."""
    chosen: Builder = request.param
    return chosen


@pytest.fixture
def engine(lab_engine: LabEngine) -> Iterator[DockerEngine]:
    """The lab's engine through our own code."""
    opened = open_engine(Endpoint(lab_engine.docker_host, "the lab"))
    yield opened
    opened.close()


@pytest.fixture
def make_request(tmp_path: Path, builder: Builder, lab_engine: LabEngine) -> Iterator[MakeRequest]:
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
    client = lab_engine.client()
    present = {tag for one in client.images.list() for tag in one.tags}
    for tag in present & set(tags):
        client.images.remove(tag, force=True)
    client.close()


def run(engine: DockerEngine, request: BuildRequest) -> list[BuildEvent]:
    """All events of a build."""
    return list(engine.build(request).events())
