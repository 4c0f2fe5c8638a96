"""Logins as docker login leaves them: in config.json, or with a helper."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tui.engine.registry.logins import Login, Logins

HELPER = """#!/bin/sh
read server
case "$server" in
https://index.docker.io/v1/) echo '{"Username": "hub-user", "Secret": "hub-secret"}' ;;
token.example) echo '{"Username": "<token>", "Secret": "identity"}' ;;
broken.example) echo 'not JSON' ;;
*) echo 'credentials not found in native keychain'; exit 1 ;;
esac
"""


@pytest.fixture
def docker_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A credential helper on the PATH; its name."""
    program = tmp_path / "docker-credential-lab"
    program.write_text(HELPER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return "lab"


def config(folder: Path, **content: Any) -> None:
    (folder / "config.json").write_text(json.dumps(content))


def basic(login: str) -> dict[str, str]:
    return {"auth": base64.b64encode(login.encode()).decode()}


def test_without_a_config_nobody_is_logged_in(docker_folder: Path) -> None:
    assert Logins().for_host("registry.example") is None


def test_a_password_in_config_json(docker_folder: Path) -> None:
    config(docker_folder, auths={"registry.example:5000": basic("ann:pass:word")})
    assert Logins().for_host("registry.example:5000") == Login("ann", "pass:word")
    assert Logins().for_host("registry.example") is None


@pytest.mark.parametrize("host", ["docker.io", "index.docker.io", "registry-1.docker.io"])
def test_docker_hub_is_asked_by_one_name_and_logged_in_by_another(docker_folder: Path, host: str) -> None:
    config(docker_folder, auths={"https://index.docker.io/v1/": basic("ann:secret")})
    assert Logins().for_host(host) == Login("ann", "secret")


def test_an_identity_token_has_no_user(docker_folder: Path) -> None:
    config(docker_folder, auths={"registry.example": {**basic("ann:"), "identitytoken": "token"}})
    assert Logins().for_host("registry.example") == Login("", "token")


def test_a_store_for_all_registries(docker_folder: Path, helper: str) -> None:
    config(docker_folder, credsStore=helper)
    assert Logins().for_host("registry-1.docker.io") == Login("hub-user", "hub-secret")
    assert Logins().for_host("token.example") == Login("", "identity")
    assert Logins().for_host("unknown.example") is None


def test_a_helper_for_one_registry_stands_beside_passwords_for_others(docker_folder: Path, helper: str) -> None:
    config(docker_folder, credHelpers={"token.example": helper}, auths={"registry.example": basic("ann:secret")})
    assert Logins().for_host("token.example") == Login("", "identity")
    assert Logins().for_host("registry.example") == Login("ann", "secret")


@pytest.mark.parametrize(
    "content",
    [
        {"credsStore": "not-installed"},
        {"credHelpers": {"broken.example": "lab"}},
        {"auths": {"broken.example": {"auth": "no base64!"}}},
        {"auths": {"broken.example": basic("without a colon")}},
        {"auths": {"broken.example": 5}},
    ],
    ids=["a helper that is not there", "a helper's nonsense", "no base64", "no colon", "no object"],
)
def test_what_cannot_be_read_is_no_login_and_stops_nothing(
    docker_folder: Path, helper: str, content: dict[str, Any], recwarn: pytest.WarningsRecorder
) -> None:
    config(docker_folder, **content)
    assert Logins().for_host("broken.example") is None
    assert Logins().headers() == {} or "X-Registry-Config" in Logins().headers()
    assert not recwarn.list


def test_a_secret_is_not_shown(docker_folder: Path) -> None:
    assert "secret" not in repr(Login("ann", "secret")).removeprefix("Login")
