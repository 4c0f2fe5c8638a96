"""The page in the learner's browser: which is started, with what, and that it leaves our terminal alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tui.engine.containers import Address
from tui.session.browser import open_page, page_url

ADDRESS = Address("127.0.0.1", 32768)
MakeBrowser = Callable[[str, str], str]


@pytest.fixture
def make_browser(tmp_path: Path) -> MakeBrowser:
    """A browser of this name that is a shell script; its command."""

    def made(name: str, script: str) -> str:
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\ncd {tmp_path}\n{script}\n")
        file.chmod(0o755)
        return str(file)

    return made


def test_the_page_is_opened_with_the_container_s_address(make_browser: MakeBrowser, tmp_path: Path) -> None:
    told = open_page(ADDRESS, {"BROWSER": make_browser("graphical", 'echo "$1" >opened')})
    assert told.why_not == ""
    file = Path(unquote(urlsplit((tmp_path / "opened").read_text().strip()).path))
    (leads_to,) = re.findall(r'content="0; url=([^"]+)"', file.read_text())
    assert unescape(leads_to) == told.url == page_url(ADDRESS)
    assert parse_qs(urlsplit(told.url).query) == {"ws": ["ws://127.0.0.1:32768/ws"]}


def test_what_a_browser_prints_does_not_reach_our_terminal(
    make_browser: MakeBrowser, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    loud = (
        "echo loud; echo louder >&2; read line && echo got >took; (echo mine >/dev/tty) 2>/dev/null && echo got >took"
    )
    told = open_page(ADDRESS, {"BROWSER": make_browser("graphical", f"{loud}; exit 0")})
    assert told.why_not == ""
    assert capfd.readouterr() == ("", "")
    assert not (tmp_path / "took").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
@pytest.mark.parametrize("name", ["lynx", "w3m"])
def test_a_browser_that_wants_the_terminal_is_not_started_and_the_address_is_told(
    name: str, make_browser: MakeBrowser, tmp_path: Path
) -> None:
    told = open_page(ADDRESS, {"TERM": "xterm", "PATH": str(tmp_path), "BROWSER": make_browser(name, "echo >took")})
    assert "no screen" in told.why_not
    assert told.url == page_url(ADDRESS)
    assert not (tmp_path / "took").exists()


def test_a_screen_without_a_browser_is_told(tmp_path: Path) -> None:
    told = open_page(ADDRESS, {"DISPLAY": ":0", "PATH": str(tmp_path)})
    if sys.platform.startswith("linux"):
        assert "No browser was found" in told.why_not


def test_a_browser_that_fails_is_told(make_browser: MakeBrowser, tmp_path: Path) -> None:
    told = open_page(ADDRESS, {"PATH": str(tmp_path), "BROWSER": make_browser("graphical", "exit 1")})
    assert "by hand" in told.why_not
