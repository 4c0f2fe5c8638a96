"""Trials of courses never meet, and leave nothing: several at once, killed ones, and engines that do not answer."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fakes import INFO, SIMPLE_IMAGE, ScriptedEngine, a_build
from tests.unit.courses import make_course, step_of
from tui.cli import main
from tui.session.belongings import find_ours, remove_ours
from tui.session.identity import own_identity
from tui.session.ledger import Ledger, Made
from tui.session.paths import another_home
from tui.session.trial_home import UNFINISHED, UNFINISHED_SECONDS, clean_abandoned, trial_home, trials_folder

TAG = SIMPLE_IMAGE.tags[0]


def an_engine() -> ScriptedEngine:
    """One that can build the image of a course, and on which somebody left another."""
    engine = ScriptedEngine({"greeting": a_build(replace(SIMPLE_IMAGE, image_id=f"sha256:{'a' * 64}"))})
    engine.images = {TAG: SIMPLE_IMAGE, SIMPLE_IMAGE.image_id: SIMPLE_IMAGE}
    return engine


def clean(engine: ScriptedEngine) -> None:
    """Remove what the ledger of this home tells of."""
    remove_ours(engine, Ledger(), find_ours(engine, Ledger(), cache=False))


def make_something_and_stay(ready: str) -> None:
    """A trial that ends by being killed alone."""
    with trial_home() as home, another_home(home):
        Ledger().add(Made(INFO.endpoint, TAG, "current/simple"))
        Path(ready).touch()
        signal.pause()


@contextmanager
def a_trial_elsewhere(folder: Path) -> Iterator[None]:
    """Another process in the middle of a trial, which is killed at the end."""
    ready = folder / "ready"
    process = multiprocessing.get_context("spawn").Process(target=make_something_and_stay, args=(str(ready),))
    process.start()
    while not ready.exists():
        assert process.is_alive()
    yield
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def test_two_trials_at_once_have_homes_and_names_of_their_own_and_leave_neither() -> None:
    with trial_home() as one, trial_home() as other:
        assert one != other
        with another_home(one):
            mine = own_identity()
        with another_home(other):
            assert own_identity() != mine
    assert not any(trials_folder().iterdir())


def test_a_trial_under_way_is_left_alone_and_a_killed_one_is_cleaned_up(tmp_path: Path) -> None:
    engine = an_engine()
    with a_trial_elsewhere(tmp_path):
        clean_abandoned(partial(clean, engine))
        assert TAG in engine.images
    clean_abandoned(partial(clean, engine))
    assert engine.images == {}
    assert not any(trials_folder().iterdir())


def test_the_home_of_a_killed_trial_stays_until_its_own_engine_is_asked(tmp_path: Path) -> None:
    engine, other = an_engine(), an_engine()
    other.info = replace(INFO, endpoint="tcp://other:2375")
    with a_trial_elsewhere(tmp_path):
        pass
    clean_abandoned(partial(clean, other))
    assert TAG in other.images
    clean_abandoned(partial(clean, engine))
    assert engine.images == {}


@pytest.mark.parametrize("agrees", [False, True])
def test_cleaning_up_tells_of_what_a_killed_trial_left_and_removes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agrees: bool
) -> None:
    engine = an_engine()
    engine.images[TAG] = replace(SIMPLE_IMAGE, tags=(TAG, "jettison-test/twin:1"))
    monkeypatch.setattr("tui.commands.clean.connect", lambda *_: engine)
    with a_trial_elsewhere(tmp_path):
        assert "Nothing on this engine is ours." in CliRunner().invoke(main, ["clean", "--yes"]).stdout
    done = CliRunner().invoke(main, ["clean", *(["--yes"] if agrees else [])])
    assert f"{TAG} and 1 more" in done.stdout
    assert "of a check of a course that came to no end of its own" in done.stderr
    assert (TAG in engine.images, any(trials_folder().iterdir())) == (not agrees, not agrees)


def test_a_trial_that_could_not_remove_all_keeps_the_ledger_that_tells_of_it() -> None:
    with trial_home() as home, another_home(home):
        Ledger().add(Made(INFO.endpoint, TAG, "current/simple"))
    assert home.is_dir()
    clean_abandoned(partial(clean, an_engine()))
    assert not home.exists()


def test_a_check_removes_what_it_made_and_what_a_killed_one_left(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = an_engine()
    monkeypatch.setattr("tui.session.connect.connect", lambda *_: engine)
    images = '[images.greeting]\ntitle = "Greeting"\ndockerfile = "greeting.Dockerfile"\ncontext = "here"\n'
    course = make_course(
        tmp_path / "course",
        {
            "course.toml": f'format = 2\ntitle = "T"\norder = ["01-a.md"]\n{images}',
            "01-a.md": step_of('```run\nbuild = ["greeting"]\n```'),
            "greeting.Dockerfile": "FROM scratch\nCOPY note.txt /\n",
            "here/note.txt": "a note\n",
        },
    )
    with a_trial_elsewhere(tmp_path):
        pass
    done = CliRunner().invoke(main, ["lessons", "check", str(course), "--yes", "--builder", "buildkit"])
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    (request,) = engine.requests
    assert not request.tag.startswith(own_identity().prefix), "it is a learner of its own"
    assert engine.images == {}
    assert not any(trials_folder().iterdir())
    assert not list(own_home.glob("data/work/*"))


def test_a_home_that_a_killed_trial_never_finished_goes_and_one_that_is_being_made_stays() -> None:
    dead, young = (trials_folder() / f"{UNFINISHED}{name}" for name in ("dead", "young"))
    for home in (dead, young):
        home.mkdir()
        (home / "lock").touch()
    long_ago = time.time() - UNFINISHED_SECONDS - 1
    os.utime(dead, (long_ago, long_ago))
    clean_abandoned(lambda: None)
    assert list(trials_folder().iterdir()) == [young]
