"""Turning `POST /session` into a plain connection, on which the daemon then speaks HTTP/2 to us.

The connection is dialled here and not by requests, as docker's CLI does it too. The answer's head is read here, and any
bytes behind it are returned: they are the beginning of the daemon's HTTP/2.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import requests.utils
from docker.utils import parse_host

from tui.engine.buildkit.session.pump import BlockingStream, through_socket_pair
from tui.engine.dialling import dial_tcp, dial_unix

if TYPE_CHECKING:
    from tui.engine.endpoint import Endpoint, TlsFiles
    from tui.engine.transport import Wire

CONNECT_SECONDS = 30.0
HEAD_BYTES = 1 << 16
"""An answer whose head is longer than this is none of an engine's."""


class SessionRefused(Exception):
    """The engine does not turn the request into a connection: it is Podman, or a proxy in between blocks it."""


def hijack_session(
    endpoint: Endpoint, api_version: str, wire: Wire, headers: Sequence[tuple[str, str]]
) -> tuple[socket.socket, bytes]:
    """The connection, and what the daemon has sent on it already. `wire` holds it from the first moment on.

    Raises SessionRefused, and OSError as connecting does.
    """
    sock, host, prefix = _connect(endpoint, wire)
    try:
        lines = [
            f"POST {prefix}/v{api_version}/session HTTP/1.1",
            f"Host: {host}",
            "Connection: Upgrade",
            # The daemon compares it as it is, with this very word.
            "Upgrade: h2c",
            "Content-Length: 0",
            *(f"{name}: {value}" for name, value in headers),
        ]
        sock.sendall("\r\n".join([*lines, "", ""]).encode())
        return sock, _rest_behind_head(sock)
    except BaseException:
        sock.close()
        raise


def _rest_behind_head(sock: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = sock.recv(4096)
        if not piece:
            raise SessionRefused("the engine's answer broke off")
        if len(received) > HEAD_BYTES:
            raise SessionRefused("the engine's answer is none of HTTP")
        received += piece
    head, _, rest = received.partition(b"\r\n\r\n")
    first_line = head.split(b"\r\n")[0].decode("latin-1")
    words = first_line.split(" ", 2)
    if len(words) < 2 or words[1] != str(int(HTTPStatus.SWITCHING_PROTOCOLS)):
        raise SessionRefused(f"the engine offers no session: {' '.join(words[1:]) or first_line}")
    return rest


def _connect(endpoint: Endpoint, wire: Wire) -> tuple[socket.socket, str, str]:
    """A connection to the engine, its name for the Host header, and what stands before all its paths."""
    url = str(parse_host(endpoint.url, False, tls=endpoint.tls is not None))
    if url.startswith("http+unix://"):
        sock = dial_unix(url.removeprefix("http+unix://"), CONNECT_SECONDS, lambda: wire.is_cut)
        wire.attach(sock)
        return sock, "docker", ""
    if url.startswith("npipe://"):
        return _connect_pipe(url, wire), "docker", ""
    address = urlsplit(url)
    host, is_secure = address.hostname or "", address.scheme == "https"
    sock = dial_tcp(host, address.port or (443 if is_secure else 80), CONNECT_SECONDS, lambda: wire.is_cut)
    if is_secure:
        sock.settimeout(CONNECT_SECONDS)
        with wire.holding(sock):
            sock = _tls_context(endpoint.tls).wrap_socket(sock, server_hostname=host)
        sock.settimeout(None)
    wire.attach(sock)
    return sock, address.netloc, address.path.rstrip("/")


def _connect_pipe(url: str, wire: Wire) -> socket.socket:
    """A named pipe of Windows, which no selector can wait for, behind a socket that one can."""
    from docker.transport import NpipeSocket

    pipe = NpipeSocket()
    pipe.settimeout(None)
    pipe.connect(url.removeprefix("npipe://").replace("/", "\\"))
    # Its stubs say str, as in Python 2; what it reads and writes are bytes.
    sock = through_socket_pair(cast(BlockingStream, pipe))
    wire.attach(sock)
    return sock


def _tls_context(files: TlsFiles | None) -> ssl.SSLContext:
    authorities = str(files.ca) if files and files.ca else requests.utils.DEFAULT_CA_BUNDLE_PATH
    context = ssl.create_default_context(cafile=authorities)
    # Private authorities are often made without the extensions that Python 3.13 came to ask for; older ones take them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if files is not None:
        if not files.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if files.cert and files.key:
            context.load_cert_chain(files.cert, files.key)
    return context
