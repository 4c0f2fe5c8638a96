"""Ways to an engine: each phase of connecting can be cut, and of the environment counts what counts for docker."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests.utils

from tui.engine.dialling import dial_tcp, dial_unix
from tui.engine.docker_save import DockerSave
from tui.engine.endpoint import Endpoint, TlsFiles
from tui.engine.transport import Wire, open_client, wired_client

HERE = Path(__file__).parent
AUTHORITY = HERE / "authority.pem"
CERTIFICATE = HERE / "engine.pem"
"""Of AUTHORITY, for 127.0.0.1."""
GUARD_SECONDS = 20.0
"""A test that waits so long has failed."""
OTHER = "engine.invalid"
TRUSTING = TlsFiles(AUTHORITY, None, None)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without proxies and certificates of the developer's own."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of somebody who serves one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(GUARD_SECONDS)

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(GUARD_SECONDS)
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@contextmanager
def full_queue(sock: socket.socket) -> Iterator[None]:
    """Somebody who listens and lets nobody in: who connects waits."""
    sock.listen(0)
    with contextlib.ExitStack() as waiting:
        for _ in range(4):
            one = waiting.enter_context(socket.socket(sock.family))
            one.setblocking(False)
            one.connect_ex(sock.getsockname())
        yield


def saving(url: str, tls: TlsFiles | None = None) -> DockerSave:
    endpoint = Endpoint(url, "this test", tls=tls)
    return DockerSave(lambda wire: wired_client(endpoint, "1.41", wire, unchunked=True), "image")


class Third:
    """Gives up when it is asked for the third time."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> bool:
        self.times += 1
        return self.times >= 3


def test_a_host_that_lets_nobody_in_is_given_up_as_soon_as_nobody_wants_it() -> None:
    wanted = Third()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        with full_queue(listener), pytest.raises(ConnectionAbortedError):
            dial_tcp("127.0.0.1", listener.getsockname()[1], GUARD_SECONDS, wanted)
    assert wanted.times >= 3


def test_a_socket_that_lets_nobody_in_is_given_up_as_soon_as_nobody_wants_it(tmp_path: Path) -> None:
    wanted = Third()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        with full_queue(listener), pytest.raises(ConnectionAbortedError):
            dial_unix(str(tmp_path / "s"), GUARD_SECONDS, wanted)
    assert wanted.times >= 3


def test_a_host_that_lets_nobody_in_has_so_much_time_and_no_more() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        with full_queue(listener), pytest.raises(TimeoutError, match="no connection within 0 seconds"):
            dial_tcp("127.0.0.1", listener.getsockname()[1], 0.0, lambda: False)


def test_a_host_where_nobody_listens_says_so_at_once() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            dial_tcp("127.0.0.1", closed.getsockname()[1], GUARD_SECONDS, lambda: False)


def test_a_cancel_ends_connecting() -> None:
    taken: list[bytes] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        with full_queue(listener):
            save = saving(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
            reader = threading.Thread(target=lambda: taken.extend(save.pieces()), daemon=True)
            reader.start()
            save.cancel()
            reader.join(GUARD_SECONDS)
            assert not reader.is_alive()
    assert taken == []


class Silent:
    """Hears the first words of a connection, has what is being done cancelled, and waits until the other hangs up."""

    def __init__(self) -> None:
        self.save: DockerSave | None = None
        self.heard = b""
        self.was_hung_up = False

    def __call__(self, connection: socket.socket) -> None:
        self.heard = connection.recv(1 << 16)
        assert self.save is not None
        self.save.cancel()
        with contextlib.suppress(TimeoutError):
            while connection.recv(1 << 16):
                pass
            self.was_hung_up = True


TLS_GREETING = b"\x16\x03"


@pytest.mark.parametrize(
    ("url", "tls", "first_words"),
    [
        ("tcp://{}", TRUSTING, TLS_GREETING),
        (f"tcp://{OTHER}:2375", None, f"GET http://{OTHER}:2375/v1.41/images/image/get".encode()),
        (f"tcp://{OTHER}:2376", TRUSTING, f"CONNECT {OTHER}:2376".encode()),
    ],
    ids=["greetings of TLS", "answer through a proxy", "a proxy's own answer"],
)
def test_a_cancel_ends_each_phase_of_connecting(
    monkeypatch: pytest.MonkeyPatch, url: str, tls: TlsFiles | None, first_words: bytes
) -> None:
    silent = Silent()
    with server(silent) as address:
        monkeypatch.setenv("HTTP_PROXY", f"http://{address}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        silent.save = saving(url.format(address), tls)
        assert list(silent.save.pieces()) == []
    assert silent.heard.startswith(first_words)
    assert silent.was_hung_up


def test_a_wire_that_held_a_connection_does_not_keep_it_open() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours, Wire().holding(ours):
            pass
        theirs.settimeout(GUARD_SECONDS)
        assert theirs.recv(1) == b""


def answer(connection: socket.socket) -> None:
    """Whatever is asked."""
    connection.recv(1 << 16)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")


def answer_in_tls(connection: socket.socket) -> None:
    """Whatever is asked by somebody who trusts AUTHORITY."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with contextlib.suppress(ssl.SSLError), context.wrap_socket(connection, server_side=True) as secured:
        answer(secured)


def asked(endpoint: Endpoint, *, wired: bool) -> str:
    """What the engine there answers."""
    client = wired_client(endpoint, "1.41", Wire()) if wired else open_client(endpoint, version="1.41")
    try:
        return str(client.get(f"{client.base_url}/_ping", timeout=GUARD_SECONDS).text)
    finally:
        client.close()


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("wired", [False, True])
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize(
    "tls", [TRUSTING, TlsFiles(None, None, None, verify=False)], ids=["own authority", "trusts all"]
)
def test_an_endpoints_own_word_on_whom_to_trust_stands_above_the_environments(
    monkeypatch: pytest.MonkeyPatch, tls: TlsFiles, variable: str, wired: bool
) -> None:
    monkeypatch.setenv(variable, requests.utils.DEFAULT_CA_BUNDLE_PATH)
    with server(answer_in_tls) as address:
        assert asked(Endpoint(f"tcp://{address}", "this test", tls=tls), wired=wired) == "fine"


def test_an_endpoint_without_an_authority_of_its_own_trusts_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(AUTHORITY))
    with server(answer_in_tls) as address:
        endpoint = Endpoint(f"tcp://{address}", "this test", tls=TlsFiles(None, None, None))
        assert asked(endpoint, wired=True) == "fine"


@pytest.mark.parametrize("wired", [False, True])
def test_an_engine_elsewhere_is_asked_through_the_environments_proxy(
    monkeypatch: pytest.MonkeyPatch, wired: bool
) -> None:
    with server(answer) as address:
        monkeypatch.setenv("HTTP_PROXY", f"http://{address}")
        assert asked(Endpoint(f"tcp://{OTHER}:2375", "this test"), wired=wired) == "fine"


@pytest.mark.parametrize("wired", [False, True])
def test_an_engine_of_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch, wired: bool) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{OTHER}:1")
    with server(answer) as address:
        assert asked(Endpoint(f"tcp://{address}", "this test"), wired=wired) == "fine"
