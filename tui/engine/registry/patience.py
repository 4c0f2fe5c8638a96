"""Calls with a time limit that covers name servers and proxies too, which the timeouts of requests do not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TypeVar

Answer = TypeVar("Answer")
POLL_SECONDS = 0.05


def within(seconds: float, ask: Callable[[], Answer], stopped: Callable[[], bool] = lambda: False) -> Answer | None:
    """What `ask` returns in time; as `all_within`."""
    return all_within(seconds, [ask], stopped)[0]


def all_within(
    seconds: float, asks: Sequence[Callable[[], Answer]], stopped: Callable[[], bool] = lambda: False
) -> list[Answer | None]:
    """What each of these returns, asked all at once; None where that takes longer, raises, or is stopped.

    What they raise is for the threads' hook: expected failures are to be returned.
    """
    answers: SimpleQueue[tuple[int, Answer | None]] = SimpleQueue()
    found: list[Answer | None] = [None] * len(asks)

    def run(number: int, ask: Callable[[], Answer]) -> None:
        answer: Answer | None = None
        try:
            answer = ask()
        finally:
            answers.put((number, answer))

    for number, ask in enumerate(asks):
        threading.Thread(target=run, args=(number, ask), name="question to a registry", daemon=True).start()
    missing = len(asks)
    deadline = time.monotonic() + seconds
    while missing and not stopped() and (left := deadline - time.monotonic()) > 0:
        try:
            number, answer = answers.get(timeout=min(left, POLL_SECONDS))
        except Empty:
            continue
        found[number] = answer
        missing -= 1
    return found
