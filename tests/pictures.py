"""`python -m tests.pictures`: the pictures that the README shows, made of a real run of the app.

It builds on the lab's engine where there is one and replays a recording otherwise; the header tells which.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from tests.lab import dockerd
from tests.lab.dockerd import EngineKind, lab_engine_parts
from tests.lab.places import trust_registry
from tui.app import JettisonApp
from tui.session.cleanup import leftovers, remove
from tui.session.options import StartOptions

FOLDER = Path(__file__).resolve().parent.parent / "docs"
WAIT_SECONDS = 240.0


async def until(pilot: Pilot[None], app: JettisonApp, condition: str) -> None:
    """Let the app run until `condition` holds: an engine is there, or nothing is being built."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            await pilot.pause(0.1)
            if condition == "engine" and app.learner.bench is not None:
                return
            if condition == "built" and not app.learner.is_busy and not app.learner.is_looking:
                return


def clean_up(app: JettisonApp) -> None:
    """Leave nothing on the engine."""
    assert app.learner.bench is not None
    engine, ledger = app.learner.bench.engine, app.learner.bench.ledger
    remove(engine, ledger, leftovers(engine, ledger))


async def take(size: tuple[int, int], keys: list[str], name: str, theme: str) -> None:
    """One picture: press these keys, wait for the builds, save the screen."""
    docker_host = lab_engine_parts(EngineKind.CONTAINERD).docker_host
    engine = docker_host if dockerd.answers(docker_host) else "replay"
    app = JettisonApp(StartOptions(engine=engine))
    async with app.run_test(size=size, notifications=True) as pilot:
        app.theme = theme
        await until(pilot, app, "engine")
        for key in keys:
            await pilot.press(key)
            await until(pilot, app, "built")
        app.clear_notifications()
        await pilot.pause(0.3)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="jettison"), encoding="utf-8")
        print(FOLDER / f"{name}.svg", file=sys.stderr)
        clean_up(app)


def main() -> None:
    """Take all pictures, in a home of their own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["JETTISON_HOME"] = home
        trust_registry()
        asyncio.run(take((140, 38), ["b", "5"], "sizes", "jettison-dark"))
        asyncio.run(take((140, 38), ["b", "i", "z"], "inside", "jettison-dark"))
        asyncio.run(take((140, 38), ["j", "j", "u", "b", "4"], "build", "jettison-dark"))


if __name__ == "__main__":
    main()
