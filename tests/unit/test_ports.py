from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.needs import need
from tui.engine.ports import ANYBODY, listener_of


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_process_that_listens_is_named(family: socket.AddressFamily) -> None:
    need(Path("/proc/net/tcp").is_file(), "the kernel's table of sockets", "run on Linux")
    with socket.create_server(("127.0.0.1" if family is socket.AF_INET else "::1", 0), family=family) as listener:
        said = listener_of(listener.getsockname()[1])
    assert said.startswith("the process ")
    assert f"({os.getpid()})" in said


def test_a_port_on_which_nobody_listens_is_held_by_somebody_unknown() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert listener_of(bound.getsockname()[1]) == ANYBODY


def test_without_the_kernel_s_tables_nothing_is_claimed(tmp_path: Path) -> None:
    assert listener_of(8080, tmp_path) == ANYBODY
