"""A round through a WebSocket that echoes: text, signs of all sorts, bytes, something large, a ping, two goodbyes."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

TEXT_FRAMES = 100
MANY_SIGNS = "Grüße, 世界! \N{ROCKET} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} e\N{COMBINING ACUTE ACCENT}"
ALL_BYTES = bytes(range(256))
LARGE = bytes(range(256)) * 4096
"""1 MiB."""
LARGEST_MESSAGE = 4 << 20
ANSWER_SECONDS = 10.0
GOODBYES = (1000, 4001)
"""Close codes that are sent, each at the end of a connection of its own: the normal one, and one of an application."""


@dataclass(frozen=True, slots=True)
class WebSocketResult:
    """What came of the round."""

    opened: bool = False
    text_frames: int = TEXT_FRAMES
    """So many were sent, one after the other."""
    text_echoes: int = 0
    """So many came back as they were."""
    utf8: bool = False
    """Whether umlauts, emoji and joined signs came back as they were."""
    binary: bool = False
    large: bool = False
    """Whether 1 MiB came back as it was."""
    latency_seconds: float | None = None
    """The median of the text frames, there and back."""
    ping_seconds: float | None = None
    close_codes: tuple[int | None, ...] = ()
    """The answers to our goodbyes; None for none."""
    error: str = ""
    """Why the round ended early."""

    @property
    def ok(self) -> bool:
        """Whether all came back, and the goodbyes were answered."""
        return self.opened and not self.error and self.behaviour == WHOLE

    @property
    def behaviour(self) -> tuple[object, ...]:
        """All but the times."""
        echoes = (self.text_echoes == self.text_frames, self.utf8, self.binary, self.large)
        return (*echoes, self.ping_seconds is not None, self.close_codes)


WHOLE: tuple[object, ...] = (True, True, True, True, True, GOODBYES)


def probe_websocket(url: str) -> WebSocketResult:
    """Go through the whole round. Whatever goes wrong is in the result."""
    from websockets.exceptions import WebSocketException

    going = _Round(url)
    try:
        going.run()
    except TimeoutError:
        return replace(going.result, error=f"no answer within {ANSWER_SECONDS:.0f} s")
    except (OSError, WebSocketException) as error:
        return replace(going.result, error=str(error) or type(error).__name__)
    return going.result


def said_back(url: str, text: str) -> str | bytes:
    """What comes back when this is said. Raises OSError, TimeoutError, WebSocketException."""
    with _connect(url) as chat:
        chat.send(text)
        return chat.recv(timeout=ANSWER_SECONDS)


class _Round:
    """One round; `result` holds what is known so far."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.result = WebSocketResult()

    def run(self) -> None:
        """Raises OSError, TimeoutError, WebSocketException."""
        first, second = GOODBYES
        with _connect(self._url) as chat:
            self.result = replace(self.result, opened=True)
            self._send_texts(chat)
            self.result = replace(
                self.result,
                utf8=_comes_back(chat, MANY_SIGNS),
                binary=_comes_back(chat, ALL_BYTES),
                large=_comes_back(chat, LARGE),
            )
            self._ping(chat)
            self._say_goodbye(chat, first)
        with _connect(self._url) as chat:
            self._say_goodbye(chat, second)

    def _send_texts(self, chat: ClientConnection) -> None:
        times: list[float] = []
        for number in range(TEXT_FRAMES):
            began = time.monotonic()
            came_back = _comes_back(chat, f"message {number + 1} of {TEXT_FRAMES}")
            times.append(time.monotonic() - began)
            self.result = replace(self.result, text_echoes=self.result.text_echoes + came_back)
        self.result = replace(self.result, latency_seconds=statistics.median(times))

    def _ping(self, chat: ClientConnection) -> None:
        began = time.monotonic()
        if chat.ping().wait(ANSWER_SECONDS):
            self.result = replace(self.result, ping_seconds=time.monotonic() - began)

    def _say_goodbye(self, chat: ClientConnection, code: int) -> None:
        chat.close(code)
        answer = chat.protocol.close_rcvd
        codes = (*self.result.close_codes, answer.code if answer else None)
        self.result = replace(self.result, close_codes=codes)


def _connect(url: str) -> ClientConnection:
    from websockets.sync.client import connect

    # A proxy of this machine's user has nothing to do with its loopback address.
    return connect(url, open_timeout=ANSWER_SECONDS, close_timeout=ANSWER_SECONDS, max_size=LARGEST_MESSAGE, proxy=None)


def _comes_back(chat: ClientConnection, message: str | bytes) -> bool:
    chat.send(message)
    return chat.recv(timeout=ANSWER_SECONDS) == message
