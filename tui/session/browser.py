"""The learner's page in their own browser, connected to a running container."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tui.session.paths import cache_folder, content_folder

if TYPE_CHECKING:
    from tui.engine.containers import Address

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
TEXT_BROWSERS = frozenset({"lynx", "w3m", "links", "links2", "elinks", "browsh", "carbonyl", "www-browser"})
"""They want the terminal, which is ours."""
OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
PATIENCE_SECONDS = 6.0
"""Python gives a browser that is already open five seconds to take the address."""
LEADING_ON = """<!doctype html>
<meta charset="utf-8">
<title>Jettison</title>
<meta http-equiv="refresh" content="0; url={url}">
<a href="{url}">Your page</a>
"""


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
    """Open the page in a browser of this machine that has a screen of its own; blocks while it starts.

    Nothing that it or its helpers print reaches our terminal, and none of them can take it over.
    """
    url = page_url(address)
    known = _without_text_browsers(os.environ if environ is None else environ)
    if sys.platform.startswith("linux") and not any(known.get(name) for name in (*SCREENS, "BROWSER")):
        return Opened(url, "This session has no screen for a browser: open the address on a machine that has.")
    try:
        done = subprocess.run(
            [sys.executable, "-c", OPEN, leading_to(url).as_uri()],
            env=known,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Without a terminal that controls it, /dev/tty cannot be opened either.
            start_new_session=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Some browsers are waited for until they are closed.
        return Opened(url)
    except OSError:
        return Opened(url, "No browser could be started: open the address by hand.")
    return Opened(url) if done.returncode == 0 else Opened(url, "No browser was found: open the address by hand.")


def leading_to(url: str) -> Path:
    """A file that leads on to this address: helpers such as xdg-open drop what follows a file's name. Raises OSError.

    It lies in the cache folder, one for all.
    """
    file = cache_folder() / "page.html"
    file.write_text(LEADING_ON.format(url=escape(url)), encoding="utf-8")
    return file


def _without_text_browsers(environ: Mapping[str, str]) -> dict[str, str]:
    """This environment, in which only browsers with a screen of their own are found."""
    wanted = [
        command
        for command in environ.get("BROWSER", "").split(os.pathsep)
        if command.split() and Path(command.split()[0]).name not in TEXT_BROWSERS
    ]
    # Python looks for text browsers where there is a TERM.
    kept = {name: value for name, value in environ.items() if name not in ("BROWSER", "TERM")}
    return kept | ({"BROWSER": os.pathsep.join(wanted)} if wanted else {})
