"""A base image being pulled, in the build pane: bytes, layers, a bar that moves; then its extraction."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import OptionList

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine
from tests.screens.conftest import Driven, Start
from tests.support.pulls import begun, downloading, downloads, extracting, transferring
from tui.engine.events import BuildEvent, StepCached, StepOutput, Stream
from tui.session.build_record import BuildRecord
from tui.widgets.build_pane import BuildPane

SIZES = [(80, 24), (120, 36)]


@asynccontextmanager
async def held(
    start: Start, simple: list[BuildEvent], multistage: list[BuildEvent], size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Driven]:
    """Two builds at once that go no further than to before their ends."""
    hold = threading.Event()
    async with start(ScriptedEngine({"simple": simple, "multistage": multistage}, hold=hold), size=size) as it:
        await it.press("o", "b", "4")
        await it.until(lambda: it.app.learner.is_busy, "the builds")
        yield it
        hold.set()


def rows(it: Driven, words: str) -> list[str]:
    return [line for line in it.text.split("\n") if words in line]


@pytest.mark.parametrize("size", SIZES)
async def test_a_pull_tells_its_bytes_and_an_extraction_its_layers_beside_each_other(
    start: Start, size: tuple[int, int]
) -> None:
    async with held(start, downloading(SIMPLE_IMAGE), extracting(MULTISTAGE_IMAGE), size) as it:
        await it.until(lambda: it.shows("↓ 143 / 312 MB") and it.shows("extracting 2 of 7 layers"))
        (row,) = rows(it, "↓ 143 / 312 MB")
        assert "━" in row
        (row,) = rows(it, "9b8d0a2")
        assert "45.1 / 64.4 MB" in row
        assert "extracting" in row
        assert not it.shows("done 0.0 s")


async def test_with_room_layers_and_rate_are_told_too(start: Start) -> None:
    async with held(start, downloading(SIMPLE_IMAGE), downloading(MULTISTAGE_IMAGE), (200, 60)) as it:
        await it.until(lambda: it.shows("↓ 143 / 312 MB  4 of 7 layers  11.0 MB/s"))


async def test_a_context_and_an_export_tell_what_they_do(start: Start) -> None:
    async with held(start, transferring(SIMPLE_IMAGE), transferring(MULTISTAGE_IMAGE)) as it:
        await it.until(lambda: it.shows("↑ 62.9 MB  31.5 MB/s"))
        assert it.shows("files sent: 62.9 MB")
        assert it.shows("image: exporting layers")


async def test_the_bar_moves_and_makes_way_once_the_image_is_here(start: Start) -> None:
    async with start(ScriptedEngine(), size=(120, 36)) as it:
        await it.press("4")
        pane, record = it.app.screen.query(BuildPane).first(), BuildRecord()
        pane.show("simple", "Single stage", record, None)

        async def after(*events: BuildEvent) -> str:
            for event in events:
                record.apply(event)
            pane.refresh_record()
            await it.pilot.pause()
            return "\n".join(rows(it, "MB"))

        early = await after(*begun(), *downloads(1.0, [0.1] * 7))
        later = await after(*downloads(2.0, [0.5] * 7))
        assert "↓ 31.2 / 312 MB" in early
        assert "↓ 156 / 312 MB" in later
        assert "golang:1.27-bookworm" in it.text
        assert await after(StepCached(3.0, "base")) == ""
        assert it.shows("RUN go build -o main .")


async def test_layers_make_way_for_output(start: Start) -> None:
    printed = StepOutput(14.0, "compile", Stream.STDOUT, "go: downloading\n")
    events = [*downloading(SIMPLE_IMAGE)[:-1], printed, downloading(SIMPLE_IMAGE)[-1]]
    async with held(start, events, downloading(MULTISTAGE_IMAGE)) as it:
        await it.until(lambda: it.shows("go: downloading"))
        assert it.text.count("9b8d0a2") == 1
        it.app.screen.query(OptionList).filter("BuildPane > OptionList").first().focus()
        await it.press("down")
        await it.until(lambda: it.text.count("9b8d0a2") == 2, "the layers of the step")
