"""How the screens of the course look, as pictures: exercise, question, consent, ending; in three sizes.

`pytest tests/screens/test_course_looks.py --snapshot-update` draws them anew; look at each before it is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine, a_build, image
from tests.sample_archives import MULTISTAGE_ARCHIVE
from tests.screens.conftest import WATCHDOG_SECONDS, still_app
from tests.screens.test_looks import SIZES, SnapCompare, settle
from tests.unit.courses import HEAD, one_step
from tui import themes
from tui.app import JettisonApp
from tui.course.blocks import Choose, Predict, Recall
from tui.course.progress import Answered, Attempted, Guessed, GuessSkipped, Left, Measured, SolutionShown
from tui.session.identity import Identity
from tui.session.options import StartOptions
from tui.widgets.command_bar import CommandBar

Prepare = Callable[[JettisonApp, Pilot[None]], Awaitable[None]]
LIGHT_AND_NONE = [(themes.LIGHT, False), (themes.DARK, True)]
LIGHT_AND_NONE_IDS = ["light", "no-color"]


@pytest.fixture(autouse=True)
def the_same_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags carry a part that is drawn by lot."""
    monkeypatch.setattr("tui.session.workbench.own_identity", lambda: Identity("jettison-test"))


def an_engine() -> ScriptedEngine:
    small = image("small", 32_000)
    built = {"simple": SIMPLE_IMAGE, "multistage": MULTISTAGE_IMAGE, "only-the-binary": small, "capstone": small}
    engine = ScriptedEngine({name: a_build(made) for name, made in (built | {"capstone-edited": small}).items()})
    engine.archives[small.image_id] = MULTISTAGE_ARCHIVE
    return engine


@pytest.fixture
def picture(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Whether a screen looks as it did, after it was prepared."""

    def compare(
        prepare: Prepare,
        size: tuple[int, int] = (120, 36),
        theme: str = themes.DARK,
        no_color: bool = False,
        course: Path | None = None,
    ) -> bool:
        if no_color:
            monkeypatch.setenv("NO_COLOR", "1")
        # A cursor that blinks is there in one picture and not in the next; one that has begun may do so once more.
        for kind in (TextArea, Input):
            monkeypatch.setattr(kind.cursor_blink, "_default", False)
        app = still_app(an_engine(), StartOptions(course=course), monkeypatch)

        async def run_before(pilot: Pilot[None]) -> None:
            app.theme = theme
            async with asyncio.timeout(WATCHDOG_SECONDS):
                await settle(app, pilot)
                await prepare(app, pilot)
                await settle(app, pilot)
            app.clear_notifications()
            # Both name the learner's folder, which is another one in each test.
            app.walk.query_one(CommandBar).command = "docker build …"
            for file in app.screen.query("#file").results(Static):
                file.update("/home/gopher/work/go-multi-stage/Dockerfile")
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return compare


def exercise(name: str, *keys: str) -> Prepare:
    async def prepare(app: JettisonApp, pilot: Pilot[None]) -> None:
        app.open_exercise(name)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await settle(app, pilot)

    return prepare


def question(step: str, *keys: str) -> Prepare:
    async def prepare(app: JettisonApp, pilot: Pilot[None]) -> None:
        app.walk.open_step([head.id for head in app.learner.outline.heads].index(step))
        await pilot.press("d", *keys)

    return prepare


async def ending(app: JettisonApp, pilot: Pilot[None]) -> None:
    """A learner who did nearly all of it."""
    note = app.work.store.note
    for number, step in enumerate(app.work.course.steps):
        for block in step.blocks:
            if isinstance(block, Predict) and number % 5 == 4:
                note(GuessSkipped(block.id))
            elif isinstance(block, Predict):
                note(Guessed(block.id, 1.0 + number % 2, block.measure.unit))
                note(Measured(block.id, 1.0, "docker 29.1.0"))
            elif isinstance(block, Choose | Recall):
                note(Answered(block.id, 1, is_right=number % 3 > 0))
        for name in step.exercises:
            if number % 4 == 3:
                note(SolutionShown(name))
            note(Attempted(name, 5, 5, 9_300_000))
        note(Left(step.id, was_skipped=number == 13))
    await pilot.press("b")
    await settle(app, pilot)
    await pilot.press("E")


SHOWN = {
    "begun": exercise("only-the-binary"),
    "checked": exercise("only-the-binary", "f9"),
    "solution": exercise("only-the-binary", "f3", "f3", "f3", "f4"),
    "golf": exercise("capstone", "f9"),
    "number": question("single-stage"),
    "wrong-number": question("single-stage", *"much", "enter"),
    "options": question("take-it-home"),
    "ending": ending,
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SHOWN)
def test_the_course(picture: Callable[..., bool], screen: str, size: tuple[int, int]) -> None:
    assert picture(SHOWN[screen], size)


@pytest.mark.parametrize(("theme", "no_color"), LIGHT_AND_NONE, ids=LIGHT_AND_NONE_IDS)
@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", ["checked", "number", "options", "ending"])
def test_the_course_in_other_colours(
    picture: Callable[..., bool], screen: str, size: tuple[int, int], theme: str, no_color: bool
) -> None:
    assert picture(SHOWN[screen], size, theme, no_color)


async def conflict(app: JettisonApp, pilot: Pilot[None]) -> None:
    await exercise("only-the-binary", "x")(app, pilot)
    screen = app.screen
    screen._draft.file.write_text("FROM theirs\n")  # type: ignore[attr-defined]
    await pilot.press("f9")


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_conflict(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    assert picture(conflict, size)


def a_foreign_course(builds: int) -> Path:
    """A course that builds so many images of its own, by a path that is the same everywhere."""
    names = [f"image-{number}" for number in range(1, builds + 1)]
    tables = "".join(f'[images.{name}]\ntitle = "{name}"\ndockerfile = "Dockerfile.{name}"\n' for name in names)
    files = {f"Dockerfile.{name}": "FROM scratch\n" for name in names} | {"course.toml": HEAD + tables}
    return one_step(Path("course"), "\n\n".join(f'```run\nbuild = ["{name}"]\n```' for name in names), **files)


async def consent(app: JettisonApp, pilot: Pilot[None]) -> None:
    await pilot.press("d")


@pytest.mark.parametrize(
    ("theme", "no_color"), [(themes.DARK, False), *LIGHT_AND_NONE], ids=["dark", *LIGHT_AND_NONE_IDS]
)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_consent(
    picture: Callable[..., bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    theme: str,
    no_color: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert picture(consent, size, theme, no_color, a_foreign_course(2))


def test_consent_to_much(picture: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert picture(consent, (80, 24), course=a_foreign_course(15))


async def steps(app: JettisonApp, pilot: Pilot[None]) -> None:
    for step in app.work.course.steps[:5]:
        app.work.leave(step)
    await pilot.press("S", *"the", "down", "f7")


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_steps(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    assert picture(steps, size)


async def take_along(app: JettisonApp, pilot: Pilot[None]) -> None:
    await pilot.press("E", "f")
    await pilot.press("enter", *["backspace"] * 200, *"~/jettison")


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_taking_it_along(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    assert picture(take_along, size)
