"""A container that is started to be asked, on a real engine: it always ends, and nothing of it is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.plugin import TINY, LabEngine
from tui.course.facts import Ending, NoAnswer
from tui.engine.docker_engine import DockerEngine
from tui.session.container_trial import ContainerTrial, Questions
from tui.session.identity import own_identity
from tui.session.ledger import CONTAINER, Ledger
from tui.session.run_bench import RunBench
from tui.session.variants import Project, Variant
from tui.session.workbench import Workbench

ASKED = Questions(frozenset(("/",)), frozenset((("/ws", "ahoy"),)))
LOOK_SECONDS = 0.05

Began = Callable[..., ContainerTrial]


@pytest.fixture
def began(engine: DockerEngine, lab_engine: LabEngine, tmp_path: Path) -> Iterator[Began]:
    """Begins a trial of an image with this command; the image goes afterwards."""
    bench = Workbench(engine)
    project = Project("trial", tmp_path, ())

    def begin(command: str, questions: Questions = ASKED, **given: float) -> ContainerTrial:
        (tmp_path / "Dockerfile").write_text(f"FROM {TINY}\nCMD {command}\n")
        variant = Variant("it", "It", tmp_path / "Dockerfile")
        bench.build(project, [variant])
        while not (record := bench.records["trial/it"]).end:
            bench.wait(1.0)
        assert record.image is not None
        return ContainerTrial(bench.runs, project, variant, questions, **given)

    yield begin
    assert not engine.containers.labelled(*own_identity().labels[0])
    assert not Ledger().on(engine.info.endpoint, CONTAINER)
    engine.remove_image(own_identity().tag("trial", "it"))


def ended(trial: ContainerTrial) -> ContainerTrial:
    """Let it go on to its end."""
    runs: RunBench = trial._runs
    while not trial.is_over:
        runs.wait(LOOK_SECONDS)
        trial.go_on()
    return trial


def test_a_container_that_never_answers_is_given_up(began: Began) -> None:
    result = ended(began('["sh", "-c", "echo here; while :; do sleep 1; done"]', patience_seconds=0.5)).result
    assert result is not None
    assert isinstance(result.http["/"], NoAnswer)
    assert isinstance(result.echoes["/ws", "ahoy"], NoAnswer)
    assert result.ending is None
    assert result.last_lines == ("here",)


def test_a_container_that_ends_by_itself_tells_its_code_and_its_last_words(began: Began) -> None:
    result = ended(began('["sh", "-c", "echo done; exit 3"]')).result
    assert result is not None
    assert isinstance(result.ending, Ending)
    assert (result.ending.code, result.exit_code, result.began) == (3, 3, True)
    assert result.last_lines == ("done",)
    assert result.http["/"] == NoAnswer("it had ended")


def test_a_program_that_is_not_there_never_began(began: Began) -> None:
    result = ended(began('["/nowhere"]')).result
    assert result is not None
    assert not result.began
    assert result.ending is not None
    assert "not in the image" in result.ending.words


def test_the_stop_is_timed_where_that_is_the_question(began: Began) -> None:
    result = ended(began('["sleep", "600"]', Questions(times_stop=True), patience_seconds=0.1)).result
    assert result is not None
    assert result.stop_seconds is not None
    assert result.stop_seconds > 5, "a PID 1 that ignores SIGTERM costs all of the patience"


def test_a_trial_that_is_cancelled_has_no_result(began: Began) -> None:
    trial = began('["sleep", "600"]')
    trial.cancel()
    assert ended(trial).result is None
    assert trial.trouble == "It was cancelled."
