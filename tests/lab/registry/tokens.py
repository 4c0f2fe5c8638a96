"""A token server as Docker Hub's: anonymous tokens for what is public, logins for what is private.

The protocols: https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tests.lab.registry.certificates import Certificates
from tests.lab.registry.store import Store

ISSUER = "the lab"
SERVICE = "registry.docker.io"
USER, PASSWORD = "learner", "correct horse"
IDENTITY_TOKEN = "lab-identity-token"
"""What `docker login` would keep in place of the password."""
PRIVATE = "private/"
"""Repositories of this prefix are for USER only."""
TOKEN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a request for a token."""

    status: HTTPStatus
    body: Mapping[str, object]


class TokenServer:
    """Signs tokens that docker-registry accepts."""

    def __init__(self, certificates: Certificates, store: Store) -> None:
        key = load_pem_private_key(certificates.token_key.read_bytes(), None)
        assert isinstance(key, RSAPrivateKey)
        self._key = key
        certificate = x509.load_pem_x509_certificate(certificates.token_certificate.read_bytes())
        self._certificate = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
        self._store = store

    def get(self, query: Mapping[str, list[str]], authorization: str | None) -> Answer:
        """A GET: anonymous, or with a login as Basic."""
        if authorization is None:
            return self._grant(query, None)
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic" or base64.b64decode(encoded) != f"{USER}:{PASSWORD}".encode():
            return _WRONG
        return self._grant(query, USER)

    def post(self, form: Mapping[str, list[str]]) -> Answer:
        """A POST, the OAuth2 way: a password, or the identity token that was given for one."""
        said = {name: values[0] for name, values in form.items()}
        if said.get("grant_type") == "password":
            right = (said.get("username"), said.get("password")) == (USER, PASSWORD)
        else:
            right = said.get("refresh_token") == IDENTITY_TOKEN
        if not right:
            return _WRONG
        answer = self._grant(form, USER)
        return Answer(answer.status, {**answer.body, "refresh_token": IDENTITY_TOKEN})

    def _grant(self, asked: Mapping[str, list[str]], user: str | None) -> Answer:
        """A token for what of the wish is granted; as on Docker Hub, what is not is left out without a word."""
        scopes = [scope for value in asked.get("scope", []) for scope in value.split()]
        access = [granted for scope in scopes if (granted := self._access(scope, user)) is not None]
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": user or "",
            "aud": SERVICE,
            "exp": now + TOKEN_SECONDS,
            "nbf": now - 10,
            "iat": now,
            "jti": secrets.token_hex(8),
            "access": access,
        }
        token = self._signed(claims)
        issued = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
        body = {"token": token, "access_token": token, "expires_in": TOKEN_SECONDS, "issued_at": issued}
        return Answer(HTTPStatus.OK, body)

    def _access(self, scope: str, user: str | None) -> dict[str, object] | None:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if kind != "repository" or "pull" not in actions.split(",") or not self._store.has(name):
            return None
        if name.startswith(PRIVATE) and user is None:
            return None
        return {"type": "repository", "name": name, "actions": ["pull"]}

    def _signed(self, claims: Mapping[str, object]) -> str:
        header = {"typ": "JWT", "alg": "RS256", "x5c": [self._certificate]}
        signed = f"{_segment(json.dumps(header).encode())}.{_segment(json.dumps(claims).encode())}"
        return f"{signed}.{_segment(self._key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


_WRONG = Answer(HTTPStatus.UNAUTHORIZED, {"details": "incorrect username or password"})


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
