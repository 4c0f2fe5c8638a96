"""Asking a registry what a pull would bring: https://distribution.github.io/distribution/spec/api/.

The name is asked for by HEAD, which Docker Hub does not count as a pull. What the image weighs takes one or two GETs,
which it does count; they are left out where few are left.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

import requests
import requests.auth

from tui.engine.boundary import causes, diagnose
from tui.engine.cause import Cause
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.https import registry_session
from tui.engine.registry.limits import pulls_left, retry_seconds
from tui.engine.registry.logins import Login
from tui.engine.registry.manifests import ACCEPT, offered_platforms, packed_bytes, pick, read_manifest
from tui.engine.registry.offer import Offer
from tui.engine.registry.pull_words import Pull
from tui.engine.registry.reference import Reference
from tui.engine.registry.settings import RegistrySettings
from tui.engine.registry.tokens import TokenRefused, TokenRequest, fetch_token

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 5.0
SPARED_PULLS = 10
"""With fewer pulls left, none is spent on asking what an image weighs."""
MOST_ALIKE = 3
THIS_MACHINE = "this machine"
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_NO_TLS = re.compile(r"WRONG_VERSION_NUMBER|HTTP_REQUEST|record layer failure|UNKNOWN_PROTOCOL", re.IGNORECASE)

FindLogin = Callable[[str], Login | None]


def look_up(reference: Reference, platform: str, settings: RegistrySettings, find_login: FindLogin) -> Offer:
    """What is offered under a name for a platform; blocks. Raises PullRefused.

    Mirrors are asked first, as an engine does; what the registry itself says counts in the end.
    """
    *before, last = settings.bases_for(reference)
    for base in before:
        try:
            return _Question(reference, platform, base, find_login).answer()
        except PullRefused:
            continue
    return _Question(reference, platform, last, find_login).answer()


class _Question:
    """One image, asked for at one place."""

    def __init__(self, reference: Reference, platform: str, base: str, find_login: FindLogin) -> None:
        self._reference = reference
        self._base = base
        self._host = base.partition("://")[2]
        self._login = find_login(self._host)
        self._pull = Pull(reference, platform=platform, user=self._user, asker=THIS_MACHINE)
        self._authorization: requests.auth.AuthBase = _Bearer("")

    @property
    def _user(self) -> str | None:
        return self._login.user if self._login is not None else None

    def answer(self) -> Offer:
        try:
            with registry_session(self._host) as session:
                return self._ask(session)
        except (requests.RequestException, OSError) as error:
            raise self._unanswered(error) from error

    def _ask(self, session: requests.Session) -> Offer:
        head = self._request(session, "HEAD", f"manifests/{self._reference.version}")
        digest = head.headers.get("Docker-Content-Digest") or self._reference.digest or ""
        left = pulls_left(head.headers)
        offer = Offer(self._reference, digest, self._host, self._user, pulls_left=left)
        if left is not None and left < SPARED_PULLS:
            return offer
        manifest = self._manifest(session, digest or self._reference.version)
        if "manifests" in manifest:
            chosen = pick(manifest, self._pull.platform)
            if chosen is None:
                raise self._refused(Cause.PLATFORM, alike=offered_platforms(manifest))
            offer = replace(offer, platform=self._pull.platform)
            manifest = self._manifest(session, str(chosen["digest"]))
        return replace(offer, layers=len(manifest.get("layers") or ()), packed_bytes=packed_bytes(manifest))

    def _manifest(self, session: requests.Session, version: str) -> Mapping[str, Any]:
        answer = self._request(session, "GET", f"manifests/{version}")
        try:
            return read_manifest(answer.json())
        except ValueError as error:
            raise self._refused(Cause.REGISTRY_FAILED, detail="it answered with something else") from error

    def _request(self, session: requests.Session, method: str, path: str) -> requests.Response:
        """An answer that says yes. A first no that asks for a login is met once."""
        answer = self._send(session, method, path)
        if answer.status_code == HTTPStatus.UNAUTHORIZED and self._meet(answer.headers.get("WWW-Authenticate", "")):
            answer = self._send(session, method, path)
        if not answer.ok:
            raise self._said_no(session, answer)
        return answer

    def _send(self, session: requests.Session, method: str, path: str) -> requests.Response:
        return session.request(
            method,
            f"{self._base}/v2/{self._reference.repository}/{path}",
            headers={"Accept": ACCEPT},
            auth=self._authorization,
            allow_redirects=True,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        )

    def _meet(self, challenge: str) -> bool:
        """Get ready for what the registry asks for; whether it is worth another try."""
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "basic" and self._login is not None and self._login.user:
            self._authorization = requests.auth.HTTPBasicAuth(self._login.user.encode(), self._login.secret.encode())
            return True
        asked = dict(_PARAMETER.findall(rest))
        if scheme.lower() != "bearer" or "realm" not in asked:
            return False
        scope = asked.get("scope") or f"repository:{self._reference.repository}:pull"
        try:
            token = fetch_token(
                TokenRequest(self._host, asked["realm"], asked.get("service", ""), (scope,)), self._login
            )
        except TokenRefused as error:
            raise self._no_token(error) from error
        self._authorization = _Bearer(token.value)
        return True

    # Refusals.

    def _refused(self, cause: Cause, *, detail: str = "", alike: Sequence[str] = ()) -> PullRefused:
        return PullRefused(cause, replace(self._pull, detail=detail, alike=tuple(alike)))

    def _no_token(self, error: TokenRefused) -> PullRefused:
        if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return self._refused(Cause.NOT_LOGGED_IN if self._login is None else Cause.LOGIN_REFUSED)
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._refused(Cause.RATE_LIMITED)
        if error.status is not None:
            return self._refused(Cause.REGISTRY_FAILED, detail=f"its token server answered {error.status}")
        return self._unanswered(error)

    def _said_no(self, session: requests.Session, answer: requests.Response) -> PullRefused:
        match answer.status_code:
            case HTTPStatus.TOO_MANY_REQUESTS:
                return PullRefused(Cause.RATE_LIMITED, replace(self._pull, retry_seconds=retry_seconds(answer.headers)))
            case HTTPStatus.NOT_FOUND:
                return self._not_found(session)
            case HTTPStatus.UNAUTHORIZED if isinstance(self._authorization, requests.auth.HTTPBasicAuth):
                return self._refused(Cause.LOGIN_REFUSED)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                return self._denied()
        return self._refused(Cause.REGISTRY_FAILED, detail=f"it answered {answer.status_code}")

    def _denied(self) -> PullRefused:
        """Docker Hub says this of names that do not exist, too."""
        if self._reference.is_official:
            return self._refused(Cause.NO_SUCH_NAME)
        return self._refused(Cause.NOT_LOGGED_IN if self._login is None else Cause.NO_ACCESS)

    def _not_found(self, session: requests.Session) -> PullRefused:
        """The name or the tag: the list of tags tells."""
        answer = self._send(session, "GET", "tags/list")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return self._refused(Cause.NO_SUCH_NAME)
        try:
            tags = [str(tag) for tag in answer.json().get("tags") or ()] if answer.ok else None
        except (ValueError, AttributeError, TypeError):
            tags = None
        if tags is None:
            return self._refused(Cause.NOT_FOUND)
        close = get_close_matches(self._reference.tag or "", tags, MOST_ALIKE, 0.5)
        return self._refused(Cause.NO_SUCH_TAG, alike=close)

    def _unanswered(self, error: Exception) -> PullRefused:
        _, words = diagnose(error)
        chain = list(causes(error))
        if any(isinstance(one, requests.exceptions.ProxyError) for one in chain):
            return self._refused(Cause.PROXY, detail=_short(words))
        if any(isinstance(one, ssl.SSLError) for one in chain):
            cause = Cause.PLAIN_HTTP if _NO_TLS.search(words) else Cause.CERTIFICATE
            return self._refused(cause)
        if any(isinstance(one, requests.exceptions.ChunkedEncodingError) for one in chain):
            return self._refused(Cause.CUT_OFF)
        return self._refused(Cause.UNREACHABLE, detail=_short(words))


class _Bearer(requests.auth.AuthBase):
    """A token, or nothing: without this, requests would send what ~/.netrc has for the host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _short(words: str) -> str:
    """The system's words; those of urllib3 name objects and addresses in memory."""
    return "" if "object at 0x" in words or len(words) > 100 else words.rstrip(".").lower()
