"""A build's session on a real engine: what the daemon asks for, it gets, and a password never reaches it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import run
from tests.lab.plugin import LabEngine
from tests.lab.registry.client import LabRegistry
from tests.needs import need
from tests.support.ssh_agent import real_agent
from tui.engine.docker_engine import DockerEngine
from tui.engine.events import (
    BuildEvent,
    BuildFailed,
    BuildSucceeded,
    FailureKind,
    StepOutput,
    StepPlanned,
    StepProgress,
)
from tui.engine.request import BuildRequest, SecretFile, SecretVariable, SshAgent

PRIVATE, GOLANG = "private/base:1", "golang:1.27-bookworm"
TAG = "jettison-test/session:1"
Build = Callable[..., list[BuildEvent]]


@pytest.fixture
def build(engine: DockerEngine, lab_engine: LabEngine, tmp_path: Path) -> Iterator[Build]:
    """Builds a Dockerfile without the cache; all its events."""
    context = tmp_path / "context"
    context.mkdir()

    def carry_out(text: str, **changes: object) -> list[BuildEvent]:
        (context / "Dockerfile").write_text(text)
        given = {"context": context, "dockerfile": Path("Dockerfile"), "tag": TAG, "no_cache": True, **changes}
        return run(engine, BuildRequest(**given))  # type: ignore[arg-type]

    yield carry_out
    lab_engine.forget(TAG)


@pytest.fixture
def docker_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes a config.json for the test."""
    folder = tmp_path / "docker"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))

    def write(**content: object) -> None:
        (folder / "config.json").write_text(json.dumps(content))

    return write


@pytest.fixture(autouse=True)
def trusting(lab_registry: LabRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine whose system trusts the registry's authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(lab_registry.authority))


def output_of(events: list[BuildEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, StepOutput))


def basic(user: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


def assert_engine_saw_tokens_only(registry: LabRegistry) -> None:
    """Whoever sent a password was Jettison, and the engine sent nothing but tokens."""
    requests = registry.requests()
    assert requests
    for request in requests:
        if request.authorization not in ("none", "bearer"):
            assert request.user_agent == "jettison"
        if request.path.startswith("/v2/"):
            assert request.user_agent != "jettison" or request.method in ("GET", "HEAD")


def test_a_base_image_is_pulled_with_a_token_that_was_fetched_here(
    build: Build, lab_engine: LabEngine, lab_registry: LabRegistry
) -> None:
    base = f"{lab_registry.host}/slow/base:1"
    lab_engine.forget(base)
    events = build(f"FROM {base}\nRUN echo pulled\n")
    assert isinstance(events[-1], BuildSucceeded), events[-1]
    [step] = [event for event in events if isinstance(event, StepPlanned) and event.title.startswith("FROM")]
    progress = [event for event in events if isinstance(event, StepProgress) and event.step == step.step]
    assert max(event.total for event in progress) > 0
    assert_engine_saw_tokens_only(lab_registry)
    lab_engine.forget(base)


def test_a_private_base_image_is_pulled_with_a_login_that_the_engine_never_sees(
    build: Build, docker_config: Callable[..., None], lab_registry: LabRegistry
) -> None:
    docker_config(auths={lab_registry.host: basic(lab_registry.user, lab_registry.password)})
    assert isinstance(build(f"FROM {lab_registry.host}/{PRIVATE}\n")[-1], BuildSucceeded)
    assert "password" in [request.authorization for request in lab_registry.requests()]
    assert_engine_saw_tokens_only(lab_registry)


def test_an_identity_token_serves_as_a_login(
    build: Build, docker_config: Callable[..., None], lab_registry: LabRegistry
) -> None:
    docker_config(auths={lab_registry.host: {"identitytoken": lab_registry.identity_token}})
    assert isinstance(build(f"FROM {lab_registry.host}/{PRIVATE}\n")[-1], BuildSucceeded)
    assert "refresh_token" in [request.authorization for request in lab_registry.requests()]
    assert_engine_saw_tokens_only(lab_registry)


@pytest.mark.parametrize("login", ["none", "wrong"])
def test_without_the_right_login_a_private_base_image_is_refused(
    build: Build, docker_config: Callable[..., None], lab_registry: LabRegistry, login: str
) -> None:
    docker_config(auths={lab_registry.host: basic(lab_registry.user, "wrong-password")} if login == "wrong" else {})
    end = build(f"FROM {lab_registry.host}/{PRIVATE}\n")[-1]
    assert isinstance(end, BuildFailed)
    assert end.kind is FailureKind.BASE_IMAGE
    assert "wrong-password" not in repr(end)


def test_a_syntax_line_pulls_its_frontend(build: Build, lab_registry: LabRegistry) -> None:
    events = build("# syntax=docker/dockerfile:1\nFROM scratch\nCOPY Dockerfile /\n")
    assert isinstance(events[-1], BuildSucceeded), events[-1]
    assert "/docker/dockerfile/" in " ".join(request.path for request in lab_registry.requests())


def test_secrets_are_files_and_variables_and_one_that_is_missing_is_tolerated(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(range(256)) * 1200
    (tmp_path / "key").write_bytes(content)
    monkeypatch.setenv("THE_TOKEN", "a value")
    secrets = (SecretFile("key", tmp_path / "key"), SecretVariable("token", "THE_TOKEN"))
    events = build(
        "FROM alpine:3.24\n"
        "RUN --mount=type=secret,id=key wc -c < /run/secrets/key\n"
        "RUN --mount=type=secret,id=token cat /run/secrets/token\n"
        "RUN --mount=type=secret,id=other ls /run/secrets | wc -l\n",
        secrets=secrets,
    )
    assert isinstance(events[-1], BuildSucceeded), events[-1]
    assert str(len(content)) in output_of(events)
    assert "a value" in output_of(events)


def test_a_secret_that_is_required_and_missing_ends_the_build_with_its_name(build: Build) -> None:
    end = build("FROM alpine:3.24\nRUN --mount=type=secret,id=the-key,required=true true\n")[-1]
    assert isinstance(end, BuildFailed)
    assert "the secret the-key: it was not given" in end.what
    assert "--secret id=the-key" in end.advice


def test_an_ssh_agent_lists_its_keys_to_a_build_and_keeps_them(build: Build, tmp_path: Path) -> None:
    need(Path("/usr/bin/ssh-agent").exists(), "ssh-agent", "install OpenSSH's client")
    with real_agent(tmp_path) as agent:
        events = build(
            f"FROM {GOLANG}\nRUN --mount=type=ssh ssh-add -l && ! ssh-add -D && ssh-add -l\n",
            ssh_agents=(SshAgent(socket=agent.socket),),
        )
        assert isinstance(events[-1], BuildSucceeded), events[-1]
        assert output_of(events).count(agent.fingerprint) == 2


def test_a_build_without_the_agent_that_it_needs_ends_with_a_sentence(build: Build) -> None:
    end = build("FROM alpine:3.24\nRUN --mount=type=ssh,required=true true\n")[-1]
    assert isinstance(end, BuildFailed)
    assert "uses the ssh agent default" in end.what
    assert "--ssh default" in end.advice
