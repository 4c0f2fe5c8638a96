"""The learner's page, in a real browser against the real program."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser import Page
from tests.package.conftest import GOAPP
from tests.package.test_goapp import running


def test_the_page_connects_sends_and_shows_the_echo(page: Page, chat_program: Path) -> None:
    page.wait_for("document.getElementById('address').value === 'ws://localhost:8080/ws'")
    with running(chat_program) as (_, port):
        page.run(f"document.getElementById('address').value = 'ws://127.0.0.1:{port}/ws'")
        page.run("document.getElementById('toggle').click()")
        page.wait_for("document.getElementById('state').textContent === 'connected'")
        page.run("document.getElementById('message').value = '<b>grün</b>'")
        page.run("document.getElementById('submit').click()")
        page.wait_for("document.querySelectorAll('#log li').length === 2")
        assert page.run("document.getElementById('log').innerText").split() == [
            "echo",
            "<b>grün</b>",
            "you",
            "<b>grün</b>",
        ]
    page.wait_for("document.getElementById('state').textContent.includes('went away')")


def test_an_address_where_nobody_answers_is_told(page: Page) -> None:
    page.wait_for("document.getElementById('toggle')")
    page.run("document.getElementById('address').value = 'ws://127.0.0.1:9/ws'")
    page.run("document.getElementById('toggle').click()")
    page.wait_for("document.getElementById('state').textContent.includes('nobody answers')")


def test_the_page_asks_nothing_of_anybody_else() -> None:
    text = (GOAPP / "index.html").read_text()
    assert not re.search(r"(?:src|href)=|https?://|@import", text)
