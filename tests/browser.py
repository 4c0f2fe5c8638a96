"""A real browser without a screen, for pages of ours."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.needs import need
from tui.session.paths import content_folder

OpenPage = Callable[[str], "Page"]

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
def open_page() -> Iterator[OpenPage]:
    """Opens an address in a browser of its own."""
    with ExitStack() as browsers:
        yield lambda url: browsers.enter_context(_chromium(url))


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The learner's page, opened from its file."""
    return open_page((content_folder("goapp") / "index.html").as_uri())


@contextmanager
def _chromium(url: str) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(chromium is not None, "a Chromium", "Debian: apt-get install chromium")
    assert chromium is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [
                chromium,
                *("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run"),
                *("--disable-background-networking", f"--user-data-dir={profile}"),
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert browser.stderr is not None
        try:
            address = next(found[1] for line in browser.stderr if (found := re.search(r"(ws://\S+)", line)))
            with connect(address) as whole:
                targets = Page(whole).call("Target.getTargets")["targetInfos"]
            (target,) = [one["targetId"] for one in targets if one["type"] == "page"]
            with connect(address.split("/devtools/")[0] + f"/devtools/page/{target}") as chat:
                page = Page(chat)
                # Navigated from here, so that nothing is asked of a page that is about to be left.
                page.call("Page.navigate", url=url)
                yield page
        finally:
            browser.kill()
            browser.communicate()
