"""`moby.filesync.v1.Auth`: tokens for registries, fetched here, so that the engine needs no password for them.

Before it asks for tokens the daemon asks for a public key. It lets clients share tokens that prove to hold the same
key: clients without a login share one that anybody can compute, those with a login hold one of their own. The rules
are those of docker's CLI (moby/buildkit, session/auth/authprovider).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable

from nacl.signing import SigningKey

from tui.engine.buildkit.session.call import Call, CallRefused, Handlers, Status, read_request
from tui.engine.buildkit.session.session_pb2 import (
    CredentialsRequest,
    CredentialsResponse,
    FetchTokenRequest,
    FetchTokenResponse,
    GetTokenAuthorityRequest,
    GetTokenAuthorityResponse,
    VerifyTokenAuthorityRequest,
    VerifyTokenAuthorityResponse,
)
from tui.engine.registry.logins import Login
from tui.engine.registry.tokens import TokenRefused, TokenRequest, fetch_token

FindLogin = Callable[[str], Login | None]


class AuthService:
    """Answers for the user's logins; `find_login` gives the one for a registry's host."""

    def __init__(self, find_login: FindLogin) -> None:
        self._find_login = find_login
        self._logins: dict[str, Login | None] = {}
        self._asking = threading.Lock()
        self._seed = secrets.token_bytes(16)

    def handlers(self) -> Handlers:
        """The service's methods."""
        return {
            "/moby.filesync.v1.Auth/Credentials": self._credentials,
            "/moby.filesync.v1.Auth/FetchToken": self._fetch_token,
            "/moby.filesync.v1.Auth/GetTokenAuthority": self._authority,
            "/moby.filesync.v1.Auth/VerifyTokenAuthority": self._verify,
        }

    def _credentials(self, call: Call) -> None:
        """The login itself: asked for only by a registry that knows Basic logins and no tokens."""
        login = self._login_of(read_request(call, CredentialsRequest).Host)
        answer = CredentialsResponse(Username=login.user, Secret=login.secret) if login else CredentialsResponse()
        call.send(answer.SerializeToString())

    def _fetch_token(self, call: Call) -> None:
        asked = read_request(call, FetchTokenRequest)
        request = TokenRequest(asked.Host, asked.Realm, asked.Service, tuple(asked.Scopes))
        try:
            token = fetch_token(request, self._login_of(asked.Host))
        except TokenRefused as refusal:
            raise CallRefused(Status.UNKNOWN, str(refusal)) from refusal
        call.send(FetchTokenResponse(Token=token.value, ExpiresIn=token.seconds).SerializeToString())

    def _authority(self, call: Call) -> None:
        asked = read_request(call, GetTokenAuthorityRequest)
        public = bytes(self._key(asked.Host, asked.Salt).verify_key)
        call.send(GetTokenAuthorityResponse(PublicKey=public).SerializeToString())

    def _verify(self, call: Call) -> None:
        asked = read_request(call, VerifyTokenAuthorityRequest)
        signed = bytes(self._key(asked.Host, asked.Salt).sign(asked.Payload))
        call.send(VerifyTokenAuthorityResponse(Signed=signed).SerializeToString())

    def _login_of(self, host: str) -> Login | None:
        """A credential helper is a process, and may ask its user: once for each registry, one after the other."""
        with self._asking:
            if host not in self._logins:
                self._logins[host] = self._find_login(host)
            return self._logins[host]

    def _key(self, host: str, salt: bytes) -> SigningKey:
        seed = self._seed if self._login_of(host) is not None else b""
        return SigningKey(hmac.digest(salt, seed, hashlib.sha256))
