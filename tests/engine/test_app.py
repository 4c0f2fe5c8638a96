"""The app itself on a real engine: one key, both images, their sizes; cancelling; and what was built does run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.engine.test_cancel import running_commands, wait_until_gone
from tests.lab.plugin import TINY, LabEngine
from tests.shell import jettison
from tui.app import JettisonApp
from tui.session.options import StartOptions

WATCHDOG_SECONDS = 300.0


@asynccontextmanager
async def the_app(options: StartOptions) -> AsyncIterator[tuple[JettisonApp, Pilot[None]]]:
    app = JettisonApp(options)
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await until(pilot, lambda: app.learner.bench is not None)
        yield app, pilot


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WATCHDOG_SECONDS):
        while not condition():
            await pilot.pause(0.05)
    await pilot.pause()


async def test_one_key_builds_both_images_of_the_tutorial_and_shows_their_sizes(lab_engine: LabEngine) -> None:
    async with the_app(StartOptions(engine=lab_engine.docker_host)) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: not app.learner.is_busy)
        comparison = app.learner.comparison()
        assert comparison is not None
        for built in comparison.built:
            assert lab_engine.listed_size(built.image.image_id) == built.image.size_bytes
        assert comparison.ratio is not None
        assert comparison.ratio > 20
    assert jettison("clean", "--yes", DOCKER_HOST=lab_engine.docker_host).returncode == 0


async def test_leaving_the_app_cancels_what_it_builds(lab_engine: LabEngine, tmp_path: Path) -> None:
    mark = "sleep 602"
    (tmp_path / "Dockerfile").write_text(f"FROM {TINY}\nRUN echo begun; {mark}\n")
    options = StartOptions(engine=lab_engine.docker_host, context=tmp_path, no_cache=True)
    async with the_app(options) as (app, pilot):
        await pilot.press("b")
        record = app.learner.record
        variant = app.learner.project.variants[0]
        await until(pilot, lambda: (built := record(variant)) and built.log.end)
        assert any(mark in command for command in running_commands(lab_engine)) or app.learner.is_busy
        await pilot.press("q")
    wait_until_gone(lab_engine, mark)


@pytest.mark.parametrize("edition", ["current", "2019"])
def test_both_images_run_say_hello_and_stop_at_once(lab_engine: LabEngine, edition: str) -> None:
    environ = {"DOCKER_HOST": lab_engine.docker_host}
    built = jettison("build", "--edition", edition, **environ)
    client = lab_engine.client()
    for image in built.stdout.split():
        container = client.containers.run(image, detach=True)
        try:
            output = b""
            for chunk in container.logs(stream=True, follow=True):
                output += chunk
                # They come through two pipes, in whichever order the engine reads them.
                if b"listening on" in output and b"Hello World" in output:
                    break
            assert b"Hello World\n" in output
            container.stop(timeout=8)
            # 137 would say that it had to be killed.
            assert container.wait()["StatusCode"] == 0
        finally:
            with contextlib.suppress(OSError):
                container.remove(force=True)
    client.close()
    assert len(built.stdout.split()) == 2
    assert jettison("clean", "--yes", **environ).returncode == 0
