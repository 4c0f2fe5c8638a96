"""Images without layers, which graph drivers do not export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import ScriptedEngine, ScriptedStream, image
from tui.engine.errors import EngineError
from tui.session.bare_settings import settings_alone
from tui.session.inside_store import InsideStore
from tui.session.inspection_events import InspectionFailed, LookedInside
from tui.session.inspector import Inspector, Look
from tui.session.outbox import Outbox
from tui.session.work_events import WorkEvent

BARE = image("bare", 0, ('ENTRYPOINT ["/x"]', 0), ("EXPOSE map[8080/tcp:{} 53/udp:{}]", 0), ('CMD ["a", "b c"]', 0))


class RefusedStream(ScriptedStream):
    """What an engine answers that does not hand an image out."""

    def __init__(self, what: str) -> None:
        super().__init__(b"", None)
        self._what = what

    def pieces(self) -> Iterator[bytes]:
        raise EngineError(self._what, "Its own log tells more.")


class RefusingEngine(ScriptedEngine):
    """Refuses in these words."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.images = {BARE.image_id: BARE}
        self._what = what

    def save(self, reference: str) -> ScriptedStream:
        return RefusedStream(self._what)


def looked_into(engine: RefusingEngine, folder: Path) -> WorkEvent:
    """How a look into the image ends."""
    outbox: Outbox[WorkEvent] = Outbox(lambda _: None)
    Inspector(engine, outbox, lambda: InsideStore(folder)).add([Look("bare", "bare", BARE.image_id, 0)])
    told: list[WorkEvent] = []
    while new := [item.event for item in outbox.wait(10)]:
        told += new
        if isinstance(told[-1], (LookedInside, InspectionFailed)):
            break
    return told[-1]


def test_an_image_that_cannot_be_exported_as_it_is_empty_is_zero_bytes(tmp_path: Path) -> None:
    end = looked_into(RefusingEngine("The engine refused: empty export - not implemented."), tmp_path)
    assert isinstance(end, LookedInside)
    anatomy = end.insight.images[0].anatomy
    assert (anatomy.layers, anatomy.unpacked_bytes, anatomy.facts.entrypoint) == ((), 0, ("/x",))


def test_an_image_that_is_refused_for_another_reason_is_not_taken_for_empty(tmp_path: Path) -> None:
    assert isinstance(looked_into(RefusingEngine("The engine refused: no space."), tmp_path), InspectionFailed)


def test_settings_are_those_of_the_history() -> None:
    config = settings_alone(BARE)
    assert config.entrypoint == ("/x",)
    assert config.command == ("a", "b c")
    assert config.exposed_ports == ("53/udp", "8080/tcp")


@pytest.mark.parametrize("told", ["CMD ./x", "CMD {}", "CMD", ""])
def test_a_command_that_is_not_in_exec_form_is_not_known(told: str) -> None:
    assert settings_alone(image("bare", 0, (told, 0))).command == ()
