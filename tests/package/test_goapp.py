"""The program that is containerised: its own tests, its form, and its manners as a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import connect

from tests.package.conftest import GOAPP, Go


@contextmanager
def running(program: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The program on a free port, from the moment when it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program], env={**os.environ, "PORT": str(port)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "Hello World"
        assert "listening on" in process.stdout.readline()
        yield process, port
    finally:
        process.kill()
        process.communicate()


def test_its_own_tests_pass(go: Go) -> None:
    done = go.run("go", "test", "-count=1", "./...")
    assert done.returncode == 0, done.stdout + done.stderr


def test_gofmt_and_vet_have_nothing_to_say(go: Go) -> None:
    assert go.run("gofmt", "-l", ".").stdout == ""
    vetted = go.run("go", "vet", "./...")
    assert vetted.returncode == 0, vetted.stderr


def test_its_modules_are_those_that_go_sum_names(go: Go) -> None:
    assert go.run("go", "mod", "verify").returncode == 0
    assert "gorilla/websocket v1.5.0 h1:" in (GOAPP / "go.sum").read_text()
    assert "\ngo 1.12\n" in (GOAPP / "go.mod").read_text()


def test_it_serves_a_page_echoes_messages_and_logs_them(chat_program: Path) -> None:
    with running(chat_program) as (process, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.read() == b"Home Page"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
        with connect(f"ws://127.0.0.1:{port}/ws") as chat:
            chat.send("grün")
            assert chat.recv() == "grün"
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=5)
        assert "grün" in output


def test_a_stop_ends_it_at_once_and_well_even_with_an_open_chat(chat_program: Path) -> None:
    with running(chat_program) as (process, port), connect(f"ws://127.0.0.1:{port}/ws"):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0


def test_a_plain_request_to_the_socket_is_refused_and_the_server_lives_on(chat_program: Path) -> None:
    with running(chat_program) as (_, port):
        with socket.create_connection(("127.0.0.1", port)) as plain:
            plain.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b" 400 " in plain.recv(200)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
