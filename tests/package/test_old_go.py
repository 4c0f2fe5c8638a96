"""What lets the Go of 2019 build the program: nothing in it, nor in the module that it stands on, is newer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.package.conftest import GOAPP, Go

HERE = Path(__file__).parent
OLDEST = (1, 11)
"""The older one of the two editions' toolchains."""
FIRST_THAT_TRIES = (1, 11, 4)
"""Those before it refuse a module whose go.mod names a newer Go: https://github.com/golang/go/issues/30446"""
MODULE = "github.com/gorilla/websocket"


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def table() -> dict[str, tuple[int, ...]]:
    """Symbol → the release that brought it."""
    lines = (HERE / "library_api.txt").read_text().splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    return {symbol: version(release) for symbol, release in pairs}


def test_program_and_module_use_what_the_library_of_go_1_11_has(go: Go) -> None:
    module = go.run("go", "list", "-m", "-f", "{{.Dir}}", MODULE)
    assert module.returncode == 0, module.stderr
    found = go.run("go", "run", str(HERE / "library_uses.go"), str(GOAPP), module.stdout.strip())
    assert found.returncode == 0, found.stderr
    used, known = found.stdout.split(), table()
    assert {"net/http.Server.Shutdown", "net.Buffers.WriteTo", "os/signal.Notify"} <= set(used)
    assert [symbol for symbol in used if symbol not in known] == []
    assert [symbol for symbol in used if known[symbol] > OLDEST] == []


@pytest.mark.parametrize("name", ["simple", "multistage"])
def test_the_bases_of_2019_have_a_go_that_takes_the_module(name: str) -> None:
    dockerfile = (GOAPP / "2019" / f"Dockerfile.{name}").read_text()
    base = re.search(r"^FROM golang:([\d.]+)", dockerfile, re.MULTILINE)
    assert base is not None
    assert version(base[1]) >= FIRST_THAT_TRIES
    assert "\ngo 1.12\n" in (GOAPP / "go.mod").read_text()
