"""How each screen looks, as pictures: three sizes, dark, light, and without colour.

`pytest tests/screens/test_looks.py --snapshot-update` draws them anew; look at each before it is committed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from textual.pilot import Pilot

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine, a_build
from tests.screens.conftest import WATCHDOG_SECONDS, still_app
from tests.screens.test_building import a_failure
from tests.screens.test_no_engine import NOTHING
from tests.support.pulls import downloading, extracting, transferring
from tui import themes
from tui.app import JettisonApp
from tui.engine.api import Engine
from tui.engine.containers import LogPiece
from tui.engine.errors import EngineError
from tui.engine.events import BuildEvent, Stream
from tui.session.identity import Identity
from tui.session.options import StartOptions

SnapCompare = Callable[..., bool]
LOG = "go: downloading github.com/gorilla/websocket v1.5.0\n\x1b[1mruntime\x1b[0m\n\x1b[32mchat\x1b[0m/main\n"
SIZES = [(80, 24), (120, 36), (200, 60)]


def an_engine() -> ScriptedEngine:
    return ScriptedEngine(
        {
            "simple": a_build(SIMPLE_IMAGE, output=LOG),
            "multistage": a_build(MULTISTAGE_IMAGE, output=LOG, seconds=27.0),
        }
    )


@pytest.fixture(autouse=True)
def the_same_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags and names of containers carry a part that is drawn by lot."""
    monkeypatch.setattr("tui.session.workbench.own_identity", lambda: Identity("jettison-test"))
    monkeypatch.setattr("tui.session.run_bench.own_identity", lambda: Identity("jettison-test"))
    monkeypatch.setattr("tui.session.run_request.secrets.choice", lambda letters: letters[0])


@pytest.fixture
def picture(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Whether the app looks as it did, after these keys."""

    def compare(
        *keys: str,
        engine: Engine | EngineError | None = None,
        size: tuple[int, int] = (120, 36),
        theme: str = themes.DARK,
    ) -> bool:
        app = still_app(engine or an_engine(), StartOptions(), monkeypatch)

        async def run_before(pilot: Pilot[None]) -> None:
            app.theme = theme
            async with asyncio.timeout(WATCHDOG_SECONDS):
                for key in ("", *keys):
                    await pilot.press(*([key] if key else []))
                    await settle(app, pilot)
                    app.clear_notifications()
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return compare


@pytest.fixture
def picture_in_the_middle(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., bool]]:
    """Whether two builds look as they did while they go on."""
    hold = threading.Event()

    def compare(simple: list[BuildEvent], multistage: list[BuildEvent], size: tuple[int, int], theme: str) -> bool:
        engine = ScriptedEngine({"simple": simple, "multistage": multistage}, hold=hold)
        app = still_app(engine, StartOptions(), monkeypatch)
        ends = {"simple": simple[-2].at, "multistage": multistage[-2].at}

        def are_there() -> bool:
            bench = app.learner.bench
            records = bench.records if bench is not None else {}
            return all(f"current/{n}" in records and records[f"current/{n}"].at == at for n, at in ends.items())

        async def run_before(pilot: Pilot[None]) -> None:
            app.theme = theme
            async with asyncio.timeout(WATCHDOG_SECONDS):
                await settle(app, pilot)
                await pilot.press("o", "b", "4")
                while not are_there():
                    await pilot.pause(0.01)
                app.clear_notifications()
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    yield compare
    hold.set()


async def settle(app: JettisonApp, pilot: Pilot[None]) -> None:
    """Until the engine is found (or its absence is shown) and nothing is being built."""
    while (
        app.is_seeking
        or app.learner.is_busy
        or app.learner.is_looking
        or (app._drain_timer and app._drain_timer._active.is_set())
    ):
        await pilot.pause(0.01)
    await pilot.pause()


Picture = Callable[..., bool]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "keys", [(), ("3",), ("b",), ("b", "5"), ("1",)], ids=["lesson", "dockerfiles", "build", "sizes", "steps"]
)
def test_the_walk(picture: Picture, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert picture(*keys, size=size)


INSIDE = [("b", "i"), ("b", "i", "l"), ("b", "i", "v")]
INSIDE_IDS = ["picture", "layers", "files"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", INSIDE, ids=INSIDE_IDS)
def test_inside(picture: Picture, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    assert picture(*keys, size=size)


@pytest.mark.parametrize("keys", INSIDE, ids=INSIDE_IDS)
def test_inside_in_the_light(picture: Picture, keys: tuple[str, ...]) -> None:
    assert picture(*keys, theme=themes.LIGHT)


@pytest.mark.parametrize("keys", INSIDE, ids=INSIDE_IDS)
def test_inside_without_colour(picture: Picture, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(*keys)


@pytest.mark.parametrize("keys", [(), ("b",), ("b", "5")], ids=["dockerfiles", "build", "sizes"])
def test_in_the_light(picture: Picture, keys: tuple[str, ...]) -> None:
    assert picture(*keys, theme=themes.LIGHT)


@pytest.mark.parametrize("keys", [(), ("b",), ("b", "5")], ids=["dockerfiles", "build", "sizes"])
def test_without_colour(picture: Picture, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(*keys)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_running_nothing_yet(picture: Picture, size: tuple[int, int]) -> None:
    assert picture("b", "7", size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_containers_that_died(picture: Picture, size: tuple[int, int]) -> None:
    engine = an_engine()
    last = LogPiece(Stream.STDERR, "exec /main: no such file or directory\n")
    engine.containers = ScriptedContainers({name: Script(exits=1, prints=(last,)) for name in ("simple", "multistage")})
    assert picture("b", "R", engine=engine, size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_engine(picture: Picture, size: tuple[int, int]) -> None:
    assert picture(engine=NOTHING, size=size)


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_failed_build(picture: Picture, size: tuple[int, int]) -> None:
    assert picture("b", engine=ScriptedEngine({"simple": a_failure(), "multistage": a_failure()}), size=size)


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_base_image_that_is_pulled(picture_in_the_middle: Picture, size: tuple[int, int], theme: str) -> None:
    assert picture_in_the_middle(downloading(SIMPLE_IMAGE), extracting(MULTISTAGE_IMAGE), size, theme)


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_context_that_is_sent(picture_in_the_middle: Picture, size: tuple[int, int]) -> None:
    assert picture_in_the_middle(transferring(SIMPLE_IMAGE), transferring(MULTISTAGE_IMAGE), size, themes.DARK)


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_dialogues(picture: Picture, size: tuple[int, int]) -> None:
    assert picture("f1", size=size)


def test_saving_a_log(picture: Picture) -> None:
    assert picture("b", "f", size=(80, 24))


def test_searching_a_log(picture: Picture) -> None:
    assert picture("b", "4", "slash", "g", "o")


def test_the_edition_of_2019(picture: Picture) -> None:
    assert picture("e", size=(200, 60))


def test_a_stage_alone(picture: Picture) -> None:
    builder = a_build(SIMPLE_IMAGE, output=LOG)
    assert picture("t", "5", engine=ScriptedEngine({"builder": builder, "simple": builder, "multistage": builder}))
