"""A container is ready when its program answers over HTTP, and not before."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from tests.unit.web import pages
from tui.engine.containers import Address
from tui.session.readiness import wait_until_ready


@contextlib.contextmanager
def accepts_and_resets() -> Iterator[Address]:
    """What an engine's proxy does while nobody listens behind it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with contextlib.suppress(OSError):
                    listener.accept()[0].close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Address("127.0.0.1", listener.getsockname()[1])
        finally:
            over.set()
            socket.create_connection(listener.getsockname()).close()
            thread.join()


def test_a_health_page_that_answers_is_readiness() -> None:
    with pages({"/healthz": (200, "ok")}) as address:
        ready = wait_until_ready(address, threading.Event())
    assert ready is not None
    assert ready.path == "/healthz"


def test_without_a_health_page_the_home_page_counts() -> None:
    with pages({"/": (200, "Home")}) as address:
        ready = wait_until_ready(address, threading.Event())
    assert ready is not None
    assert ready.path == "/"


def test_a_connection_that_is_reset_is_no_readiness() -> None:
    with accepts_and_resets() as address:
        ready = wait_until_ready(address, threading.Event(), 0.1)
    assert ready is not None
    assert ready.path is None
    assert "/healthz" in ready.reason


def test_errors_of_the_server_are_no_readiness_and_are_told() -> None:
    with pages({"/healthz": (503, "not yet"), "/": (500, "no")}) as address:
        ready = wait_until_ready(address, threading.Event(), 0.1)
    assert ready is not None
    assert (ready.path, ready.reason) == (None, "GET / was answered with 500")


def test_a_container_that_ended_is_not_waited_for() -> None:
    ended = threading.Event()
    ended.set()
    assert wait_until_ready(Address("127.0.0.1", 9), ended) is None
