"""The learner's page, in a real browser against the real program."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.needs import need
from tests.package.conftest import GOAPP
from tests.package.test_goapp import running

WAIT_FOR = """
new Promise((done, fail) => {
  const holds = () => { try { return %s; } catch { return false; } };
  if (holds()) { done(true); return; }
  setTimeout(() => fail(new Error("never: " + document.body.innerText)), 15000);
  new MutationObserver(() => holds() && done(true))
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
})
"""


class Page:
    """A page in headless Chromium, by its debugging protocol."""

    def __init__(self, chat: ClientConnection) -> None:
        self._chat = chat
        self._id = 0

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._id += 1
        self._chat.send(json.dumps({"id": self._id, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._chat.recv(timeout=30))
            if answer.get("id") == self._id:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def run(self, script: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, condition: str) -> None:
        assert self.run(WAIT_FOR % condition)


@pytest.fixture
def page() -> Iterator[Page]:
    """The learner's page, opened from its file."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(chromium is not None, "a Chromium", "Debian: apt-get install chromium")
    assert chromium is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [
                chromium,
                *("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run"),
                *("--disable-background-networking", f"--user-data-dir={profile}"),
                (GOAPP / "index.html").as_uri(),
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert browser.stderr is not None
        try:
            address = next(found[1] for line in browser.stderr if (found := re.search(r"(ws://\S+)", line)))
            yield from opened(address)
        finally:
            browser.kill()
            browser.communicate()


def opened(address: str) -> Iterator[Page]:
    with connect(address) as whole:
        targets = Page(whole).call("Target.getTargets")["targetInfos"]
    (target,) = [one["targetId"] for one in targets if one["type"] == "page"]
    with connect(address.split("/devtools/")[0] + f"/devtools/page/{target}") as chat:
        yield Page(chat)


def test_the_page_connects_sends_and_shows_the_echo(page: Page, chat_program: Any) -> None:
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
