"""A queue with a bound: texts are joined, and a flood waits for whoever takes it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tui.engine.events import Stream
from tui.session.outbox import Outbox, Told
from tui.session.run_events import LogText, Ready, RunEvent
from tui.session.runner import printed

MOST_WAITING = 1000


def outbox_of_runs(on_arrival: Callable[[], object] | None = None) -> Outbox[RunEvent]:
    return Outbox(printed, most_waiting=MOST_WAITING, on_arrival=on_arrival)


def text(words: str, run: int = 1, stream: Stream = Stream.STDOUT) -> Told[RunEvent]:
    return Told(run, LogText(0.0, stream, words))


def test_texts_of_the_same_output_are_joined_and_others_are_not() -> None:
    outbox = outbox_of_runs()
    for item in (text("a"), text("b"), text("c", 2), text("d", 2, Stream.STDERR), text("e", 1)):
        outbox.put(item)
    outbox.put(Told(1, Ready(1.0, 1.0, "/")))
    outbox.put(text("f"))
    told = [item.event.text if isinstance(item.event, LogText) else "ready" for item in outbox.take()]
    assert told == ["ab", "c", "d", "e", "ready", "f"]
    assert outbox.take() == []


def test_a_flood_waits_until_it_is_taken() -> None:
    outbox = outbox_of_runs()
    outbox.put(text("x" * (MOST_WAITING + 1)))
    filler = threading.Thread(target=lambda: outbox.put(text("more")))
    filler.start()
    (first,) = outbox.take()
    filler.join()
    (second,) = outbox.take()
    assert isinstance(first.event, LogText)
    assert len(first.event.text) == MOST_WAITING + 1
    assert second == text("more")


def test_who_gives_up_waits_no_longer() -> None:
    outbox = outbox_of_runs()
    outbox.put(text("x" * (MOST_WAITING + 1)))
    give_up = threading.Event()
    filler = threading.Thread(target=lambda: outbox.put(text("more"), give_up))
    filler.start()
    give_up.set()
    filler.join()
    assert sum(len(item.event.text) for item in outbox.take() if isinstance(item.event, LogText)) > len("more")


def test_other_events_pass_a_flood() -> None:
    outbox = outbox_of_runs()
    outbox.put(text("x" * (MOST_WAITING + 1)))
    outbox.put(Told(1, Ready(1.0, 1.0, "/")))
    assert isinstance(outbox.wait(1.0)[-1].event, Ready)


def test_an_arrival_is_told_once_until_all_is_taken() -> None:
    arrivals: list[int] = []
    outbox = outbox_of_runs(lambda: arrivals.append(1))
    outbox.put(text("one"))
    outbox.put(text("two"))
    outbox.put(Told(1, Ready(1.0, 1.0, "/")))
    assert len(arrivals) == 1
    outbox.take()
    outbox.put(text("three"))
    assert len(arrivals) == 2
