"""HTTP sessions whose sockets can be cut at any moment, from any thread.

A build must end at once when it is cancelled, in each of its phases: while the context is uploaded there is no
response that could be closed, and closing the response of a silent step blocks until the step speaks. Shutting
down the socket ends all of them, so each build gets a session that hands every socket to a `Wire`. It has them from
the first moment on: connecting, a proxy's answer and the greetings of TLS are cut as well.

The environment's proxies count for tcp:// engines of other machines, as for docker's CLI; its certificates do not,
where the endpoint names its own or wants none.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests.adapters
import urllib3.connection
import urllib3.connectionpool
from docker import APIClient
from docker.tls import TLSConfig
from docker.transport.unixconn import UnixHTTPAdapter, UnixHTTPConnection, UnixHTTPConnectionPool
from docker.utils import parse_host

from tui.engine.dialling import dial_tcp, dial_unix

if TYPE_CHECKING:
    from tui.engine.endpoint import Endpoint, TlsFiles

ANSWER_SECONDS = 60.0
"""How long a plain question to the engine may take; builds have no such limit."""
CONNECT_SECONDS = 30.0
"""How long each step to a connection may take: connecting to an address, a proxy's answer, the greetings of TLS."""
HTTP_1_0 = (10, "HTTP/1.0")
"""The version in the two attributes by which `http.client` tells it. They are read before a connection is made: its
first line is written earlier than that."""
LONG_READ_BYTES = 1 << 18
"""A read of so much is for content. An answer's head is read with less, and must not be waited for to fill it."""


class Wire:
    """All sockets of one conversation: `cut` ends them, the present and the future ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.is_cut = False

    def attach(self, sock: socket.socket) -> None:
        """Take over a newly connected socket; it is shut down at once where the wire is cut already."""
        with self._lock:
            self._sockets.append(sock)
            if self.is_cut:
                _shut(sock)

    @contextmanager
    def holding(self, sock: socket.socket) -> Iterator[None]:
        """Let `cut` reach a connection that is still being prepared, whatever socket it is wrapped in meanwhile."""
        # TLS takes the descriptor away from the socket that it wraps, before it says a word.
        twin = sock.dup()
        self.attach(twin)
        try:
            yield
        finally:
            with self._lock:
                self._sockets.remove(twin)
                # The connection would stay open for as long as any descriptor of it.
                twin.close()

    def cut(self) -> None:
        """End the conversation now. Any thread, any number of times."""
        with self._lock:
            self.is_cut = True
            for sock in self._sockets:
                _shut(sock)


def _shut(sock: socket.socket) -> None:
    # The other side may have closed it first: then there is nothing left to cut. A TLS socket's own method would first
    # forget its TLS, and another thread's next bytes would leave in plain text.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Client(APIClient):
    """docker's client, with as much of the environment as docker's CLI lets in."""

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """As requests, but for two things: REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE do not stand above the endpoint's own
        word on whom to trust, and no proxy is asked for this machine."""
        settings = super().merge_environment_settings(url, proxies, stream, verify, cert)
        if self.verify is not True:
            settings["verify"] = self.verify
        if _is_loopback(urlsplit(str(url)).hostname or ""):
            settings["proxies"] = {}
        return settings


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_client(endpoint: Endpoint, timeout: float = ANSWER_SECONDS, version: str | None = None) -> APIClient:
    """A session with the engine behind `endpoint`; asks for its API version unless `version` is given.

    Raises what docker, requests and the system raise: callers stand behind `boundary.engine_errors`.
    """
    return _Client(
        base_url=endpoint.url,
        tls=_tls_config(endpoint.tls) if endpoint.tls else False,
        timeout=int(timeout),
        version=version or "auto",
    )


def wired_client(endpoint: Endpoint, version: str, wire: Wire, *, unchunked: bool = False) -> APIClient:
    """A session of its own for one conversation, each of whose sockets is handed to `wire`. Sends nothing yet.

    `unchunked` asks in HTTP/1.0: a long answer then comes as it is, not cut into chunks of some kilobytes that cost
    more to put together than to receive. Such an answer does not tell whether it came whole.
    """
    client = open_client(endpoint, version=version)
    host = str(parse_host(endpoint.url, False, tls=endpoint.tls is not None))
    if host.startswith("http+unix://"):
        client.mount("http+docker://", WiredUnixAdapter(host, wire, unchunked))
    elif host.startswith(("http://", "https://")):
        adapter = WiredTcpAdapter(wire, unchunked)
        client.mount("http://", adapter)
        client.mount("https://", adapter)
    return client


def _tls_config(files: TlsFiles) -> TLSConfig:
    pair = (str(files.cert), str(files.key)) if files.cert and files.key else None
    return TLSConfig(client_cert=pair, ca_cert=str(files.ca) if files.ca else None, verify=files.verify)


class WiredUnixAdapter(UnixHTTPAdapter):
    """docker's adapter for local sockets, with the sockets told to a wire."""

    def __init__(self, socket_url: str, wire: Wire, unchunked: bool = False) -> None:
        super().__init__(socket_url)
        self._wire = wire
        self._unchunked = unchunked

    def get_connection(self, url: Any, proxies: Any = None) -> UnixHTTPConnectionPool:
        """A fresh pool at each call: one conversation makes one request."""
        return _UnixPool(str(url), self.socket_path, self._wire, self._unchunked)


class _UnixPool(UnixHTTPConnectionPool):
    def __init__(self, base_url: str, socket_path: str, wire: Wire, unchunked: bool) -> None:
        super().__init__(base_url, socket_path, maxsize=1)
        self._wire = wire
        self._unchunked = unchunked

    def _new_conn(self) -> Any:
        return _UnixConnection(self.base_url, self.socket_path, self._wire, self._unchunked)


class PatientSocket(socket.socket):
    """A socket whose long reads return when they are filled or the other side has ended, not with what is there.

    Of some megabytes a socket holds a few hundred kilobytes at a time, and each return must wait for its turn at the
    interpreter's lock. That works without a timeout only: with one the socket is as any other.
    """

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """As `socket.recv_into`. Raises OSError."""
        if len(buffer) >= LONG_READ_BYTES:
            flags |= socket.MSG_WAITALL
        return super().recv_into(buffer, nbytes, flags)


def _patient(sock: socket.socket) -> socket.socket:
    """The same connection with more patience; what is passed in is closed to its holder."""
    timeout = sock.gettimeout()
    patient = PatientSocket(fileno=sock.detach())
    patient.settimeout(timeout)
    return patient


class _UnixConnection(UnixHTTPConnection):
    def __init__(self, base_url: str, unix_socket: str, wire: Wire, unchunked: bool) -> None:
        super().__init__(base_url, unix_socket)
        self._wire = wire
        self._unchunked = unchunked
        if unchunked:
            self._http_vsn, self._http_vsn_str = HTTP_1_0

    def connect(self) -> None:
        self.sock = dial_unix(self.unix_socket, CONNECT_SECONDS, lambda: self._wire.is_cut)
        self.sock.settimeout(self.timeout)
        if self._unchunked:
            self.sock = _patient(self.sock)
        self._wire.attach(self.sock)


class WiredTcpAdapter(requests.adapters.HTTPAdapter):
    """requests' own adapter for tcp:// engines, plain or TLS, with the sockets told to a wire."""

    def __init__(self, wire: Wire, unchunked: bool = False) -> None:
        self._pool_classes = _pool_classes(wire, unchunked)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make each connection tell the wire of its socket."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Those by way of an HTTP proxy too. SOCKS needs connections of its own, which no wire reaches."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._pool_classes
        return manager


def _pool_classes(wire: Wire, unchunked: bool) -> dict[str, Any]:
    class Plain(_TcpConnection):
        _wire, _unchunked = wire, unchunked

    class Secure(_TcpConnection, urllib3.connection.HTTPSConnection):
        _wire, _unchunked = wire, unchunked

    class PlainPool(urllib3.connectionpool.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.connectionpool.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _TcpConnection(urllib3.connection.HTTPConnection):
    """A connection that its wire holds while it is being prepared, and afterwards."""

    _wire: Wire
    _unchunked: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._preparing = ExitStack()
        if self._unchunked:
            self._http_vsn, self._http_vsn_str = HTTP_1_0

    def connect(self) -> None:
        with self._preparing:
            super().connect()
            self.sock.settimeout(self.timeout)
            if self._unchunked and type(self.sock) is socket.socket:
                self.sock = _patient(self.sock)
            # TLS within a proxy's TLS is no socket, but has one.
            self._wire.attach(getattr(self.sock, "socket", self.sock))

    def _new_conn(self) -> socket.socket:
        sock = dial_tcp(self._dns_host, self.port, CONNECT_SECONDS, lambda: self._wire.is_cut)
        for option in self.socket_options or ():
            sock.setsockopt(*option)
        sock.settimeout(CONNECT_SECONDS)
        self._preparing.enter_context(self._wire.holding(sock))
        return sock
