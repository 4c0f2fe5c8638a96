"""What a variant is run with, and how its page and its shell are reached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import ScriptedEngine
from tui.engine.containers import ContainerRequest
from tui.session.container_shell import NoShell, Shell, shell_in
from tui.session.identity import Identity
from tui.session.run_request import exposed_port, run_request
from tui.session.variants import Variant, edition, own_project


def test_a_variant_of_the_course_is_run_within_limits_under_a_name_of_its_own() -> None:
    project = edition("current")
    me = Identity("jettison-k3f9")
    request = run_request(project, project.variant("multistage"), me)
    assert request.image == "jettison-k3f9/multistage:current"
    assert request.name.startswith("jettison-k3f9-multistage-")
    assert request.labels == (("jettison.owner", "jettison-k3f9"),)
    assert (request.port, request.host_port) == (8080, None)
    assert request.limits.read_only
    assert request.name != run_request(project, project.variant("multistage"), me).name


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("FROM a\nEXPOSE 3000\n", 3000),
        ("FROM a\nEXPOSE 53/udp 3000/tcp\n", 3000),
        ("FROM a AS b\nEXPOSE 1\nFROM c\nEXPOSE 2\n", 2),
        ("FROM a AS b\nEXPOSE 1\nFROM c\n", None),
        ("FROM a\nEXPOSE $PORT\n", None),
        ("", None),
    ],
)
def test_the_port_is_the_one_that_the_last_stage_exposes(tmp_path: Path, text: str, port: int | None) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(text)
    assert exposed_port(Variant("it", "It", file)) == port


def test_a_program_of_one_s_own_may_write(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    project = own_project(tmp_path, ())
    assert not run_request(project, project.variants[0], Identity("me")).limits.read_only


def engine_with(shell: str | None) -> tuple[ScriptedEngine, str]:
    engine = ScriptedEngine()
    engine.containers = ScriptedContainers({"simple": Script(shell=shell)})
    return engine, engine.containers.create(ContainerRequest("me/simple:1", "web"))


def test_a_shell_is_a_docker_command_that_points_at_the_same_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    engine, container_id = engine_with("/bin/sh")
    shell = shell_in(engine, engine.containers.inspect(container_id))
    assert isinstance(shell, Shell)
    there = ("exec", "-it", container_id, "sh")
    assert shell.arguments == ("/usr/bin/docker", "--host", engine.info.endpoint, *there)
    assert shell.command == "docker exec -it web sh"
    engine.info = replace(engine.info, context="lima")
    shell = shell_in(engine, engine.containers.inspect(container_id))
    assert isinstance(shell, Shell)
    assert shell.arguments == ("/usr/bin/docker", "--context", "lima", *there)


def test_why_there_is_no_shell_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, container_id = engine_with(None)
    none = shell_in(engine, engine.containers.inspect(container_id))
    assert isinstance(none, NoShell)
    assert "no shell in this image" in none.reason
    monkeypatch.setattr("shutil.which", lambda name: None)
    engine, container_id = engine_with("/bin/sh")
    none = shell_in(engine, engine.containers.inspect(container_id))
    assert isinstance(none, NoShell)
    assert "not installed" in none.reason
