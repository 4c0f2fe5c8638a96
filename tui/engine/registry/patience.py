"""Waiting for an answer no longer than was said: name servers and proxies keep to no time limit of requests'."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

Answer = TypeVar("Answer")
LOOK_SECONDS = 0.05


def within(seconds: float, ask: Callable[[], Answer], stopped: Callable[[], bool] = lambda: False) -> Answer | None:
    """What `ask` returns in time; None where it does not, or where it raises, or nobody waits any more.

    What it raises is for the thread's hook: expected failures are to be returned.
    """
    answers: SimpleQueue[Answer | None] = SimpleQueue()

    def run() -> None:
        answer: Answer | None = None
        try:
            answer = ask()
        finally:
            answers.put(answer)

    threading.Thread(target=run, name="question to a registry", daemon=True).start()
    deadline = time.monotonic() + seconds
    while not stopped() and (left := deadline - time.monotonic()) > 0:
        try:
            return answers.get(timeout=min(left, LOOK_SECONDS))
        except Empty:
            continue
    return None
