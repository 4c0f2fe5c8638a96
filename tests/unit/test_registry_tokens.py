"""Tokens of registries: which question is asked with which login, and what a refusal says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.token_server import IDENTITY_TOKEN, PASSWORD, USER, TokenServer, token_server
from tui.engine.registry.logins import Login
from tui.engine.registry.tokens import TokenRefused, TokenRequest, fetch_token

SCOPE = "repository:library/alpine:pull"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with token_server(TokenServer()) as serving:
        yield serving


def wanted(server: TokenServer) -> TokenRequest:
    return TokenRequest("registry.example", server.url, "registry.example", (SCOPE,))


def test_without_a_login_a_token_for_anybody_is_asked_for(server: TokenServer) -> None:
    token = fetch_token(wanted(server), None)
    assert (token.value, token.seconds) == ("for anybody", 300)
    assert server.asked == [("GET", {"service": ["registry.example"], "scope": [SCOPE]}, "")]


def test_a_password_goes_in_a_form(server: TokenServer) -> None:
    assert fetch_token(wanted(server), Login(USER, PASSWORD)).value == "for password"


def test_an_identity_token_is_a_refresh_token(server: TokenServer) -> None:
    assert fetch_token(wanted(server), Login("", IDENTITY_TOKEN)).value == "for refresh_token"


def test_a_server_that_knows_no_forms_gets_a_basic_login(server: TokenServer) -> None:
    server.knows_post = False
    assert fetch_token(wanted(server), Login(USER, PASSWORD)).value == "for basic"


def test_logins_of_netrc_are_sent_to_nobody(
    server: TokenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert fetch_token(wanted(server), None).value == "for anybody"
    assert fetch_token(wanted(server), Login(USER, PASSWORD)).value == "for password"


def test_a_wrong_password_is_refused_with_the_servers_words_and_without_the_password(server: TokenServer) -> None:
    with pytest.raises(TokenRefused) as refusal:
        fetch_token(wanted(server), Login(USER, "wrong-password"))
    assert refusal.value.status == 401
    assert "incorrect username or password" in str(refusal.value)
    assert "wrong-password" not in str(refusal.value)


def test_a_password_does_not_follow_a_redirect(server: TokenServer) -> None:
    with token_server(TokenServer()) as elsewhere:
        server.location = elsewhere.url
        with pytest.raises(TokenRefused, match="307"):
            fetch_token(wanted(server), Login(USER, PASSWORD))
        assert elsewhere.asked == []


@pytest.mark.parametrize("answer", [b"", b"no JSON", b"[]", b"{}", b'{"token": ""}'])
def test_an_answer_without_a_token_is_refused(server: TokenServer, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises(TokenRefused, match="answered with"):
        fetch_token(wanted(server), None)


def test_a_server_in_trouble_is_told_with_its_status(server: TokenServer) -> None:
    server.answer, server.status = b"come back later", 503
    with pytest.raises(TokenRefused, match="503 Service Unavailable: come back later"):
        fetch_token(wanted(server), None)


def test_a_server_that_is_not_there_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/token"
    with pytest.raises(TokenRefused, match=r"cannot be reached: Connection refused\.$"):
        fetch_token(TokenRequest("registry.example", url), None)
