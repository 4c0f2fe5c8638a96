"""The app under Textual's Pilot, on a scripted engine or a replay: still, quick, without any container engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from tests.fakes import ScriptedEngine
from tui.app import JettisonApp
from tui.engine.api import Engine
from tui.engine.errors import EngineError
from tui.session.options import StartOptions

WATCHDOG_SECONDS = 20.0


@dataclass(frozen=True)
class Driven:
    """A running app and the hand that drives it."""

    app: JettisonApp
    pilot: Pilot[None]

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let the app work until this holds."""
        try:
            async with asyncio.timeout(WATCHDOG_SECONDS):
                while not condition():
                    await self.pilot.pause(0.01)
        except TimeoutError:
            pytest.fail(f"never came: {what or condition}\n{self.text}")
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def changes(self, key: str) -> None:
        """Press a key, and wait until it shows what it did: on the screen, by the focus, a notice or the theme."""
        before = self._all_that_is_seen()
        await self.pilot.press(key)
        await self.until(lambda: self._all_that_is_seen() != before, f"what {key} does")

    def _all_that_is_seen(self) -> tuple[object, ...]:
        return self.text, self.focused, self.toasts, self.app.theme

    async def build(self, key: str = "b") -> None:
        """Build, and wait for the end of it."""
        await self.press(key)
        await self.until(lambda: not self.app.learner.is_busy, "the end of the build")
        await self.until(lambda: self.app._drain_timer and not self.app._drain_timer._active.is_set(), "the last news")

    async def click(self, words: str, *, within: str = "") -> None:
        """Click on the first place where these words are on the screen, at or below the widget of this selector."""
        top = self.app.screen.query_one(within).region.y if within else 0
        for y, line in enumerate(self.text.split("\n")):
            if y >= top and (x := line.find(words)) >= 0:
                await self.pilot.click(offset=(x, y))
                await self.pilot.pause()
                return
        pytest.fail(f"{words!r} is not on the screen:\n{self.text}")

    @property
    def text(self) -> str:
        """What is on the screen, as plain text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def toasts(self) -> list[str]:
        """The notices that were given, oldest first."""
        return [notice.message for notice in self.app._notifications]

    @property
    def focused(self) -> Widget:
        """Who has the keyboard."""
        return self.app.screen.focused or self.app.screen


Start = Callable[..., AbstractAsyncContextManager[Driven]]


def still_app(engine: Engine | EngineError, options: StartOptions, monkeypatch: pytest.MonkeyPatch) -> JettisonApp:
    """An app that finds this engine (or this error), and animates nothing."""

    def connect(*_: object) -> Engine:
        if isinstance(engine, EngineError):
            raise engine
        return engine

    monkeypatch.setattr("tui.screens.seeking.connect", connect)
    app = JettisonApp(options)
    app.animation_level = "none"
    return app


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """`async with start() as it:` runs the app until it has found its engine."""

    @asynccontextmanager
    async def run(
        engine: Engine | EngineError | None = None,
        *,
        size: tuple[int, int] = (120, 36),
        options: StartOptions | None = None,
    ) -> AsyncIterator[Driven]:
        app = still_app(engine or ScriptedEngine(), options or StartOptions(), monkeypatch)
        async with app.run_test(size=size, notifications=True) as pilot:
            driven = Driven(app, pilot)
            if not isinstance(engine, EngineError):
                await driven.until(lambda: app.learner.bench is not None, "an engine")
            yield driven

    return run
