"""The lab's registry, asked by engines past our own code: it does what Docker Hub does, and each fault when asked."""

from __future__ import annotations

import json

import pytest

from tests.lab import dockerd
from tests.lab.bases import TINY
from tests.lab.dockerd import EngineKind
from tests.lab.places import LabError
from tests.lab.plugin import LabEngine
from tests.lab.registry.client import LabRegistry
from tests.lab.registry.front import LIMITED
from tui.engine.model import STAND_IN_LABEL


@pytest.fixture(params=[EngineKind.CONTAINERD, EngineKind.CLASSIC], ids=lambda kind: kind.value)
def puller(request: pytest.FixtureRequest) -> LabEngine:
    """The engine of today and the one of yesterday: they speak to registries in different ways."""
    found: LabEngine = request.getfixturevalue(
        "classic_engine" if request.param is EngineKind.CLASSIC else "lab_engine"
    )
    return found


def pull(engine: LabEngine, image: str, login: tuple[str, str] | None = None) -> None:
    """Pull an image that is not there, and remove it again. Raises LabError with the engine's words."""
    dockerd.pull(engine.docker_host, image, login)
    client = engine.client()
    client.images.remove(image, force=True)
    client.close()


def test_a_public_image_is_pulled_with_a_token_that_anybody_gets(puller: LabEngine, lab_registry: LabRegistry) -> None:
    pull(puller, f"{lab_registry.host}/library/{TINY}")
    asked = [
        (request.path.partition("?")[0].split("/")[1], request.authorization) for request in lab_registry.requests()
    ]
    assert asked.index(("v2", "none")) < asked.index(("token", "none")) < asked.index(("v2", "bearer"))


def test_it_is_the_engines_mirror_of_docker_hub(puller: LabEngine, lab_registry: LabRegistry) -> None:
    puller.forget("alpine:3.24")
    dockerd.pull(puller.docker_host, "alpine:3.24")
    client = puller.client()
    assert STAND_IN_LABEL in client.images.get("alpine:3.24").labels
    client.close()
    assert {request.host for request in lab_registry.requests()} == {lab_registry.host}


def test_a_private_image_is_for_those_who_log_in(puller: LabEngine, lab_registry: LabRegistry) -> None:
    image = f"{lab_registry.host}/private/base:1"
    for login in (None, (lab_registry.user, "wrong")):
        with pytest.raises(LabError):
            pull(puller, image, login)
    pull(puller, image, (lab_registry.user, lab_registry.password))
    seen = lab_registry.lab / "registry" / "requests.jsonl"
    assert lab_registry.password not in seen.read_text()


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("nobody/has-this:1", "pull access denied"),
        ("library/alpine:no-such-tag", "not found"),
        ("elsewhere/base:1", "no matching manifest"),
    ],
)
def test_what_it_does_not_have_is_told_as_docker_hub_tells_it(
    puller: LabEngine, lab_registry: LabRegistry, image: str, words: str
) -> None:
    with pytest.raises(LabError, match=words):
        pull(puller, f"{lab_registry.host}/{image}")


def test_a_rate_limit_is_told_with_the_time_to_wait(lab_registry: LabRegistry) -> None:
    answer = lab_registry.get(f"/v2/{LIMITED}base/manifests/1")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 60
    assert json.loads(answer.read())["errors"][0]["code"] == "TOOMANYREQUESTS"


def test_an_engine_that_is_limited_says_so(puller: LabEngine, lab_registry: LabRegistry) -> None:
    with pytest.raises(LabError, match=r"(?i)too ?many ?requests"):
        pull(puller, f"{lab_registry.host}/{LIMITED}base:1")


def test_a_connection_that_is_cut_never_gives_the_whole_blob(lab_engine: LabEngine, lab_registry: LabRegistry) -> None:
    with pytest.raises(LabError):
        pull(lab_engine, f"{lab_registry.host}/cut/base:1")


def test_a_stranger_s_certificate_is_refused(puller: LabEngine, lab_registry: LabRegistry) -> None:
    with pytest.raises(LabError, match="certificate signed by unknown authority"):
        pull(puller, f"{lab_registry.untrusted_host}/library/{TINY}")


def test_where_nobody_listens_the_connection_is_refused(puller: LabEngine, lab_registry: LabRegistry) -> None:
    with pytest.raises(LabError, match="connection refused"):
        pull(puller, f"{lab_registry.silent_host}/library/{TINY}")
