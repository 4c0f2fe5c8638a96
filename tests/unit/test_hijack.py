"""How POST /session becomes a connection: over each transport, and what is told where it does not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.grpc_daemon import GUARD_SECONDS, Daemon
from tui.engine.buildkit.session.health import health_handlers
from tui.engine.buildkit.session.hijack import SessionRefused, hijack_session
from tui.engine.buildkit.session.session import METHOD_HEADER, open_session
from tui.engine.endpoint import Endpoint, TlsFiles
from tui.engine.transport import Wire

HERE = Path(__file__).parent
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
HEALTH = "/grpc.health.v1.Health/Check"


class FakeEngine:
    """Takes one connection, answers its request with fixed bytes, and hands it over."""

    def __init__(self, listener: socket.socket, answer: bytes, context: ssl.SSLContext | None = None) -> None:
        self._listener = listener
        self._answer = answer
        self._context = context
        self.request = b""
        self.connection: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(GUARD_SECONDS)
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        while b"\r\n\r\n" not in self.request:
            self.request += connection.recv(4096)
        connection.sendall(self._answer)
        self.connection = connection

    def hijacked(self) -> socket.socket:
        """The connection, once its request is answered."""
        self._thread.join(GUARD_SECONDS)
        assert self.connection is not None
        return self.connection

    def close(self) -> None:
        self.hijacked().close()
        self._listener.close()


@contextmanager
def engine_on_unix_socket(folder: Path, answer: bytes) -> Iterator[tuple[FakeEngine, Endpoint]]:
    path = folder / "engine.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    engine = FakeEngine(listener, answer)
    yield engine, Endpoint(f"unix://{path}", "this test")
    engine.close()


@contextmanager
def engine_on_tcp(answer: bytes, *, tls: bool) -> Iterator[tuple[FakeEngine, Endpoint]]:
    listener = socket.create_server(("127.0.0.1", 0))
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(HERE / "engine.pem")
    engine = FakeEngine(listener, answer, context)
    files = TlsFiles(HERE / "authority.pem", None, None) if tls else None
    yield engine, Endpoint(f"tcp://127.0.0.1:{listener.getsockname()[1]}", "this test", tls=files)
    engine.close()


def test_the_request_has_one_header_for_each_method_and_the_rest_of_the_answer_is_kept(tmp_path: Path) -> None:
    with engine_on_unix_socket(tmp_path, SWITCHING + b"PRI * HTTP/2.0") as (engine, endpoint):
        headers = [(METHOD_HEADER, "/a/A"), (METHOD_HEADER, "/b/B")]
        sock, early = hijack_session(endpoint, "1.41", Wire(), headers)
        sock.close()
        lines = engine.request.decode().split("\r\n")
    assert lines[0] == "POST /v1.41/session HTTP/1.1"
    assert "Upgrade: h2c" in lines
    methods = [line for line in lines if line.startswith(METHOD_HEADER)]
    assert methods == [f"{METHOD_HEADER}: /a/A", f"{METHOD_HEADER}: /b/B"]
    assert early == b"PRI * HTTP/2.0"


@pytest.mark.parametrize("tls", [False, True], ids=["tcp", "TLS"])
def test_a_session_is_served_over_tcp_until_its_context_ends(tls: bool) -> None:
    with engine_on_tcp(SWITCHING, tls=tls) as (engine, endpoint):
        with open_session(endpoint, "1.41", Wire(), [health_handlers()], "key") as name:
            daemon = Daemon(engine.hijacked())
            assert daemon.call(HEALTH).messages == (b"\x08\x01",)
            assert f"X-Docker-Expose-Session-Uuid: {name}".encode() in engine.request
        daemon.read_until_end()


def test_what_stands_before_an_engines_paths_stands_before_the_sessions_too() -> None:
    with engine_on_tcp(SWITCHING, tls=False) as (engine, endpoint):
        sock, _ = hijack_session(replace(endpoint, url=f"{endpoint.url}/engines/one"), "1.41", Wire(), [])
        sock.close()
        assert engine.request.startswith(b"POST /engines/one/v1.41/session HTTP/1.1\r\n")


def test_cutting_the_wire_ends_the_session(tmp_path: Path) -> None:
    wire = Wire()
    with (
        engine_on_unix_socket(tmp_path, SWITCHING) as (engine, endpoint),
        open_session(endpoint, "1.41", wire, [health_handlers()], "key"),
    ):
        daemon = Daemon(engine.hijacked())
        wire.cut()
        daemon.read_until_end()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "offers no session: 404 Not Found"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "offers no session: 200 OK"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "offers no session: SSH-2.0-OpenSSH_9.2"),
    ],
    ids=["Podman", "no upgrade", "no HTTP"],
)
def test_an_engine_without_sessions_is_told_as_such(tmp_path: Path, answer: bytes, words: str) -> None:
    with engine_on_unix_socket(tmp_path, answer) as (_, endpoint), pytest.raises(SessionRefused, match=words):
        hijack_session(endpoint, "1.41", Wire(), [])


def test_an_authority_that_is_not_ours_is_not_trusted() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "engine.pem")

    def greet() -> None:
        connection, _ = listener.accept()
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True)
        connection.close()

    thread = threading.Thread(target=greet)
    thread.start()
    endpoint = Endpoint(f"tcp://127.0.0.1:{listener.getsockname()[1]}", "this test", tls=TlsFiles(None, None, None))
    with pytest.raises(ssl.SSLCertVerificationError):
        hijack_session(endpoint, "1.41", Wire(), [])
    thread.join()
    listener.close()
