"""A lesson's page does what it says: guesses, runs, questions, texts to open; by its key and by clicks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import CREATED, INFO, MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine, a_build, image
from tests.sample_archives import SIMPLE_ARCHIVE
from tests.screens.conftest import Driven, Start
from tests.unit.courses import make_course, one_step
from tui.engine.containers import LogPiece
from tui.engine.death import death_of
from tui.engine.errors import StartFailed
from tui.engine.events import Stream
from tui.screens.consent import ConsentScreen
from tui.screens.question import QuestionScreen
from tui.session.ledger import CONTAINER, Ledger
from tui.session.options import StartOptions

RM_IMAGE = image("rm", 912_000_500, ("", 809_000_000), ("RUN rm", 0))
HELLO_IMAGE = image("hello", 9_000_000)
HELLO = Script((LogPiece(Stream.STDOUT, "Hello from a container\n"),), exits=0)
NO_LOADER = death_of(127, ("exec /main: no such file or directory",))
SIZE = (160, 60)


def an_engine() -> ScriptedEngine:
    """An engine that also builds two of the course's own images."""
    built = {"simple": SIMPLE_IMAGE, "multistage": MULTISTAGE_IMAGE, "rm": RM_IMAGE, "hello": HELLO_IMAGE}
    engine = ScriptedEngine({name: a_build(made) for name, made in built.items()})
    engine.archives[RM_IMAGE.image_id] = SIMPLE_ARCHIVE
    return engine


async def to_step(it: Driven, id: str) -> None:
    """Open a step."""
    it.app.walk.open_step([head.id for head in it.app.learner.outline.heads].index(id))
    await it.pilot.pause()


def first_waiting(it: Driven) -> int | None:
    """Number of the first block of the open step that waits for the learner."""
    step = it.app.learner.step
    return next((number for number in range(len(step.blocks)) if it.app.work.waits(step, number)), None)


def page(it: Driven) -> str:
    """The text of the open step's page."""
    return it.app.learner.page()


async def done(it: Driven) -> None:
    """Wait until nothing is under way, and all is told."""
    learner = it.app.learner
    await it.until(lambda: not (learner.is_busy or learner.is_looking or learner.has_errand), "the end of it")
    await it.until(lambda: it.app._drain_timer and not it.app._drain_timer._active.is_set(), "the last news")


async def test_a_guess_unlocks_the_build_and_stands_beside_the_measurement(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "single-stage")
        assert "Guess first" in page(it)
        await it.press("d")
        assert isinstance(it.app.screen, QuestionScreen)
        await it.press(*"much", "enter")
        assert "is not written like 120 MB" in it.text
        await it.press(*["backspace"] * 4, *"500 MB", "enter")
        assert "Guess first" not in page(it)
        assert "Your guess: **500 MB**" in page(it)
        await it.press("d")
        await done(it)
        assert "Measured: **912 MB**" in page(it)
        assert it.app.work.progress.guesses["size-simple"].measured == SIMPLE_IMAGE.size_bytes
        assert it.app.work.progress.guesses["size-simple"].source == "docker 29.1.0"
        assert "✓" in it.text


async def test_a_guess_that_is_locked_in_or_skipped_is_there_the_next_time(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "single-stage")
        await it.press("d", "f8")
        assert "You did not guess." in page(it)
    async with start(an_engine(), size=SIZE) as it:
        assert it.app.learner.step.id == "single-stage"
        assert "You did not guess." in page(it)
        assert "Guess first" not in page(it)


async def test_escape_leaves_a_question_open(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "single-stage")
        await it.press("d", "escape")
        assert "Guess first" in page(it)


async def test_the_courses_own_image_is_built_beside_the_single_stage_one_and_is_the_learners(start: Start) -> None:
    engine = an_engine()
    async with start(engine, size=SIZE) as it:
        await it.build("s")
        await to_step(it, "shrink-it")
        await it.press("d", "1", "d")
        await done(it)
        request = engine.requests[-1]
        assert request.tag.startswith("jettison-")
        assert request.subject == "go-multi-stage/rm"
        assert request.tag in [made.reference for made in Ledger().on(engine.info.endpoint)]
        assert "Single stage, with RUN rm" in it.text
        assert "Measured: **simple**" in page(it)
        assert "✓ no smaller than simple: 912 MB against 912 MB" in page(it)
        assert "? no /usr/local/go: nobody has looked inside the image yet" in page(it)


async def test_what_only_the_inside_can_tell_is_measured_by_looking_there(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "shrink-it")
        await it.press("d", "1", "d")
        await done(it)
        assert "[`d` Build simple, to measure it]" in page(it)
        await it.press("d")
        await done(it)
        await it.press("d", "1")
        assert "[`d` Look inside rm, to measure it]" in page(it)
        await it.press("d")
        await done(it)
        assert "It is: **no**" in page(it)
        assert "✗ no /usr/local/go: /usr/local/go" in page(it)


async def test_a_question_is_answered_by_a_digit_and_told_why(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "take-it-home")
        await it.press("d", "1")
        assert "✗ Delete the toolchain" in page(it)
        await it.click("Answer again")
        await it.press("2")
        assert "✓ **Build in one stage, ship another**" in page(it)
        assert it.app.work.mark("take-it-home") == "done"


async def test_a_question_is_answered_by_a_click(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "take-it-home")
        await it.click("Answer")
        await it.click("Build in one stage", within="#options")
        assert "✓ **Build in one stage" in page(it)


async def test_a_text_opens_and_closes_by_a_click(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        assert "jettison doctor" not in page(it)
        await it.click("▸ It does not start")
        assert "jettison doctor" in page(it)
        await it.click("▾ It does not start")
        assert "jettison doctor" not in page(it)


async def test_a_container_is_started_for_the_page_and_what_became_of_it_is_there(start: Start) -> None:
    engine = an_engine()
    engine.containers = ScriptedContainers({"hello": HELLO})
    async with start(engine, size=SIZE) as it:
        assert "[`d` Build hello, and start a container of it]" in page(it)
        await it.press("d")
        await done(it)
        tag = it.app.learner.evidence().image("hello")
        assert tag is not None
        assert f"docker run --rm {tag.tags[0]}" in page(it)
        assert "ended with exit code **0**, and is removed" in page(it)
        assert "✓ “Hello from a container” in its log" in page(it)
        assert "✓ exit code 0: exit code 0" in page(it)
        assert not engine.containers.there
        assert not Ledger().on(engine.info.endpoint, CONTAINER)
        await to_step(it, "image-and-container")
        await it.press("d", "1", "d")
        await done(it)
        assert page(it).count("ended with exit code **0**") == 2
        assert "It is: **yes**" in page(it)


async def test_a_container_that_never_begins_is_an_answer_too(start: Start) -> None:
    engine = an_engine()
    engine.scripts = {**engine.scripts, "loader": a_build(image("loader", 9_000_000))}
    engine.containers = ScriptedContainers({"loader": Script(refuses_start=StartFailed(NO_LOADER))})
    async with start(engine, size=SIZE) as it:
        await to_step(it, "no-such-file")
        while first_waiting(it) == 0 or "Guess first" in page(it):
            await it.press("d", "1")
        await it.press("d")
        await done(it)
        assert "a container that never began. The program is there, but the loader" in page(it)
        assert "It is: **no**" in page(it)


async def test_what_a_second_build_tells_is_measured_by_one(start: Start) -> None:
    engine = an_engine()
    first = a_build(image("copy-first", 9_000_000))
    engine.scripts = {**engine.scripts, "copy-first": first, "copy-first-edited": first}
    async with start(engine, size=SIZE) as it:
        await to_step(it, "the-order-of-copy")
        await it.press("d", *"3", "enter", "d")
        await done(it)
        assert "[`d` Build copy-first again after an edit of main.go, to measure it]" in page(it)
        await it.press("d")
        await done(it)
        assert "Measured: **0**" in page(it)
        edited, original = engine.requests[-1], engine.requests[-2]
        assert (edited.context / "main.go").read_text().startswith((original.context / "main.go").read_text())
        assert edited.context != original.context


async def test_a_recording_says_that_it_cannot_run(start: Start) -> None:
    engine = an_engine()
    engine.info = replace(INFO, recorded_on=CREATED)
    async with start(engine, size=SIZE) as it:
        await it.press("d")
        await done(it)
        assert "A recorded build cannot be run" in page(it)
        assert "? exit code 0: a recorded build cannot be run" in page(it)
        await to_step(it, "image-and-container")
        await it.press("d", "1")
        assert "A recorded build cannot tell: that takes an engine." in page(it)


async def test_what_is_asked_can_be_cancelled_and_leaves_no_container(start: Start) -> None:
    engine = an_engine()
    async with start(engine, size=SIZE) as it:
        await it.press("d")
        await it.until(lambda: it.app.learner.is_running, "a container")
        await it.press("x")
        await done(it)
        assert "It was cancelled." in it.toasts
        assert not engine.containers.there


async def test_the_step_about_running_leads_to_the_run_tab(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await it.build("b")
        await to_step(it, "run-it")
        await it.press("d")
        await it.until(lambda: it.app.learner.run_bench and it.app.learner.run_bench.records, "the runs")
        assert "docker logs" in it.text


async def test_what_a_step_runs_is_built_first_and_waits_until_it_is(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "run-it")
        await it.press("d")
        await done(it)
        assert it.app.learner.comparison() is not None
        assert "[`d` Run both variants]" in page(it)
        await it.press("d")
        await it.until(lambda: it.app.learner.run_bench and it.app.learner.run_bench.records, "the runs")


async def test_a_course_from_elsewhere_asks_once_and_builds_nothing_before(start: Start, tmp_path: Path) -> None:
    engine = an_engine()
    body = '```run\nbuild = ["simple"]\n```\n\n```run\nbuild = ["multistage"]\n```'
    folder = one_step(tmp_path, body)
    async with start(engine, options=StartOptions(course=folder), size=SIZE) as it:
        await it.press("d")
        assert isinstance(it.app.screen, ConsentScreen)
        assert "Build simple" in it.text
        assert "Build multistage" in it.text
        await it.press("enter")
        assert not engine.requests
        assert "Nothing was run." in it.toasts[-1]
        await it.press("d", "tab", "enter")
        await done(it)
        await it.press("d")
        await done(it)
        assert [request.subject for request in engine.requests] == ["current/simple", "current/multistage"]
    make_course(folder, {"01-a.md": (folder / "01-a.md").read_text() + "Changed.\n"})
    async with start(engine, options=StartOptions(course=folder), size=SIZE) as it:
        await it.press("d")
        assert isinstance(it.app.screen, ConsentScreen)


async def test_what_is_not_built_yet_is_built_and_looked_into_to_be_measured(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "where-the-bytes-live")
        await it.press("d", "1")
        await it.click("Build simple, to measure it")
        await done(it)
        assert it.app.work.progress.guesses["largest-purpose"].measured is not None


async def test_at_80_columns_the_page_comes_back_when_the_container_has_ended(start: Start) -> None:
    engine = an_engine()
    engine.containers = ScriptedContainers({"hello": HELLO})
    async with start(engine, size=(80, 24)) as it:
        await it.press("d")
        await done(it)
        assert it.app.walk.query_one("#lesson").has_class("-front")
        assert "Start another container of hello" in page(it)


async def test_the_page_marks_the_lines_that_a_step_is_about(start: Start) -> None:
    async with start(an_engine(), size=SIZE) as it:
        await to_step(it, "shrink-it")
        assert it.shows("▌ RUN rm -rf /usr/local/go /root/.cache")
        assert it.shows("▏ RUN go build -o main .")


async def test_the_key_that_does_what_waits_is_in_the_key_bar_at_80_columns(start: Start) -> None:
    async with start(an_engine(), size=(80, 24)) as it:
        await it.press("2")
        assert it.text.split("\n")[-1].startswith(" d do it")


def far_down() -> str:
    """A page on which what is asked and what comes of it is below the edge of a small screen."""
    return "\n\n".join([*["Read on."] * 30, one_question("first"), *["And on."] * 30, one_question("second")])


def one_question(id: str) -> str:
    """A question with two answers."""
    return f'```choose\nid = "{id}"\nask = "Which, {id}?"\noptions = ["left", "right"]\nanswer = 2\n```'


async def test_what_a_key_did_to_the_page_is_brought_into_sight(start: Start, tmp_path: Path) -> None:
    course = one_step(tmp_path / "course", far_down())
    async with start(size=(80, 24), options=StartOptions(course=course)) as it:
        assert "Which, first?" not in it.text
        await it.press("d", "2")
        await it.until(lambda: "✓ right" in it.text, "the answer that was given")
        pane = it.app.walk.query_one("#lesson")
        answered_at = pane.scroll_y
        pane.scroll_home(animate=False)
        await it.press("d", "1")
        await it.until(lambda: "✗ left. Right is: right" in it.text, "the answer of the next question")
        assert pane.scroll_y > answered_at


async def test_who_has_scrolled_on_meanwhile_is_left_where_they_read(start: Start, tmp_path: Path) -> None:
    course = one_step(tmp_path / "course", far_down())
    async with start(size=(80, 24), options=StartOptions(course=course)) as it:
        pane = it.app.walk.query_one("#lesson")
        await it.press("d")
        pane.scroll_to(y=5, animate=False)
        await it.press("2")
        await it.until(lambda: "first" in it.app.work.progress.answers, "the answer")
        assert pane.scroll_y == 5


async def test_what_was_built_while_the_page_was_covered_is_in_sight_when_it_comes_back(
    start: Start, tmp_path: Path
) -> None:
    text = "\n\n".join([*["Read on."] * 30, '```run\nbuild = ["simple"]\n```'])
    course = one_step(tmp_path / "course", text)
    async with start(an_engine(), size=(80, 24), options=StartOptions(course=course)) as it:
        await it.press("d", "tab", "enter")
        await done(it)
        assert "is built" not in it.text
        await it.press("2")
        await it.until(lambda: "simple is built: 912 MB" in it.text, "what came of it")
