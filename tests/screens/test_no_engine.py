"""Without an engine: a friendly way on where none was named, a plain end where one was."""

from __future__ import annotations

import pytest

from tests.screens.conftest import Start
from tui.engine.errors import NoEngine
from tui.engine.model import Attempt, Problem

ATTEMPTS = (
    Attempt("the default socket", "unix:///var/run/docker.sock", Problem.NOT_THERE, "No such file or directory"),
    Attempt("Podman", "unix:///run/podman/podman.sock", Problem.NOT_ALLOWED, "Permission denied"),
)
NOTHING = NoEngine("No Docker engine answers on this machine.", "Start Docker, then press r.", ATTEMPTS, named=False)
NAMED = NoEngine("tcp://[bold]:1 does not answer.", "Use --engine replay.", ATTEMPTS, named=True)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_what_was_tried_what_to_do_and_the_way_on_are_in_sight(start: Start, size: tuple[int, int]) -> None:
    async with start(NOTHING, size=size) as it:
        await it.until(lambda: "No Docker engine answers" in it.text, "the screen")
        for words in (
            "Start Docker, then press r.",
            "Go on with a recorded build",
            "Try again",
            "Quit",
            "Permission denied",
        ):
            assert words in it.text


@pytest.mark.parametrize("way", ["p", "enter", "escape", "click"])
async def test_a_recorded_build_is_one_step_away(start: Start, way: str) -> None:
    async with start(NOTHING) as it:
        await it.until(lambda: "Go on with a recorded build" in it.text, "the screen")
        if way == "click":
            await it.click("Go on with a recorded build")
        else:
            await it.press(way)
        await it.until(lambda: it.app.learner.bench is not None, "the recordings")
        await it.until(lambda: "recorded" in it.text)


async def test_trying_again_finds_an_engine_that_was_started_meanwhile(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fakes import ScriptedEngine

    async with start(NOTHING) as it:
        await it.until(lambda: "Try again" in it.text, "the screen")
        monkeypatch.setattr("tui.screens.seeking.connect", lambda *_: ScriptedEngine())
        await it.press("r")
        await it.until(lambda: "docker 29.1.0" in it.text, "the engine")


async def test_quitting_there_is_exit_3(start: Start) -> None:
    async with start(NOTHING) as it:
        await it.until(lambda: "Quit (q)" in it.text, "the screen")
        await it.press("q")
        assert it.app.return_code == 3


async def test_an_engine_that_was_named_ends_the_app_with_exit_3(start: Start) -> None:
    async with start(NAMED) as it:
        await it.until(lambda: it.app.return_code is not None, "the end")
        assert it.app.return_code == 3


async def test_the_lessons_can_be_read_while_an_engine_is_looked_for(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from tests.fakes import ScriptedEngine

    found = threading.Event()
    engine = ScriptedEngine()

    def slow(*_: object) -> ScriptedEngine:
        found.wait()
        return engine

    async with start(NOTHING) as it:
        await it.until(lambda: "Try again" in it.text, "the screen")
        monkeypatch.setattr("tui.screens.seeking.connect", slow)
        await it.press("r")
        await it.until(lambda: "looking for an engine" in it.text)
        await it.press("j", "b")
        assert it.app.learner.step_index == 1
        assert "Still looking" in it.toasts[-1]
        found.set()
        await it.until(lambda: it.app.learner.bench is not None)
