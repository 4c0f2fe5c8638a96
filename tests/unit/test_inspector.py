"""Looking into images on a thread of its own: whatever goes wrong, each asker is answered."""

from __future__ import annotations

import threading

import pytest

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine
from tui.session.inside_store import InsideStore, own_store
from tui.session.inspection_events import InspectionEnd, InspectionFailed, LookedInside
from tui.session.inspector import Inspector, Look
from tui.session.outbox import Outbox
from tui.session.work_events import WorkEvent, logged

LOOK = Look("current/simple", "Single stage", SIMPLE_IMAGE.image_id, SIMPLE_IMAGE.size_bytes)


def ends_of(outbox: Outbox[WorkEvent], count: int) -> list[InspectionEnd]:
    """The ends of so many inspections, in the order of their asking."""
    ends: dict[int, InspectionEnd] = {}
    while len(ends) < count:
        told = outbox.wait(30)
        assert told, "an end never came"
        ends |= {-item.sender: item.event for item in told if isinstance(item.event, InspectionEnd)}
    return [ends[number] for number in sorted(ends)]


def test_an_unforeseen_error_ends_one_inspection_and_the_next_is_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: caught.append(args.exc_type))
    asked = threading.Event()
    stores: list[InsideStore] = []

    def broken_once() -> InsideStore:
        assert asked.wait(30)
        if not stores:
            stores.append(own_store())
            raise ZeroDivisionError
        return own_store()

    outbox = Outbox[WorkEvent](logged)
    engine = ScriptedEngine()
    engine.images[SIMPLE_IMAGE.image_id] = SIMPLE_IMAGE
    inspector = Inspector(engine, outbox, broken_once)
    inspector.add([LOOK])
    inspector.add([LOOK])
    asked.set()
    first, second = ends_of(outbox, 2)
    assert isinstance(first, InspectionFailed)
    assert "Jettison itself" in first.what
    assert isinstance(second, LookedInside)
    inspector.add([LOOK])
    (third,) = ends_of(outbox, 1)
    assert isinstance(third, LookedInside)
    assert caught == [ZeroDivisionError]
