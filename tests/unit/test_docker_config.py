"""Docker's config.json: what it says, and that one that cannot be read stops nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.no_override import no_override
from tui.engine.docker_config import DockerConfig, read_docker_config, with_proxies
from tui.engine.request import BuildRequest

REQUEST = BuildRequest(Path("/app"), Path("Dockerfile"), "me/it:1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the configuration lies."""
    return tmp_path / "config.json"


def read(file: Path) -> DockerConfig:
    return read_docker_config({"DOCKER_CONFIG": str(file.parent)})


def test_the_folder_is_that_of_docker_config_or_the_one_at_home(tmp_path: Path) -> None:
    for folder, context in ((tmp_path / ".docker", "at-home"), (tmp_path / "named", "named")):
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps({"currentContext": context}))
    home = {"HOME": str(tmp_path)}
    assert read_docker_config(home).current_context == "at-home"
    assert read_docker_config({**home, "DOCKER_CONFIG": ""}).current_context == "at-home"
    assert read_docker_config({**home, "DOCKER_CONFIG": str(tmp_path / "named")}).current_context == "named"


def test_without_a_file_or_with_an_empty_one_the_defaults_hold(file: Path) -> None:
    assert read(file) == DockerConfig()
    file.write_text(" \n")
    assert read(file) == DockerConfig()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'\xef\xbb\xbf{"currentContext": "far"}', "begins with a byte order mark"),
        (b'{"currentContext": "far", "auths": {', "is not valid JSON"),
        (b"currentContext = far", "is not valid JSON"),
        (b'{"currentContext": NaN}', "is not valid JSON"),
        (b"\xff\xfe\x00", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b'["far"]', "does not hold a JSON object"),
        (b"null", "does not hold a JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_of_and_the_defaults_hold(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    config = read(file)
    assert words in config.warning
    assert str(file) in config.warning
    assert config.warning.endswith("docker's defaults are used instead.")
    assert config == DockerConfig(warning=config.warning)


def test_a_folder_in_its_place_or_a_file_that_may_not_be_read_is_told_of(file: Path) -> None:
    file.mkdir()
    assert "cannot be read (Is a directory)" in read(file).warning


def test_a_file_of_somebody_else_is_told_of(file: Path) -> None:
    file.write_text("{}")
    file.chmod(0)
    with no_override():
        assert "cannot be read (Permission denied)" in read(file).warning


def test_one_value_of_the_wrong_type_costs_that_value_alone(file: Path) -> None:
    file.write_text(json.dumps({"currentContext": 5, "credsStore": "pass", "proxies": {"default": ["x"]}}))
    config = read(file)
    assert config.current_context is None
    assert config.logins == {"credsStore": "pass"}
    assert config.proxies_for("unix:///x.sock") == ()
    assert "currentContext is not a string" in config.warning
    assert "default is not an object" in config.warning


def test_keys_are_read_in_any_case_and_what_follows_the_object_is_not_read(file: Path) -> None:
    file.write_text('{"CurrentContext": "far", "Proxies": {"default": {"HTTPProxy": "http://p"}}} rest')
    config = read(file)
    assert config.current_context == "far"
    assert config.proxies_for("any") == (("HTTP_PROXY", "http://p"), ("http_proxy", "http://p"))
    assert config.warning == ""


def test_logins_are_kept_as_they_were_written_and_shown_to_nobody(file: Path) -> None:
    logins = {"auths": {"registry.example": {"auth": "c2VjcmV0"}}, "credHelpers": {"gcr.io": "gcloud"}}
    file.write_text(json.dumps({**logins, "psFormat": "x"}))
    config = read(file)
    assert config.logins == logins
    assert "c2VjcmV0" not in repr(config)


PROXIES = {
    "default": {
        "httpProxy": "http://proxy:3128",
        "httpsProxy": "http://proxy:3129",
        "noProxy": "localhost,.example",
        "ftpProxy": "",
    },
    "tcp://far:2376": {"allProxy": "socks5://far:1080"},
}


def test_an_engine_has_its_own_proxies_or_those_for_all(file: Path) -> None:
    file.write_text(json.dumps({"proxies": PROXIES}))
    config = read(file)
    assert dict(config.proxies_for("unix:///var/run/docker.sock")) == {
        "HTTP_PROXY": "http://proxy:3128",
        "http_proxy": "http://proxy:3128",
        "HTTPS_PROXY": "http://proxy:3129",
        "https_proxy": "http://proxy:3129",
        "NO_PROXY": "localhost,.example",
        "no_proxy": "localhost,.example",
    }
    far = config.proxies_for("tcp://far:2376")
    assert far == (("ALL_PROXY", "socks5://far:1080"), ("all_proxy", "socks5://far:1080"))


def test_a_build_argument_of_ones_own_stands_above_a_proxy_of_its_name() -> None:
    request = BuildRequest(Path("/app"), Path("Dockerfile"), "me/it:1", build_args=(("HTTP_PROXY", "mine"), ("V", "1")))
    proxied = with_proxies(request, (("HTTP_PROXY", "theirs"), ("http_proxy", "theirs")))
    assert proxied.build_args == (("HTTP_PROXY", "mine"), ("V", "1"), ("http_proxy", "theirs"))
    assert with_proxies(REQUEST, ()) is REQUEST
