"""Base images that cannot be had, on real engines and a real registry: each cause with a sentence of its own."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.conftest import MakeRequest, run
from tests.lab import dockerd
from tests.lab.dockerd import EngineParts
from tests.lab.plugin import LabEngine
from tests.lab.registry.client import LabRegistry
from tests.needs import need
from tests.shell import jettison
from tui.engine.cause import Cause
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.events import BuildFailed, FailureKind
from tui.engine.request import Builder, BuildRequest

Failing = Callable[..., BuildFailed]


@pytest.fixture(autouse=True)
def logged_in_nowhere(tmp_path: Path, lab_registry: LabRegistry, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration without logins, on a machine whose system trusts the registry's authority."""
    folder = tmp_path / "docker"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    monkeypatch.setenv("SSL_CERT_FILE", str(lab_registry.authority))
    return folder


@pytest.fixture
def failing(engine: DockerEngine, make_request: MakeRequest) -> Failing:
    """How the build of a Dockerfile fails."""

    def build(text: str, **changes: object) -> BuildFailed:
        end = run(engine, make_request(text, no_cache=True, **changes))[-1]
        assert isinstance(end, BuildFailed), end
        assert end.message, "the engine's own words are kept"
        return end

    return build


def log_in(folder: Path, host: str, user: str, password: str) -> None:
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {host: {"auth": login}}}))


@dataclass(frozen=True)
class Case:
    image: str
    """`HOST`, `UNTRUSTED` and `SILENT` stand for the registry's addresses."""
    cause: Cause
    what: str
    advice: str


CASES = (
    Case("unheard-of:1", Cause.NO_SUCH_NAME, "There is no image unheard-of on Docker Hub.", "after FROM"),
    # As on Docker Hub: nobody is to learn which names are taken.
    Case("HOST/library/nothing:1", Cause.NOT_LOGGED_IN, "is private or does not exist", "Check the name after FROM"),
    Case("HOST/both/base:2", Cause.NO_SUCH_TAG, "HOST/both/base has no tag 2.", "after FROM"),
    Case("HOST/private/base:1", Cause.NOT_LOGGED_IN, "HOST/private/base:1 is private", "docker login HOST"),
    Case("HOST/limited/base:1", Cause.RATE_LIMITED, "HOST is limiting your pulls", "Try again in 30 min (at "),
    Case("HOST/elsewhere/base:1", Cause.PLATFORM, "is not made for linux/amd64. It is there for linux/", "--platform"),
    Case("HOST/cut/base:1", Cause.CUT_OFF, "The connection broke off while HOST/cut/base:1", "Build again"),
    Case("UNTRUSTED/both/base:1", Cause.CERTIFICATE, "the certificate of UNTRUSTED", "certs.d/UNTRUSTED/ca.crt"),
    Case("SILENT/both/base:1", Cause.UNREACHABLE, "nobody listens at SILENT", "network of the engine's machine"),
    Case("unheard-of.invalid/base:1", Cause.UNREACHABLE, "unheard-of.invalid", "network of the engine's machine"),
)


def addressed(text: str, registry: LabRegistry) -> str:
    names = {"HOST": registry.host, "UNTRUSTED": registry.untrusted_host, "SILENT": registry.silent_host}
    for name, host in names.items():
        text = text.replace(name, host)
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.image)
def test_each_cause_is_told_in_its_own_words(case: Case, failing: Failing, lab_registry: LabRegistry) -> None:
    image = addressed(case.image, lab_registry)
    end = failing(f"\nFROM {image}\nLABEL a=b\n")
    assert (end.kind, end.cause) == (FailureKind.BASE_IMAGE, case.cause), end
    assert addressed(case.what, lab_registry) in end.what
    assert addressed(case.advice, lab_registry) in end.advice
    assert end.line == 2


def test_a_login_that_is_wrong_is_told_with_its_name(
    failing: Failing, lab_registry: LabRegistry, logged_in_nowhere: Path
) -> None:
    log_in(logged_in_nowhere, lab_registry.host, lab_registry.user, "wrong")
    end = failing(f"FROM {lab_registry.host}/private/base:1\n")
    assert end.cause is Cause.LOGIN_REFUSED
    assert f"the login of {lab_registry.user}" in end.what
    assert f"docker login {lab_registry.host}" in end.advice


@pytest.mark.parametrize("builder", [Builder.BUILDKIT], ids=["buildkit"])
def test_a_frontend_that_is_missing_is_told_as_one(failing: Failing, lab_registry: LabRegistry) -> None:
    end = failing(f"# syntax={lab_registry.host}/both/base:9\nFROM scratch\n")
    assert (end.kind, end.cause) == (FailureKind.FRONTEND, Cause.NO_SUCH_TAG)
    assert f"{lab_registry.host}/both/base has no tag 9" in end.what
    assert "take the # syntax= line away" in end.advice


def test_a_path_that_a_stage_does_not_have_is_told_with_the_stage(failing: Failing) -> None:
    stage = "FROM BASE AS builder\nWORKDIR /app\nRUN cp /bin/sh main; : go build -o main\n"
    end = failing(f"{stage}FROM BASE\nCOPY --from=builder /wrong /m\n")
    assert (end.kind, end.cause) == (FailureKind.CONTEXT, Cause.NOT_IN_STAGE)
    assert "Stage builder has no /wrong" in end.what
    assert "/app/main" in end.advice


def test_a_file_that_is_ignored_is_told_with_the_line_that_does_it(failing: Failing) -> None:
    end = failing("FROM BASE\nCOPY a.txt /\n", files={"a.txt": b"", "b": b"", ".dockerignore": b"x\n*.txt\n"})
    assert (end.kind, end.cause) == (FailureKind.CONTEXT, Cause.IGNORED)
    assert "line 2 of .dockerignore (*.txt)" in end.what


def test_a_url_that_cannot_be_had_is_told(failing: Failing) -> None:
    end = failing("FROM BASE\nADD https://unheard-of.invalid/file /\n")
    assert (end.kind, end.cause) == (FailureKind.DOWNLOAD, Cause.DOWNLOAD)
    assert "https://unheard-of.invalid/file" in end.what


def test_a_stage_name_that_is_written_wrong_is_no_image(failing: Failing) -> None:
    end = failing("FROM BASE AS builder\nFROM BASE\nCOPY --from=bilder /bin/sh /\n")
    assert (end.kind, end.cause) == (FailureKind.DOCKERFILE, Cause.NO_SUCH_STAGE)
    assert "A stage is called builder" in end.advice


@pytest.fixture
def behind_a_proxy(
    tmp_path: Path, lab_registry: LabRegistry, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DockerEngine]:
    """An engine whose proxy lets nobody through."""
    reason = dockerd.why_not()
    need(reason is None, "a private dockerd", reason or "")
    parts = EngineParts(tmp_path / "proxied", "jettest2", "10.213.12.1/24")
    dockerd.start(parts, f"--https-proxy={lab_registry.refusing_proxy}", f"--http-proxy={lab_registry.refusing_proxy}")
    opened = open_engine(Endpoint(parts.docker_host, "the lab"))
    yield opened
    opened.close()
    dockerd.discard(parts)


def test_a_proxy_that_refuses_is_told(behind_a_proxy: DockerEngine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM unheard-of.example/base:1\n")
    end = run(behind_a_proxy, BuildRequest(tmp_path, Path("Dockerfile"), "jettison-test/proxied:1"))[-1]
    assert isinstance(end, BuildFailed)
    assert end.cause is Cause.PROXY
    assert "The proxy between the engine and unheard-of.example" in end.what


# Known before the build.


def test_doctor_tells_what_a_pull_would_bring_and_what_is_in_its_way(
    lab_engine: LabEngine, lab_registry: LabRegistry, tmp_path: Path
) -> None:
    host = lab_registry.host
    images = ("both/base:1", "private/base:1", "limited/base:1", "elsewhere/base:1", "library/nothing:1", "both/base:9")
    (tmp_path / "Dockerfile").write_text("\n".join(f"FROM {host}/{image}" for image in images))
    lab_engine.forget(f"{host}/both/base:1")
    arguments = ("doctor", "--json", "--engine", lab_engine.docker_host, "--context", str(tmp_path))
    done = jettison(*arguments, SSL_CERT_FILE=str(lab_registry.authority), DOCKER_CONFIG=str(tmp_path / "docker"))
    assert done.returncode == 0, done.stderr
    [project] = json.loads(done.stdout)["base_images"]
    told = {image["name"].removeprefix(f"{host}/"): image for image in project["images"]}
    both = told["both/base:1"]
    assert (both["state"], both["answered_by"], both["user"]) == ("to be pulled", host, None)
    assert both["packed_bytes"] == project["to_pull_bytes"] > 0
    assert both["layers"] == 1
    assert {name: told[name]["cause"] for name in images[1:]} == {
        "private/base:1": "not logged in",
        "limited/base:1": "rate limited",
        "elsewhere/base:1": "platform not offered",
        "library/nothing:1": "not logged in",
        "both/base:9": "no such tag",
    }
    assert "30 min" in told["limited/base:1"]["advice"]


def test_doctor_asks_the_engines_mirror_for_the_tutorials_images(
    empty_engine: LabEngine, lab_registry: LabRegistry
) -> None:
    done = jettison("doctor", "--json", "--engine", empty_engine.docker_host, SSL_CERT_FILE=str(lab_registry.authority))
    [current, _] = json.loads(done.stdout)["base_images"]
    assert {image["state"] for image in current["images"]} == {"to be pulled"}
    assert {image["answered_by"] for image in current["images"]} == {lab_registry.host}
    assert current["to_pull_bytes"] > 10_000_000


def test_where_registries_cannot_be_reached_from_here_the_engine_asks_without_a_login(
    engine: DockerEngine, lab_registry: LabRegistry, logged_in_nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(logged_in_nowhere, lab_registry.host, lab_registry.user, lab_registry.password)
    # Nobody is trusted here.
    monkeypatch.setenv("SSL_CERT_FILE", str(logged_in_nowhere / "config.json"))
    offer = engine.look_up(f"{lab_registry.host}/both/base:1")
    assert (offer.answered_by, offer.packed_bytes) == ("", None)
    assert {request.authorization for request in lab_registry.requests()} <= {"none", "bearer"}
