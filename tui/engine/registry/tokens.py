"""Registry tokens: https://distribution.github.io/distribution/spec/auth/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests
import requests.auth

from tui.engine.registry.https import registry_session
from tui.engine.registry.logins import Login

ANSWER_SECONDS = 30.0
CLIENT_ID = "jettison"
DEFAULT_SECONDS = 60
"""How long a token lasts whose server does not say: that is the specification's word."""
OAUTH_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
"""How token servers answer that know GET only: GCR, Artifactory and ACR each in another way."""


class TokenRefused(Exception):
    """No token; the message is a sentence that names the server and holds no secret."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status of the answer, where there was one."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a registry's `WWW-Authenticate: Bearer` asks for."""

    host: str
    """The registry that the token is for, with its port, if any."""
    realm: str
    """The token server's URL."""
    service: str = ""
    scopes: tuple[str, ...] = ()
    """`repository:library/alpine:pull`"""


@dataclass(frozen=True, slots=True)
class Token:
    """A right to pull."""

    value: str = field(repr=False)
    seconds: int
    """How long it lasts."""


def fetch_token(request: TokenRequest, login: Login | None) -> Token:
    """Ask the token server: by POST with a login, by GET without one or where the server knows no POST.

    Raises TokenRefused.
    """
    try:
        with registry_session(request.host) as session:
            answer = _ask(session, request, login)
    except (requests.RequestException, OSError) as error:
        raise TokenRefused(f"The token server {request.realm} cannot be reached: {_reason(error)}.") from error
    if not answer.ok or answer.is_redirect:
        words = f"The token server {request.realm} answered {answer.status_code} {answer.reason}"
        raise TokenRefused(f"{words}: {_explanation(answer)}".rstrip(": ") + ".", answer.status_code)
    return _read(answer, request.realm)


def _ask(session: requests.Session, request: TokenRequest, login: Login | None) -> requests.Response:
    if login is not None:
        # Not on to wherever a redirect leads: the form holds the password.
        form, auth = _form(request, login), _NoAuth()
        answer = session.post(request.realm, data=form, auth=auth, timeout=ANSWER_SECONDS, allow_redirects=False)
        if answer.status_code not in OAUTH_REFUSALS or not login.user:
            return answer
    query = [*([("service", request.service)] if request.service else []), *(("scope", one) for one in request.scopes)]
    basic = requests.auth.HTTPBasicAuth(login.user.encode(), login.secret.encode()) if login is not None else _NoAuth()
    return session.get(request.realm, params=query, auth=basic, timeout=ANSWER_SECONDS)


class _NoAuth(requests.auth.AuthBase):
    """Keeps requests from sending what ~/.netrc has for this host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _form(request: TokenRequest, login: Login) -> Mapping[str, str]:
    common = {"service": request.service, "scope": " ".join(request.scopes), "client_id": CLIENT_ID}
    if login.user:
        return {**common, "grant_type": "password", "username": login.user, "password": login.secret}
    return {**common, "grant_type": "refresh_token", "refresh_token": login.secret}


def _read(answer: requests.Response, realm: str) -> Token:
    try:
        found: dict[str, Any] = answer.json()
        value = str(found.get("access_token") or found.get("token") or "")
        seconds = int(found.get("expires_in") or DEFAULT_SECONDS)
    except (ValueError, TypeError, AttributeError) as error:
        raise TokenRefused(f"The token server {realm} answered with something that is no token.") from error
    if not value:
        raise TokenRefused(f"The token server {realm} answered without a token.")
    return Token(value, seconds)


def _explanation(answer: requests.Response) -> str:
    """What a refusal says: its `details`, the first of its `errors`, or its text."""
    try:
        body = answer.json()
        errors: Sequence[Any] = body.get("errors") or [{}]
        return str(body.get("details") or errors[0].get("message") or body.get("error") or "")
    except (ValueError, TypeError, AttributeError, LookupError):
        return answer.text.strip()[:500]


def _reason(error: Exception) -> str:
    """The innermost reason: what requests wraps around it names addresses and objects, not the cause."""
    from tui.engine.boundary import diagnose

    return diagnose(error)[1].rstrip(".")
