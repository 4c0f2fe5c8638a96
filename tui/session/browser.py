"""The learner's page in their own browser, connected to a running container."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tui.session.paths import content_folder

if TYPE_CHECKING:
    from tui.engine.containers import Address

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened, or would have been."""

    url: str
    why_not: str = ""
    """A sentence where no browser was started; the address can then be opened by hand."""


def page_url(address: Address) -> str:
    """The page's file with the container's address in it: it connects by itself."""
    page = (content_folder("goapp") / "index.html").as_uri()
    return f"{page}?{urlencode({'ws': address.websocket_url})}"


def open_page(address: Address, environ: Mapping[str, str] | None = None) -> Opened:
    """Open the page in the browser of this machine."""
    return open_in_browser(page_url(address), environ)


def open_in_browser(url: str, environ: Mapping[str, str] | None = None) -> Opened:
    """Open an address in the browser of this machine. A browser that would take over the terminal is not started."""
    import webbrowser

    known = os.environ if environ is None else environ
    if sys.platform.startswith("linux") and not any(known.get(name) for name in SCREENS):
        return Opened(url, "This session has no screen for a browser: open the address on a machine that has.")
    if webbrowser.open(url):
        return Opened(url)
    return Opened(url, "No browser could be started: open the address by hand.")
