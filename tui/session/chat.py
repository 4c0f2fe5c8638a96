"""A chat with a running container over its WebSocket: what is sent, what comes back and how soon, and the goodbye."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tui.session.run_events import ChatClosed, ChatEvent, ChatOpened, ChatReceived, ChatSent

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

OPEN_SECONDS = 5.0
CLOSE_SECONDS = 1.0
LARGEST_MESSAGE = 4 << 20
MOST_UNANSWERED = 1000
"""Of so many messages the time is kept in case that they come back."""
ABNORMAL = 1006
NOBODY = "nobody answers at this address"
AWAY = "the other side went away"


class Chat:
    """One WebSocket, served by threads of its own; no method blocks. Ends with exactly one ChatClosed."""

    def __init__(self, url: str, tell: Callable[[ChatEvent], None], now: Callable[[], float] = time.monotonic) -> None:
        """`tell` is called from the chat's threads; `now` is the clock that its events are timed by, in seconds."""
        self.url = url
        self._tell = tell
        self._now = now
        self._outgoing: SimpleQueue[str | bytes | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._unanswered: deque[tuple[str | bytes, float]] = deque(maxlen=MOST_UNANSWERED)
        self._thread = threading.Thread(target=self._run, name=f"chat {url}", daemon=True)
        self._thread.start()

    def send(self, message: str | bytes) -> None:
        """Send this as soon as the connection is open; what is sent after its end goes nowhere."""
        self._outgoing.put(message)

    def close(self) -> None:
        """Say goodbye; ChatClosed follows. Any number of times."""
        self._outgoing.put(None)

    def join(self, seconds: float) -> None:
        """Wait for the end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        try:
            with connect(
                self.url, open_timeout=OPEN_SECONDS, close_timeout=CLOSE_SECONDS, max_size=LARGEST_MESSAGE, proxy=None
            ) as chat:
                self._talk(chat)
                closed = _closed(self._now(), chat)
        except WebSocketException as error:
            closed = ChatClosed(self._now(), None, str(error))
        except OSError:
            closed = ChatClosed(self._now(), None, NOBODY)
        self._tell(closed)

    def _talk(self, chat: ClientConnection) -> None:
        """Pass on all that comes, until the end."""
        from websockets.exceptions import ConnectionClosed

        self._tell(ChatOpened(self._now()))
        sender = threading.Thread(target=self._send_all, args=(chat,), name=f"chat to {self.url}", daemon=True)
        sender.start()
        with contextlib.suppress(ConnectionClosed):
            while True:
                self._received(chat.recv())
        self._outgoing.put(None)
        sender.join()

    def _send_all(self, chat: ClientConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            while (message := self._outgoing.get()) is not None:
                with self._lock:
                    self._unanswered.append((message, self._now()))
                self._tell(ChatSent(self._now(), message))
                chat.send(message)
        chat.close()

    def _received(self, message: str | bytes) -> None:
        at = self._now()
        self._tell(ChatReceived(at, message, self._latency(message, at)))

    def _latency(self, message: str | bytes, at: float) -> float | None:
        """Messages come back in order: those before the one that came are lost."""
        with self._lock:
            if all(sent != message for sent, _ in self._unanswered):
                return None
            while True:
                sent, when = self._unanswered.popleft()
                if sent == message:
                    return at - when


def _closed(at: float, chat: ClientConnection) -> ChatClosed:
    said = chat.protocol.close_rcvd
    if said is None:
        return ChatClosed(at, ABNORMAL, AWAY)
    return ChatClosed(at, said.code, said.reason)
