"""Building from the app: one key, both panes, the log under one's hands, and the sizes side by side."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input

from tests.fakes import INFO, MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine, a_build
from tests.screens.conftest import Driven, Start
from tui.engine.cause import Cause
from tui.engine.events import (
    BuildEvent,
    BuildFailed,
    BuildStarted,
    FailureKind,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepStarted,
    Stream,
)
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.offer import Offer
from tui.engine.registry.pull_words import Pull
from tui.engine.registry.reference import parse_reference
from tui.engine.request import Builder
from tui.session.connect import replay_engine
from tui.widgets.big_figure import BigFigure
from tui.widgets.build_pane import BuildPane
from tui.widgets.builds_pane import BuildsPane, ShownBuild
from tui.widgets.log_view import LogView

LONG_LOG = "".join(f"line {number:04} {'x' * 200}\n" for number in range(500))
BOTH = {"simple": SIMPLE_IMAGE, "multistage": MULTISTAGE_IMAGE}


def panes(it: Driven) -> list[BuildPane]:
    return list(it.app.screen.query(BuildPane))


def a_failure(kind: FailureKind = FailureKind.INSTRUCTION) -> list[BuildEvent]:
    return [
        BuildStarted(0.0, Builder.BUILDKIT),
        StepPlanned(0.1, "compile", "RUN go build -o main .", "builder", 9),
        StepStarted(0.2, "compile"),
        StepOutput(0.4, "compile", Stream.STDERR, "./main.go:7:2: undefined: [red]nothing[/]\n"),
        StepFailed(3.0, "compile", 2.8, "exit code: 1"),
        BuildFailed(3.1, kind, "process did not complete: exit code: 1", "Mend the sources.", "compile", 1),
    ]


async def test_a_pane_that_is_not_shown_is_never_in_front() -> None:
    two = [ShownBuild(f"current/{name}", name, name.title(), None, None) for name in ("simple", "multistage")]
    pane = BuildsPane(two)

    class Bare(App[None]):
        AUTO_FOCUS = None

        def compose(self) -> ComposeResult:
            yield pane

    async with Bare().run_test() as pilot:
        pane.show(two, "multistage")
        pane.show(two[:1], "multistage")
        await pilot.pause()
        assert pane.front_subject == "current/simple"


async def test_a_project_of_one_dockerfile_has_room_for_what_a_lesson_builds_beside_it() -> None:
    one = ShownBuild("own/only", "only", "Only", None, None)
    pane = BuildsPane([one])

    class Bare(App[None]):
        AUTO_FOCUS = None

        def compose(self) -> ComposeResult:
            yield pane

    async with Bare().run_test() as pilot:
        pane.show([one, ShownBuild("course/hello", "hello", "Hello", None, None)], "hello")
        await pilot.pause()
        assert pane.front_subject == "course/hello"
        assert [inner.display for inner in pane.query(BuildPane)] == [True, True]


async def test_one_key_builds_both_and_the_sizes_stand_beside_each_other(start: Start) -> None:
    engine = ScriptedEngine()
    async with start(engine, size=(140, 40)) as it:
        await it.build("b")
        assert [request.subject for request in engine.requests] == ["current/simple", "current/multistage"]
        assert "✓ 912 MB" in it.text
        assert "2/2 steps in 30.0 s" in it.text
        assert "✓ 18.3 MB" in it.text
        assert "2/2 steps in 27.0 s" in it.text
        assert "50×" in it.toasts[-1]
        await it.press("5")
        figures = [figure.size.height for figure in it.app.screen.query(BigFigure) if figure.display]
        assert len(figures) == 3
        for words in ("912 MB", "18.3 MB", "unpacked layers", "793 MB", "12.3 MB", "Layers of"):
            assert words in it.text


@pytest.mark.parametrize(("key", "variant"), [("s", "simple"), ("m", "multistage"), ("t", "builder")])
async def test_one_key_each_builds_one_and_shows_its_command(start: Start, key: str, variant: str) -> None:
    engine = ScriptedEngine()
    async with start(engine, size=(200, 50)) as it:
        await it.build(key)
        assert [request.subject for request in engine.requests] == [f"current/{variant}"]
        command = it.app.learner.command()
        assert command.startswith("docker build -t ")
        assert command[:60] in it.text


async def test_a_build_of_the_mouse_alone(start: Start) -> None:
    engine = ScriptedEngine()
    async with start(engine, size=(140, 40)) as it:
        await it.click("b build both")
        await it.until(lambda: len(engine.requests) == 2 and not it.app.learner.is_busy)
        await it.click("5 Sizes")
        await it.until(lambda: "Layers of" in it.text)


async def test_cancelling_says_so_at_once_and_the_log_is_kept(start: Start) -> None:
    hold = threading.Event()
    async with start(ScriptedEngine(hold=hold)) as it:
        await it.press("b")
        await it.until(lambda: "compiling" in it.text, "the log")
        assert "x cancel" in it.text
        await it.press("x")
        await it.until(lambda: not it.app.learner.is_busy, "the end")
        await it.until(lambda: "■ cancelled" in it.text, "the word")
        assert "compiling" in it.text


async def test_a_second_build_waits_for_nobody_and_says_why(start: Start) -> None:
    hold = threading.Event()
    engine = ScriptedEngine(hold=hold)
    async with start(engine) as it:
        await it.press("b")
        await it.until(lambda: engine.requests)
        await it.press("m")
        assert "x cancels it" in it.toasts[-1]
        await it.press("e")
        assert it.app.learner.project.edition == "current"
        await it.press("x")
        await it.until(lambda: not it.app.learner.is_busy)
        assert len(engine.requests) == 1


async def test_no_cache_and_at_once_reach_the_builds_and_the_command(start: Start) -> None:
    engine = ScriptedEngine(hold=(hold := threading.Event()))
    async with start(engine, size=(200, 50)) as it:
        await it.press("u", "o")
        assert "--no-cache" in it.text
        await it.press("b")
        await it.until(lambda: len(engine.requests) == 2, "both at once")
        assert all(request.no_cache for request in engine.requests)
        hold.set()
        await it.until(lambda: not it.app.learner.is_busy)


async def test_news_that_come_when_the_screens_are_gone_are_left_alone(start: Start) -> None:
    engine = ScriptedEngine(hold=(hold := threading.Event()))
    async with start(engine) as it:
        await it.press("b")
        await it.until(lambda: engine.requests, "the build")
    hold.set()
    while it.app.learner.bench is not None and it.app.learner.bench.queue.is_busy:
        await asyncio.sleep(0)
    it.app._drain()


async def test_floods_that_end_together_leave_no_pane_behind(start: Start) -> None:
    builds = {image: a_build(built, output=LONG_LOG) for image, built in BOTH.items()}
    async with start(ScriptedEngine(builds), size=(140, 40)) as it:
        it.app.learner.at_once = True
        await it.build("b")
        assert [it.text.count(f"✓ {size}") for size in ("912 MB", "18.3 MB")] == [1, 1]


async def test_a_failed_step_is_shown_with_its_line_reason_advice_and_log(start: Start) -> None:
    engine = ScriptedEngine({"simple": a_failure(), "multistage": a_build(MULTISTAGE_IMAGE)})
    async with start(engine, size=(200, 44)) as it:
        await it.build("b")
        assert "✗ line 9, RUN go build -o main . (exit code 1)" in it.text
        assert "Mend the sources." in it.text
        assert "undefined: [red]nothing[/]" in it.text
        assert "18.3 MB" in it.text, "the other variant is built all the same"
        await it.press("5")
        assert "One of the variants is built" in it.text
        await it.press("j")
        assert it.app.learner.step_index == 1


async def test_an_engine_that_is_lost_leaves_the_app_and_its_log(start: Start) -> None:
    events = [*a_failure()[:4], BuildFailed(3.0, FailureKind.ENGINE_LOST, "The engine stopped answering.", "Press r.")]
    async with start(ScriptedEngine({"simple": events, "multistage": events}), size=(160, 44)) as it:
        await it.build("b")
        assert "The engine stopped answering." in it.text
        await it.press("r")
        await it.until(lambda: "docker 29.1.0" in it.text, "the engine again")
        assert "undefined" in it.text


async def test_the_log_of_one_step_or_of_all_is_shown(start: Start) -> None:
    events = a_build(SIMPLE_IMAGE)
    events[5:5] = [StepOutput(0.3, "base", Stream.STDOUT, "pulled\n")]
    async with start(ScriptedEngine({"simple": events, "multistage": events}), size=(160, 44)) as it:
        await it.build("s")
        view = panes(it)[0].log_view
        assert view.all_text() == "pulled\ncompiling\n"
        steps = panes(it)[0].query_one("OptionList")
        steps.focus()
        await it.press("down", "down")
        assert view.all_text() == "compiling\n"
        await it.press("home")
        assert view.all_text() == "pulled\ncompiling\n"


def follows(view: LogView) -> bool:
    return view.follow


async def test_the_log_follows_until_the_reader_scrolls_and_again_from_its_end(start: Start) -> None:
    engine = ScriptedEngine({"simple": a_build(SIMPLE_IMAGE, output=LONG_LOG), "multistage": []})
    async with start(engine) as it:
        await it.build("s")
        view = panes(it)[0].log_view
        view.focus()
        assert follows(view)
        assert "line 0499" in it.text
        await it.press("up")
        assert not follows(view)
        await it.press("g")
        assert "line 0000" in it.text
        await it.press("G")
        assert follows(view)
        assert "line 0499" in it.text


async def test_long_lines_are_wrapped_or_cut_and_the_place_is_kept(start: Start) -> None:
    engine = ScriptedEngine({"simple": a_build(SIMPLE_IMAGE, output=LONG_LOG), "multistage": []})
    async with start(engine) as it:
        await it.build("s")
        view = panes(it)[0].log_view
        view.focus()
        assert view.wrap
        assert view.virtual_size.height > 500 * 4
        await it.press("g", *["down"] * (view.virtual_size.height // 100))
        assert "line 0005" in first_row(it)
        await it.press("w")
        assert view.virtual_size.height == 500
        assert "line 0005" in first_row(it)
        await it.press("w")
        assert "line 0005" in first_row(it)


def first_row(it: Driven) -> str:
    view = panes(it)[0].log_view
    return it.text.split("\n")[view.region.y]


async def test_search_marks_counts_and_goes_around(start: Start) -> None:
    engine = ScriptedEngine({"simple": a_build(SIMPLE_IMAGE, output=LONG_LOG), "multistage": []})
    async with start(engine) as it:
        await it.build("s")
        panes(it)[0].log_view.focus()
        await it.press("g", "slash", *"LINE 004")
        assert "10 found" in it.text
        await it.press("enter", "n", "n")
        assert panes(it)[0].log_view.match == (42, 0)
        await it.press("N", "N", "N")
        assert panes(it)[0].log_view.match == (49, 0)
        await it.press("slash", "escape", "n")
        assert "No match" in it.toasts[-1]


@pytest.mark.parametrize(
    ("works", "words"), [(True, "Copied the whole pane."), (False, "some terminals do not take it")]
)
async def test_copying_goes_to_the_terminal_and_claims_only_what_was_verified(
    start: Start, monkeypatch: pytest.MonkeyPatch, works: bool, words: str
) -> None:
    monkeypatch.setattr("tui.session.clipboard.copy_locally", lambda text: works)
    async with start() as it:
        await it.build("s")
        panes(it)[0].log_view.focus()
        await it.press("y")
        assert it.app.clipboard == "compiling\n"
        await it.until(lambda: any(words in toast for toast in it.toasts), words)
        await it.press("c")
        assert it.app.clipboard == it.app.learner.command()


async def test_text_selected_with_the_mouse_is_what_is_copied(start: Start) -> None:
    async with start() as it:
        await it.build("s")
        view = panes(it)[0].log_view
        region = view.region
        await it.pilot.mouse_down(offset=(region.x + view.gutter_cells, region.y))
        await it.pilot.hover(offset=(region.x + view.gutter_cells + 4, region.y))
        await it.pilot.mouse_up(offset=(region.x + view.gutter_cells + 4, region.y))
        await it.press("y")
        assert it.app.clipboard == "compi", "the character under the mouse belongs to it"


async def test_the_whole_log_is_saved_and_nothing_is_replaced_unasked(start: Start, tmp_path: Path) -> None:
    target = tmp_path / "kept.log"
    target.write_text("mine")
    async with start() as it:
        await it.press("4", "f")
        assert "build or run first" in it.toasts[-1]
        await it.build("s")
        await it.press("f")
        it.app.screen.query_one(Input).value = str(tmp_path / "absent" / "x.log")
        await it.press("enter")
        assert "There is no folder" in it.text
        it.app.screen.query_one(Input).value = str(target)
        await it.press("enter")
        assert "Enter again replaces it" in it.text
        assert target.read_text() == "mine"
        await it.press("enter")
        await it.until(lambda: any("Saved to" in toast for toast in it.toasts))
        assert "compiling" in target.read_text()


async def test_a_replay_is_marked_as_recorded_everywhere_it_counts(start: Start) -> None:
    async with start(replay_engine(), size=(140, 40)) as it:
        assert "recorded" in it.text
        await it.build("b")
        await it.press("5")
        assert "nothing was built here" in it.text
        assert "Stand-in" in it.text
        assert "go build" in panes(it)[0].log_view.all_text() or panes(it)[0]._record is not None


async def test_hostile_output_is_drawn_as_text_and_never_as_markup_or_escapes(start: Start) -> None:
    output = "[bold]x[/] [link=http://a]y[/link] \x1b]0;owned\x07\x1b[31mred\x1b[0m \x1b[2J\x9b2J$(rm) \u202e\n"
    async with start(ScriptedEngine({"simple": a_build(SIMPLE_IMAGE, output=output), "multistage": []})) as it:
        await it.build("s")
        shown = it.text
        assert "[bold]x[/] [link=http://a]y[/link]" in shown
        assert "red" in shown
        assert not any(sign in shown for sign in ("\x1b", "\x07", "\x9b"))


GOLANG, ALPINE = "golang:1.27-bookworm", "alpine:3.24"


def an_engine_that_pulls() -> ScriptedEngine:
    """One base image is to be pulled, the other is here."""
    engine = ScriptedEngine(info=replace(INFO, root_folder="/"))
    engine.offers[GOLANG] = Offer(
        parse_reference(GOLANG), "sha256:" + "0" * 64, "registry-1.docker.io", layers=7, packed_bytes=312_000_000
    )
    engine.images[ALPINE] = MULTISTAGE_IMAGE
    return engine


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_before_the_first_build_a_pane_tells_what_will_be_pulled(size: tuple[int, int], start: Start) -> None:
    async with start(an_engine_that_pulls(), size=size) as it:
        await it.press("4")
        await it.until(lambda: "will be pulled: 312 MB, 7 layers" in it.text, "what is known of the images")
        assert f"↓ {GOLANG}" in it.text
        assert "from Docker Hub (anonymous)" in it.text
        assert "about 1.25 GB of " in it.text
        assert f"✓ {ALPINE}" in it.text
        await it.build("b")
        assert "will be pulled" not in it.text


async def test_an_image_that_cannot_be_had_is_told_before_the_build_with_advice(start: Start) -> None:
    engine = an_engine_that_pulls()
    engine.offers[GOLANG] = PullRefused(Cause.RATE_LIMITED, Pull(parse_reference(GOLANG), retry_seconds=1800))
    async with start(engine, size=(120, 36)) as it:
        await it.press("4")
        await it.until(lambda: f"✗ {GOLANG}" in it.text, "what is known of the images")
        assert "Docker Hub is limiting" in it.text
        assert "Try again in 30 min" in it.text


async def test_a_registry_that_says_nothing_holds_up_no_build(start: Start) -> None:
    engine = an_engine_that_pulls()
    engine.registry_hold = threading.Event()
    async with start(engine, size=(120, 36)) as it:
        await it.build("b")
        assert "18.3 MB" in it.text
    engine.registry_hold.set()


async def test_a_failure_is_told_in_our_words_first_and_the_engines_after_the_advice(start: Start) -> None:
    end = BuildFailed(
        3.0, FailureKind.BASE_IMAGE, "golang:9: not found", "Choose another.", None, None, "golang has no tag 9.",
        Cause.NO_SUCH_TAG, 2,
    )  # fmt: skip
    events = [*a_failure()[:2], end]
    async with start(ScriptedEngine({"simple": events, "multistage": events}), size=(120, 36)) as it:
        await it.build("b")
        await it.press("4")
        for words in ("✗ line 2, base image", "golang has no tag 9.", "Choose another.", "golang:9: not found"):
            assert words in it.text
        assert it.text.index("golang has no tag 9.") < it.text.index("Choose another.") < it.text.index("golang:9: not")
