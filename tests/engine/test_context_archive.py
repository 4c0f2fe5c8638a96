"""What the classic builder copies of a context that it gets as an archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import MakeRequest, run
from tests.lab.plugin import LabEngine
from tests.support.image_files import image_files
from tui.engine.docker_engine import DockerEngine
from tui.engine.events import BuildSucceeded
from tui.engine.request import Builder, BuildRequest


@pytest.fixture
def builder() -> Builder:
    return Builder.CLASSIC


def copied(engine: DockerEngine, request: BuildRequest, classic_engine: LabEngine) -> set[str]:
    """The names in the folder /ctx of the image that is built."""
    ended = run(engine, request)[-1]
    assert isinstance(ended, BuildSucceeded), ended
    client = classic_engine.client()
    names = {name.removeprefix("ctx/") for name in image_files(client, request.tag) if name.startswith("ctx/")}
    client.close()
    return names


def test_an_ignored_dockerfile_is_not_copied(
    engine: DockerEngine, make_request: MakeRequest, classic_engine: LabEngine
) -> None:
    request = make_request("FROM BASE\nCOPY . /ctx/\n", {"main.go": b"", ".dockerignore": b"*\n!main.go\n"})
    assert copied(engine, request, classic_engine) == {"main.go"}


def test_a_dockerfile_from_outside_the_context_is_not_copied(
    engine: DockerEngine, make_request: MakeRequest, classic_engine: LabEngine, tmp_path: Path
) -> None:
    request = make_request("FROM BASE\nCOPY . /ctx/\n", {"main.go": b""})
    outside = (request.context / "Dockerfile").rename(tmp_path / "Elsewhere")
    request = make_request("unused", dockerfile=outside)
    (request.context / "Dockerfile").unlink()
    assert copied(engine, request, classic_engine) == {"main.go"}
