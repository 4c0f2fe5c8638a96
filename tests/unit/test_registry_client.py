"""What a registry tells before a pull, asked at a real HTTP server that speaks the registry protocol."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.support.registry import PASSWORD, USER, SmallRegistry, usual_content
from tui.engine.cause import Cause
from tui.engine.registry.client import look_up
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.limits import pulls_left, retry_seconds
from tui.engine.registry.logins import Login
from tui.engine.registry.manifests import read_manifest
from tui.engine.registry.offer import Offer
from tui.engine.registry.patience import within
from tui.engine.registry.reference import parse_reference
from tui.engine.registry.settings import RegistrySettings, read_settings

AMD64 = "linux/amd64"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallRegistry]:
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    with SmallRegistry() as served:
        yield served


def ask(name: str, platform: str = AMD64, login: Login | None = None) -> Offer:
    return look_up(parse_reference(name), platform, RegistrySettings(), lambda host: login)


def refusal(name: str, platform: str = AMD64, login: Login | None = None) -> PullRefused:
    with pytest.raises(PullRefused) as caught:
        ask(name, platform, login)
    return caught.value


def test_an_image_is_weighed_for_one_platform(registry: SmallRegistry) -> None:
    offer = ask(f"{registry.host}/library/base:1")
    blobs = registry.content.blobs
    assert offer.digest == registry.content.tags["library/base"]["1"]
    assert (offer.platform, offer.layers, offer.user, offer.answered_by) == (AMD64, 1, None, registry.host)
    assert offer.packed_bytes is not None
    assert 0 < offer.packed_bytes < sum(map(len, blobs.values()))


def test_an_image_is_asked_for_by_head_before_anything_that_counts_as_a_pull(registry: SmallRegistry) -> None:
    ask(f"{registry.host}/library/base:1")
    asked = [r for r in registry.requests if "/manifests/" in r.path]
    assert [r.method for r in asked] == ["HEAD", "HEAD", "GET", "GET"]


def test_few_pulls_that_are_left_are_not_spent_on_weighing(registry: SmallRegistry) -> None:
    registry.success_headers = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "4;w=21600"}
    offer = ask(f"{registry.host}/library/base:1")
    assert (offer.pulls_left, offer.packed_bytes) == (4, None)
    assert all(r.method == "HEAD" for r in registry.requests if "/manifests/" in r.path)


def test_an_image_without_an_index_is_weighed_too(registry: SmallRegistry) -> None:
    offer = ask(f"{registry.host}/library/bare:1")
    assert (offer.platform, offer.layers) == ("", 1)


def test_an_image_is_found_by_its_digest(registry: SmallRegistry) -> None:
    digest = registry.content.tags["library/base"]["1"]
    assert ask(f"{registry.host}/library/base@{digest}").digest == digest


@pytest.mark.parametrize("kind", ["private", "basic"])
def test_a_login_is_told_by_its_name(kind: str, registry: SmallRegistry) -> None:
    offer = ask(f"{registry.host}/{kind}/base:1", login=Login(USER, PASSWORD))
    assert (offer.user, offer.layers) == (USER, 1)


@pytest.mark.parametrize("kind", ["private", "basic"])
def test_without_a_login_or_with_a_wrong_one_a_private_image_is_refused(kind: str, registry: SmallRegistry) -> None:
    name = f"{registry.host}/{kind}/base:1"
    assert refusal(name).cause is Cause.NOT_LOGGED_IN
    assert f"docker login {registry.host}" in refusal(name).advice
    assert refusal(name, login=Login(USER, "wrong")).cause is Cause.LOGIN_REFUSED


def test_a_login_is_sent_to_the_token_server_and_a_token_to_the_registry(registry: SmallRegistry) -> None:
    ask(f"{registry.host}/private/base:1", login=Login(USER, PASSWORD))
    manifests = [r.headers.get("Authorization", "") for r in registry.requests if "/manifests/" in r.path]
    assert all(not given or given.startswith("Bearer ") for given in manifests)


def test_a_name_that_is_not_there_is_told_from_a_tag_that_is_not(registry: SmallRegistry) -> None:
    assert refusal(f"{registry.host}/library/nothing:1").cause is Cause.NO_SUCH_NAME
    registry.content.add_image("library/base", "1.27-bookworm")
    wrong_tag = refusal(f"{registry.host}/library/base:1.27-bookwurm")
    assert wrong_tag.cause is Cause.NO_SUCH_TAG
    assert "1.27-bookworm" in wrong_tag.advice


def test_a_platform_that_is_not_offered_is_told_with_those_that_are(registry: SmallRegistry) -> None:
    found = refusal(f"{registry.host}/elsewhere/base:1")
    assert found.cause is Cause.PLATFORM
    assert "is not made for linux/amd64. It is there for linux/s390x, linux/arm/v7." in found.what


def test_a_newer_machine_runs_what_is_made_for_an_older_variant(registry: SmallRegistry) -> None:
    assert ask(f"{registry.host}/elsewhere/base:1", "linux/arm/v8").layers == 1


def test_after_too_many_pulls_the_time_to_wait_is_the_registrys(registry: SmallRegistry) -> None:
    found = refusal(f"{registry.host}/limited/base:1")
    assert found.cause is Cause.RATE_LIMITED
    assert "Try again in 5 h 32 min (at " in found.advice


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "40"}, 40),
        ({"Retry-After": "Sat, 28 Nov 2026 12:05:00 GMT"}, 300),
        ({"Retry-After": "1795867500"}, 300),
        ({"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600"}, 21_600),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_waiting_time_comes_in_many_forms(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_seconds(headers, datetime(2026, 11, 28, 12, 0, tzinfo=UTC)) == seconds


def test_pulls_that_are_left_are_read_from_docker_hubs_header() -> None:
    assert pulls_left({"ratelimit-remaining": "76;w=21600"}) == 76
    assert pulls_left({}) is None


def test_a_registry_that_fails_is_told_with_its_status(registry: SmallRegistry) -> None:
    found = refusal(f"{registry.host}/broken/base:1")
    assert (found.cause, "it answered 503" in found.what) == (Cause.REGISTRY_FAILED, True)


def test_where_nobody_listens_the_registry_is_not_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
        found = refusal(f"{host}/library/base:1")
    assert (found.cause, "connection refused" in found.what) == (Cause.UNREACHABLE, True)


def test_a_host_that_must_have_tls_and_has_none_is_told(registry: SmallRegistry) -> None:
    with pytest.raises(PullRefused) as caught:
        strict = RegistrySettings(insecure_networks=())
        look_up(parse_reference(f"{registry.host}/library/base:1"), AMD64, strict, lambda host: None)
    assert caught.value.cause is Cause.PLAIN_HTTP


def test_a_proxy_that_is_not_there_is_told(registry: SmallRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert refusal("registry.invalid/library/base:1").cause is Cause.PROXY


def test_a_mirror_of_docker_hub_is_asked_first(registry: SmallRegistry) -> None:
    settings = RegistrySettings(mirrors=(f"{registry.url}/",))
    assert look_up(parse_reference("base:1"), AMD64, settings, lambda host: None).answered_by == registry.host


def test_an_answer_is_waited_for_no_longer_than_was_said() -> None:
    never = threading.Event()
    assert within(0.2, never.wait) is None
    never.set()


def test_nobody_waits_on_once_it_is_stopped() -> None:
    never = threading.Event()
    assert within(3600, never.wait, lambda: True) is None
    never.set()


def test_an_engines_settings_are_read() -> None:
    settings = read_settings(
        {
            "RegistryConfig": {
                "InsecureRegistryCIDRs": ["127.0.0.0/8", "10.1.0.0/16"],
                "IndexConfigs": {
                    "docker.io": {"Mirrors": ["https://mirror.example/"], "Secure": True},
                    "plain.example:5000": {"Mirrors": [], "Secure": False},
                },
            }
        }
    )
    assert settings.bases_for(parse_reference("golang:1.27")) == (
        "https://mirror.example",
        "https://registry-1.docker.io",
    )
    assert settings.bases_for(parse_reference("plain.example:5000/a")) == (
        "https://plain.example:5000",
        "http://plain.example:5000",
    )
    assert [settings.is_insecure(host) for host in ("10.1.2.3:5000", "10.2.0.1", "[::1]:5000", "localhost:5000")] == [
        True,
        False,
        True,
        True,
    ]


def test_an_engine_without_settings_asks_docker_hub() -> None:
    assert read_settings({}).bases_for(parse_reference("golang")) == ("https://registry-1.docker.io",)


@pytest.mark.parametrize(
    ("name", "host", "repository", "tag"),
    [
        ("golang", "docker.io", "library/golang", "latest"),
        ("golang:1.27-bookworm", "docker.io", "library/golang", "1.27-bookworm"),
        ("me/app", "docker.io", "me/app", "latest"),
        ("docker.io/golang:1", "docker.io", "library/golang", "1"),
        ("index.docker.io/library/golang:1", "docker.io", "library/golang", "1"),
        ("localhost/app", "localhost", "app", "latest"),
        ("localhost:5000/a/b:2", "localhost:5000", "a/b", "2"),
        ("gcr.io/distroless/static-debian12", "gcr.io", "distroless/static-debian12", "latest"),
        ("[::1]:5000/app", "[::1]:5000", "app", "latest"),
    ],
)
def test_names_are_read_as_docker_reads_them(name: str, host: str, repository: str, tag: str) -> None:
    found = parse_reference(name)
    assert (found.host, found.repository, found.tag) == (host, repository, tag)


def test_a_digest_alone_has_no_tag() -> None:
    digest = "sha256:" + "0" * 64
    assert (parse_reference(f"golang@{digest}").tag, parse_reference(f"golang:1@{digest}").tag) == (None, "1")


@pytest.mark.parametrize("name", ["", "Golang:1", "golang:", "a//b", "golang@sha256:12", "golang:1:2", "host.example/"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|digest"):
        parse_reference(name)


def test_content_is_the_same_at_each_run() -> None:
    assert usual_content().tags == usual_content().tags


@pytest.mark.parametrize(
    "content",
    [
        [],
        "text",
        {"manifests": [1]},
        {"manifests": [{"size": 5}]},
        {"manifests": {"digest": "sha256:0"}},
        {"layers": [{"digest": "sha256:0", "size": "large"}]},
        {"layers": [{"digest": "sha256:0", "platform": 5}]},
        {"config": "sha256:0"},
    ],
    ids=repr,
)
def test_what_is_no_manifest_is_told_apart(content: object) -> None:
    with pytest.raises(ValueError, match=r"descriptor|object"):
        read_manifest(content)
