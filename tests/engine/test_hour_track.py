"""The track of one hour, as a learner goes it: a real terminal, a real engine, keys alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.lab.plugin import LabEngine
from tests.needs import need
from tests.shell import jettison
from tests.tmux import TerminalApp, terminal_app
from tui.course.blocks import Predict
from tui.course.model import Step
from tui.session.course_images import work_file
from tui.session.courses import open_course
from tui.session.identity import OWNER_LABEL, own_identity

A_SIZE = r"Measured: [\d.]+ [MG]B"
A_RATIO = r"Measured: [\d.]+×"


@pytest.fixture
def learner(lab_engine: LabEngine) -> Iterator[TerminalApp]:
    """The app on the lab's engine; what it made there goes afterwards, and is seen to be gone."""
    need(shutil.which("tmux") is not None, "a terminal", "install tmux")
    environ = {"DOCKER_HOST": lab_engine.docker_host}
    with terminal_app(**environ) as app:
        yield app
    made = what_is_ours(lab_engine)
    assert jettison("clean", "--yes", "--cache", **environ).returncode == 0
    assert made
    assert not what_is_ours(lab_engine)


def what_is_ours(lab_engine: LabEngine) -> list[str]:
    """The images and containers on the engine that carry this learner's label."""
    client = lab_engine.client()
    label = f"{OWNER_LABEL}={own_identity().prefix}"
    images = client.images.list(all=True, filters={"label": label})
    there = [*images, *client.containers.list(all=True, filters={"label": label})]
    client.close()
    return [str(one.id) for one in there]


def test_the_hour_track_is_gone_through_in_a_terminal_on_a_real_engine(
    learner: TerminalApp, lab_engine: LabEngine
) -> None:
    steps = open_course(None).course.on_track("hour")
    assert [step.id for step in steps] == list(STEPS)
    learner.wait_for("step 1 of", "· buildkit ·")
    for number, step in enumerate(steps, start=1):
        learner.page_says(f"step {number}, {step.minutes} min")
        STEPS[step.id](learner)
        learner.press("j")
        # Nothing of the step waits any more.
        learner.wait_for_marks(f"✓{number:2}", f"▶{number + 1:2}")
    learner.press("q")
    learner.until(lambda: learner.has_ended, "the end")
    assert_all_was_measured(steps, lab_engine)


def assert_all_was_measured(steps: tuple[Step, ...], lab_engine: LabEngine) -> None:
    """Each guess of the track has its measurement, and it is the engine's own."""
    told = json.loads(jettison("progress", "--json").stdout)
    guesses = {guess["id"]: guess for guess in told["guesses"]}
    asked = [block.id for step in steps for block in step.blocks if isinstance(block, Predict)]
    assert sorted(guesses) == sorted(asked)
    assert all(guess["measured"] is not None and guess["source"].startswith("docker ") for guess in guesses.values())
    simple = own_identity().tag("current", "simple")
    assert guesses["size-simple"]["measured"] == lab_engine.listed_size(simple)


# What is done at each step, and what is seen at its end.


def guess(it: TerminalApp, ask: str, text: str) -> None:
    """`d` asks; the guess is typed."""
    it.press("d")
    it.wait_for(ask, "Lock it in (Enter)")
    it.write(text)
    it.press("Enter")
    it.wait_until_gone("Lock it in (Enter)")


def choose(it: TerminalApp, ask: str, digit: str) -> None:
    """`d` asks; an option is chosen."""
    it.press("d")
    it.wait_for(ask, "Not now (Escape)")
    it.press(digit)
    it.wait_until_gone("Not now (Escape)")


def pre_flight(it: TerminalApp) -> None:
    """A container of ours ran, and exited 0."""
    it.press("d")
    it.page_says("✓ “Hello from a container” in its log")
    it.page_says("✓ exit code 0")


def image_and_container(it: TerminalApp) -> None:
    """Two containers name one image."""
    choose(it, "will both name the same image ID?", "1")
    it.press("d")
    it.page_says("It is: yes")
    choose(it, "A container writes a file", "2")
    it.page_says("✓ No, it was in the first")


def single_stage(it: TerminalApp) -> None:
    """The guess stands beside the bytes."""
    guess(it, "How large will this image be?", "800 MB")
    it.press("d")
    it.page_says("Your guess: 800 MB. " + A_SIZE)


def where_the_bytes_live(it: TerminalApp) -> None:
    """What the image is made of, named and measured."""
    choose(it, "What are most bytes", "2")
    guess(it, "How much of the image is its base", "50 %")
    it.press("d")
    it.wait_for("One of the variants is built", "RUN go build")
    # Looking inside is one thing, for all of the questions.
    it.press("d")
    it.page_says(r"Your guess: 50 %. Measured: \d+ %")
    it.page_says(r"Measured: (base|toolchain)")
    guess(it, "How much of it is your program?", "10 MB")
    it.page_says("Your guess: 10.0 MB. " + A_SIZE)
    choose(it, "You add a line of documentation", "2")


def shrink_it(it: TerminalApp) -> None:
    """Nothing was won, and the toolchain is in a layer still."""
    choose(it, "Which image will be smaller", "2")
    it.press("d")
    it.page_says("Your guess: rm. Measured: simple")
    choose(it, "Is the toolchain still in some layer", "1")
    it.press("d")
    it.page_says("It is: yes")
    it.page_says("✓ no smaller than simple")
    it.page_says("✓ no /usr/local/go")


def two_stages(it: TerminalApp) -> None:
    """The builder stage has a size of its own."""
    guess(it, "How large is the builder stage", "500 MB")
    it.press("d")
    it.page_says("Your guess: 500 MB. " + A_SIZE)
    choose(it, "Stages builder, tests and production", "3")


def second_from(it: TerminalApp) -> None:
    """Much smaller, with the sources inside."""
    guess(it, "How many times smaller", "20")
    it.press("d")
    it.page_says("Your guess: 20×. " + A_RATIO)
    choose(it, "Are the Go sources in this image?", "2")
    it.press("d")
    it.page_says("Your guess: no. It is: yes")
    choose(it, "Is it?", "2")


def only_the_binary(it: TerminalApp) -> None:
    """Written by hand, in an editor of the learner's own; then both variants."""
    it.press("d")
    it.wait_for("Build and check (F9)", "FROM ___")
    exercise = open_course(None).course.exercises["only-the-binary"]
    work_file(open_course(None), exercise.name).write_text(exercise.solution)
    it.wait_for("Passed: all of it holds.")
    it.press("Escape")
    # A key that comes at the heels of Escape is another key to a terminal.
    it.wait_until_gone("Build and check (F9)")
    it.page_says("✓ Passed.")
    guess(it, "How many times smaller is the multi-stage", "30")
    it.press("d")
    it.page_says("Your guess: 30×. " + A_RATIO)
    choose(it, "Stages builder, tests and production", "3")
    it.page_says("✓ production")


def run_it(it: TerminalApp) -> None:
    """Both answer alike; what was asked and logged is on the page."""
    it.press("d")
    it.wait_for("✓ Both behave the same")
    choose(it, "Where is it?", "2")
    choose(it, "A plain curl asks for /ws", "3")
    guess(it, "How long will docker stop take?", "1 s")
    it.press("d")
    it.page_says(r"Your guess: 1.0 s. Measured: [\d.]+ s")
    it.press("d")
    it.page_says("✓ GET / answers 200 with “Home Page”")
    it.page_says("✓ /ws sends “.+” back")
    it.page_says("✓ “Hello World” in its log")
    it.press("K")
    it.wait_for("■ stopped")


STEPS: dict[str, Callable[[TerminalApp], None]] = {
    "pre-flight": pre_flight,
    "image-and-container": image_and_container,
    "single-stage": single_stage,
    "where-the-bytes-live": where_the_bytes_live,
    "shrink-it": shrink_it,
    "two-stages": two_stages,
    "second-from": second_from,
    "only-the-binary": only_the_binary,
    "run-it": run_it,
}
"""By the id of the step."""
