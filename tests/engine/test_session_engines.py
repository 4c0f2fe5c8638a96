"""Sessions on the other engines that learners have: Docker of 2020, and today's with the store of old."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import run
from tests.lab.bases import TINY
from tests.lab.plugin import LabEngine
from tui.engine.docker_engine import open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.events import BuildSucceeded, ContextSent, StepCached, StepOutput
from tui.engine.request import Builder, BuildRequest, SecretFile

DOCKERFILE = f"""# syntax=docker/dockerfile:1
FROM {TINY}
COPY . /context
RUN --mount=type=secret,id=token ls /context && head -c 5 /run/secrets/token
"""


@pytest.mark.parametrize("engine_fixture", ["classic_engine", "overlay2_engine"])
def test_files_a_frontend_and_a_secret_come_by_the_session_and_a_comment_rebuilds_nothing(
    engine_fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    lab: LabEngine = request.getfixturevalue(engine_fixture)
    (tmp_path / "sent").write_bytes(bytes(1_000_000))
    (tmp_path / "token").write_text("secret")
    (tmp_path / ".dockerignore").write_text("token\nDockerfile\n.dockerignore\n")
    tag = "jettison-test/elsewhere:1"
    wanted = BuildRequest(
        tmp_path, Path("Dockerfile"), tag, builder=Builder.BUILDKIT, secrets=(SecretFile("token", tmp_path / "token"),)
    )
    engine = open_engine(Endpoint(lab.docker_host, "the lab"))
    try:
        (tmp_path / "Dockerfile").write_text(DOCKERFILE)
        first = run(engine, wanted)
        (tmp_path / "Dockerfile").write_text(f"{DOCKERFILE}# a comment\n")
        second = run(engine, wanted)
    finally:
        engine.close()
        lab.forget(tag)
    assert isinstance(first[-1], BuildSucceeded), first[-1]
    assert isinstance(second[-1], BuildSucceeded), second[-1]
    assert "".join(event.text for event in first if isinstance(event, StepOutput)).split() == ["sent", "secre"]
    assert sum(isinstance(event, StepCached) for event in second) >= 3
    assert [event.sent_bytes for event in second if isinstance(event, ContextSent)][-1] == 0
