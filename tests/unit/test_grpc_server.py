"""The gRPC server of a build session, called by an HTTP/2 client over a real connection."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.support.grpc_daemon import GUARD_SECONDS, Daemon, daemon_of, serving
from tui.engine.buildkit.session.call import Call, CallGone, CallRefused, Status
from tui.engine.buildkit.session.grpc_call import BACKLOG_BYTES, MESSAGE_BYTES
from tui.engine.buildkit.session.health import health_handlers
from tui.engine.buildkit.session.pump import through_socket_pair

HERE = Path(__file__).parent
ECHO, BIG, FAIL, HEALTH = "/test.Echo/Echo", "/test.Big/Get", "/test.Fail/Fail", "/grpc.health.v1.Health/Check"
BIG_BYTES = 5 << 20


def echo(call: Call) -> None:
    while (message := call.receive()) is not None:
        call.send(message)


def big(call: Call) -> None:
    call.receive()
    for number in range(BIG_BYTES // 4096):
        call.send(number.to_bytes(4) * 1024, more=True)


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with daemon_of({ECHO: echo, BIG: big, **health_handlers()}) as calling:
        yield calling


def test_each_message_of_a_call_is_received_and_answered(daemon: Daemon) -> None:
    number = daemon.begin(ECHO)
    daemon.send(number, b"one")
    daemon.send(number, b"two", is_last=True)
    assert daemon.answer(number).messages == (b"one", b"two")


def test_a_method_is_found_in_any_case_as_the_daemon_compares_them_in_lower_case(daemon: Daemon) -> None:
    assert daemon.call(ECHO.lower(), b"x").messages == (b"x",)


def test_a_method_that_nobody_serves_is_answered_as_unimplemented(daemon: Daemon) -> None:
    answer = daemon.call("/test.Nothing/Here")
    assert (answer.status, answer.words) == (Status.UNIMPLEMENTED, "unknown method /test.Nothing/Here")


def test_a_refusal_reaches_the_daemon_with_its_words() -> None:
    words = "secret größe: 100 % of it\nis missing"

    def refuse(call: Call) -> None:
        raise CallRefused(Status.NOT_FOUND, words)

    with daemon_of({FAIL: refuse}) as daemon:
        answer = daemon.call(FAIL)
    assert (answer.status, answer.words, answer.messages) == (Status.NOT_FOUND, words, ())


def test_an_unforeseen_error_is_an_answer_too_and_goes_on_to_the_threads_hook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unforeseen: SimpleQueue[BaseException | None] = SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", lambda hook: unforeseen.put(hook.exc_value))

    def fail(call: Call) -> None:
        raise ZeroDivisionError

    with daemon_of({FAIL: fail}) as daemon:
        assert daemon.call(FAIL).status == Status.INTERNAL
    # The answer is sent before the hook is called.
    assert isinstance(unforeseen.get(timeout=GUARD_SECONDS), ZeroDivisionError)


def test_an_answer_larger_than_all_windows_arrives_whole(daemon: Daemon) -> None:
    answer = daemon.call(BIG)
    assert b"".join(answer.messages) == b"".join(number.to_bytes(4) * 1024 for number in range(BIG_BYTES // 4096))


def test_health_is_answered_while_a_large_answer_waits_for_the_daemon(daemon: Daemon) -> None:
    number = daemon.begin(BIG)
    daemon.send(number, b"", is_last=True)
    assert daemon.call(HEALTH).messages == (b"\x08\x01",)
    assert sum(map(len, daemon.answer(number).messages)) == BIG_BYTES


def test_what_waits_to_be_sent_has_a_limit() -> None:
    sent = [0]
    is_done = threading.Event()

    def flood(call: Call) -> None:
        try:
            while True:
                call.send(bytes(1 << 16))
                sent[0] += 1 << 16
        except CallGone:
            is_done.set()

    with daemon_of({BIG: flood, **health_handlers()}) as daemon:
        daemon.hold(number := daemon.begin(BIG))
        assert daemon.call(HEALTH).status == Status.OK
        daemon.withdraw(number)
        assert is_done.wait(GUARD_SECONDS)
    assert sent[0] <= BACKLOG_BYTES + (1 << 18)


def test_three_thousand_patterns_travel_as_headers(daemon: Daemon) -> None:
    patterns = [("exclude-patterns", f"some/folder/number-{number}/*.tmp") for number in range(3000)]
    assert daemon.call(ECHO, b"x", patterns).messages == (b"x",)


def test_headers_keep_their_bytes_and_their_number() -> None:
    seen: list[list[str]] = []

    def note(call: Call) -> None:
        seen.append(list(call.metadata["followpaths"]))

    with daemon_of({ECHO: note}) as daemon:
        daemon.call(ECHO, headers=[("followpaths", "größe.txt"), ("followpaths", "b")])
    assert seen == [["größe.txt", "b"]]


def test_compressed_messages_are_refused(daemon: Daemon) -> None:
    number = daemon.begin(ECHO)
    daemon.send(number, b"x", is_compressed=True)
    assert daemon.answer(number).status == Status.UNIMPLEMENTED


def test_a_message_that_is_too_long_is_refused_before_it_comes(daemon: Daemon) -> None:
    number = daemon.begin(ECHO)
    daemon.announce(number, MESSAGE_BYTES + 1)
    assert daemon.answer(number).status == Status.RESOURCE_EXHAUSTED


def test_a_refusal_may_hold_a_path_that_is_not_utf8() -> None:
    def refuse(call: Call) -> None:
        raise CallRefused(Status.NOT_FOUND, "caf\udce9 cannot be read")

    with daemon_of({FAIL: refuse, **health_handlers()}) as daemon:
        assert daemon.call(FAIL).words == "caf? cannot be read"
        assert daemon.call(HEALTH).status == Status.OK, "the session goes on"


def test_a_cut_ends_calls_that_wait(daemon: Daemon) -> None:
    is_over = threading.Event()

    def wait(call: Call) -> None:
        try:
            call.receive()
        except CallGone:
            is_over.set()

    ours, theirs = socket.socketpair()
    with theirs:
        with serving({ECHO: wait}, ours) as server:
            calling = Daemon(theirs)
            calling.begin(ECHO)
            calling.call("/test.Nothing/Here")
            server.cut()
            calling.read_until_end()
        assert is_over.wait(GUARD_SECONDS)


def test_what_was_read_with_the_answers_head_counts() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        calling = Daemon(theirs)
        early = ours.recv(65536)
        with serving({ECHO: echo}, ours, early):
            assert calling.call(ECHO, b"x").messages == (b"x",)


def test_a_daemon_that_speaks_something_else_ends_the_session_alone() -> None:
    ours, theirs = socket.socketpair()
    with theirs, serving({ECHO: echo}, ours):
        theirs.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
        theirs.settimeout(GUARD_SECONDS)
        while theirs.recv(65536):
            pass


def test_it_serves_over_tls_whose_bytes_no_selector_sees() -> None:
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(HERE / "engine.pem")
    client_context = ssl.create_default_context(cafile=HERE / "authority.pem")
    plain_ours, plain_theirs = socket.socketpair()
    far: list[ssl.SSLSocket] = []
    greeting = threading.Thread(target=lambda: far.append(server_context.wrap_socket(plain_theirs, server_side=True)))
    greeting.start()
    ours = client_context.wrap_socket(plain_ours, server_hostname="127.0.0.1")
    greeting.join(GUARD_SECONDS)
    with far[0] as theirs, serving({ECHO: echo, BIG: big}, ours) as server:
        calling = Daemon(theirs)
        assert calling.call(ECHO, b"x" * 10_000).messages == (b"x" * 10_000,)
        assert sum(map(len, calling.call(BIG).messages)) == BIG_BYTES
        server.cut()
        # A socket that had let go of its TLS would raise ValueError here, and send what follows in plain text.
        with contextlib.suppress(OSError):
            ours.read(1)


class Pipe:
    """A stream without a selector, as a named pipe of Windows is one."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def recv(self, size: int, /) -> bytes:
        return self._sock.recv(size)

    def sendall(self, data: bytes, /) -> None:
        self._sock.sendall(data)

    def close(self) -> None:
        self._sock.shutdown(socket.SHUT_RDWR)


def test_it_serves_through_a_stream_that_only_blocks_and_a_cut_ends_that_stream() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with serving({ECHO: echo, BIG: big}, through_socket_pair(Pipe(ours))):
            calling = Daemon(theirs)
            assert sum(map(len, calling.call(BIG).messages)) == BIG_BYTES
        calling.read_until_end()
