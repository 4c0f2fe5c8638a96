"""A registry of a few kilobytes in this process: the distribution protocol with tokens, and faults by repository name.

The first part of a repository's name picks what happens: `private/` wants a login by token, `basic/` one by Basic,
`limited/` answers 429, `cut/` breaks off in the middle of a layer, `elsewhere/` is made for another platform only,
`broken/` answers 503, `silent/` says nothing until it is let go. Everything else is for everybody, with an anonymous
token as on Docker Hub.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import ssl
import tarfile
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "learner", "rocket"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
TLS_HANDSHAKE = b"\x16"
RETRY_SECONDS = 19_920
"""What `limited/` says: 5 h 32 min."""


@dataclass
class Content:
    """What the registry holds: blobs and manifests by digest, tags by repository."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)

    def put(self, data: bytes, media_type: str) -> dict[str, Any]:
        """Keep a blob; its descriptor."""
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.blobs[digest], self.types[digest] = data, media_type
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def add_image(self, repository: str, tag: str, *platforms: str, layer_bytes: int = 3000) -> None:
        """An image of one layer for each of these platforms; below an index, as nearly all on Docker Hub are."""
        described = []
        for platform in platforms or ("linux/amd64", "linux/arm64"):
            system, architecture, *variant = platform.split("/")
            manifest = self.put(json.dumps(self._image(system, architecture, layer_bytes)).encode(), MANIFEST)
            described.append(
                manifest
                | {
                    "platform": {"os": system, "architecture": architecture}
                    | ({"variant": variant[0]} if variant else {})
                }
            )
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": described}
        self.tags.setdefault(repository, {})[tag] = self.put(json.dumps(index).encode(), INDEX)["digest"]

    def add_bare_image(self, repository: str, tag: str, platform: str = "linux/amd64") -> None:
        """An image without an index."""
        system, architecture = platform.split("/")
        image = self.put(json.dumps(self._image(system, architecture, 3000)).encode(), MANIFEST)
        self.tags.setdefault(repository, {})[tag] = image["digest"]

    def _image(self, system: str, architecture: str, layer_bytes: int) -> dict[str, Any]:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            member = tarfile.TarInfo("etc/which-architecture")
            member.size = layer_bytes
            # Bytes that do not pack, so that a cut has a middle; the same at each run.
            noise = b"".join(
                hashlib.sha256(f"{architecture} {i}".encode()).digest() for i in range(layer_bytes // 32 + 1)
            )
            tar.addfile(member, io.BytesIO(noise[:layer_bytes]))
        layer = gzip.compress(packed.getvalue(), mtime=0)
        config = {
            "os": system,
            "architecture": architecture,
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(packed.getvalue()).hexdigest()]},
            "history": [{"created_by": "a layer"}],
        }
        return {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.put(json.dumps(config).encode(), CONFIG),
            "layers": [self.put(layer, LAYER)],
        }


def usual_content() -> Content:
    """`library/base:1` for everybody, and the same below each of the names that bring trouble."""
    content = Content()
    for prefix in ("library", "private", "basic", "limited", "broken", "silent"):
        content.add_image(f"{prefix}/base", "1")
    content.add_image("cut/base", "1", layer_bytes=2_000_000)
    content.add_image("elsewhere/base", "1", "linux/s390x", "linux/arm/v7")
    content.add_bare_image("library/bare", "1")
    return content


@dataclass(frozen=True)
class Request:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]


class SmallRegistry:
    """Serves from entering to leaving. Each answer that it gives is in `requests`."""

    def __init__(
        self,
        content: Content | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.content = content or usual_content()
        self.requests: list[Request] = []
        self.success_headers: dict[str, str] = {}
        """Sent with each manifest."""
        self.limit_headers = {"Retry-After": str(RETRY_SECONDS)}
        self.let_go = threading.Event()
        self._server = ThreadingHTTPServer((address, port), _handler_of(self))
        self._server.daemon_threads = True
        self.is_tls = tls is not None
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.host = f"{address}:{self._server.server_address[1]}"
        """As it stands in an image's name."""

    def __enter__(self) -> SmallRegistry:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"{'https' if self.is_tls else 'http'}://{self.host}"


def _handler_of(registry: SmallRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        owner = registry

    return Handler


class _Handler(BaseHTTPRequestHandler):
    owner: SmallRegistry
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle_one_request(self) -> None:
        """Answer a TLS greeting in plain HTTP, as Go's servers do: clients fall back, or say what is wrong, by it."""
        if not self.owner.is_tls and self.rfile.peek(1)[:1] == TLS_HANDSHAKE:  # type: ignore[attr-defined]
            self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTPS request to an HTTP server.\n")
            self.close_connection = True
            return
        super().handle_one_request()

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        self.owner.requests.append(Request(self.command, self.path, dict(self.headers.items())))
        if parts.path == "/token":
            self._token(parse_qs(parts.query), self._basic())
            return
        if parts.path in ("/v2/", "/v2"):
            self._challenge("")
            return
        repository, _, rest = parts.path.removeprefix("/v2/").rpartition("/")
        repository, _, kind = repository.rpartition("/")
        if not self._is_let_in(repository):
            return
        prefix = repository.split("/")[0]
        if prefix == "limited":
            self._error(HTTPStatus.TOO_MANY_REQUESTS, "TOOMANYREQUESTS", LIMIT_WORDS, self.owner.limit_headers)
        elif prefix == "broken":
            self._error(HTTPStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", "the storage is being mended")
        elif prefix == "silent":
            self.owner.let_go.wait()
            self.close_connection = True
        elif kind == "tags":
            self._tags(repository)
        elif kind == "manifests":
            self._manifest(repository, rest)
        else:
            self._blob(rest, is_cut=prefix == "cut")

    def do_POST(self) -> None:
        """OAuth's way to a token: the login is in the body."""
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode())
        self.owner.requests.append(Request(self.command, self.path, dict(self.headers.items())))
        self._token(form, ((form.get("username") or [""])[0], (form.get("password") or [""])[0]))

    def _token(self, query: dict[str, list[str]], login: tuple[str, str] | None) -> None:
        scope = (query.get("scope") or [""])[0]
        if login is not None and login != (USER, PASSWORD):
            self._json(HTTPStatus.UNAUTHORIZED, {"details": "incorrect username or password"})
            return
        token = f"{'known' if login else 'anonymous'} {scope}".replace(" ", "-")
        self._json(HTTPStatus.OK, {"token": token, "access_token": token})

    def _basic(self) -> tuple[str, str] | None:
        scheme, _, rest = (self.headers.get("Authorization") or "").partition(" ")
        if scheme != "Basic":
            return None
        user, _, password = base64.b64decode(rest).decode().partition(":")
        return user, password

    def _is_let_in(self, repository: str) -> bool:
        given = self.headers.get("Authorization") or ""
        if repository.startswith("basic/"):
            if self._basic() == (USER, PASSWORD):
                return True
            self._error(
                HTTPStatus.UNAUTHORIZED,
                "UNAUTHORIZED",
                "authentication required",
                {"WWW-Authenticate": 'Basic realm="small"'},
            )
            return False
        if not given.startswith("Bearer ") or (repository.startswith("private/") and "known" not in given):
            self._challenge(repository, insufficient=given.startswith("Bearer "))
            return False
        return True

    def _challenge(self, repository: str, *, insufficient: bool = False) -> None:
        scope = f',scope="repository:{repository}:pull"' if repository else ""
        error = ',error="insufficient_scope"' if insufficient else ""
        challenge = f'Bearer realm="{self.owner.url}/token",service="small"{scope}{error}'
        self._error(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "authentication required", {"WWW-Authenticate": challenge})

    def _manifest(self, repository: str, reference: str) -> None:
        tags = self.owner.content.tags.get(repository)
        if tags is None:
            self._error(HTTPStatus.NOT_FOUND, "NAME_UNKNOWN", "repository name not known to registry")
            return
        digest = tags.get(reference, reference)
        if digest not in self.owner.content.blobs:
            self._error(HTTPStatus.NOT_FOUND, "MANIFEST_UNKNOWN", "manifest unknown")
            return
        self._send(
            HTTPStatus.OK,
            self.owner.content.blobs[digest],
            self.owner.content.types[digest],
            digest,
            self.owner.success_headers,
        )

    def _tags(self, repository: str) -> None:
        if repository in self.owner.content.tags:
            self._json(HTTPStatus.OK, {"name": repository, "tags": sorted(self.owner.content.tags[repository])})
        else:
            self._error(HTTPStatus.NOT_FOUND, "NAME_UNKNOWN", "repository name not known to registry")

    def _blob(self, digest: str, *, is_cut: bool) -> None:
        data = self.owner.content.blobs.get(digest)
        if data is None:
            self._error(HTTPStatus.NOT_FOUND, "BLOB_UNKNOWN", "blob unknown")
        elif is_cut and len(data) > 100_000:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            self._send(HTTPStatus.OK, data, "application/octet-stream", digest)

    def _error(self, status: HTTPStatus, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        self._json(status, {"errors": [{"code": code, "message": message}]}, headers)

    def _json(self, status: HTTPStatus, data: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(data).encode(), "application/json", headers=headers)

    def _send(
        self, status: HTTPStatus, data: bytes, media_type: str, digest: str = "", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": media_type,
            "Content-Length": str(len(data)),
            **({"Docker-Content-Digest": digest} if digest else {}),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


LIMIT_WORDS = "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit"
