"""The queue of the runs: texts are joined, and a flood waits for whoever takes it."""

from __future__ import annotations

import threading

from tui.engine.events import Stream
from tui.session import run_outbox
from tui.session.run_events import LogText, Ready
from tui.session.run_outbox import RunNews, RunOutbox


def text(words: str, run: int = 1, stream: Stream = Stream.STDOUT) -> RunNews:
    return RunNews(run, LogText(0.0, stream, words))


def test_texts_of_the_same_output_are_joined_and_others_are_not() -> None:
    outbox = RunOutbox()
    for item in (text("a"), text("b"), text("c", 2), text("d", 2, Stream.STDERR), text("e", 1)):
        outbox.put(item)
    outbox.put(RunNews(1, Ready(1.0, 1.0, "/")))
    outbox.put(text("f"))
    told = [item.event.text if isinstance(item.event, LogText) else "ready" for item in outbox.take()]
    assert told == ["ab", "c", "d", "e", "ready", "f"]
    assert outbox.take() == []


def test_a_flood_waits_until_it_is_taken() -> None:
    outbox = RunOutbox()
    outbox.put(text("x" * (run_outbox.MOST_WAITING + 1)))
    filler = threading.Thread(target=lambda: outbox.put(text("more")))
    filler.start()
    (first,) = outbox.take()
    filler.join()
    (second,) = outbox.take()
    assert isinstance(first.event, LogText)
    assert len(first.event.text) == run_outbox.MOST_WAITING + 1
    assert second == text("more")


def test_who_gives_up_waits_no_longer() -> None:
    outbox = RunOutbox()
    outbox.put(text("x" * (run_outbox.MOST_WAITING + 1)))
    give_up = threading.Event()
    filler = threading.Thread(target=lambda: outbox.put(text("more"), give_up))
    filler.start()
    give_up.set()
    filler.join()
    assert sum(len(item.event.text) for item in outbox.take() if isinstance(item.event, LogText)) > len("more")


def test_other_events_pass_a_flood() -> None:
    outbox = RunOutbox()
    outbox.put(text("x" * (run_outbox.MOST_WAITING + 1)))
    outbox.put(RunNews(1, Ready(1.0, 1.0, "/")))
    assert isinstance(outbox.wait(1.0)[-1].event, Ready)
