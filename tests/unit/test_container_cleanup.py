"""Containers that are ours are found and removed, and nothing that looks like them."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fake_containers import ScriptedContainers
from tests.fakes import CREATED, INFO, ScriptedEngine
from tui.cli import main
from tui.engine.containers import ContainerRequest
from tui.engine.errors import EngineError
from tui.session.belongings import find_ours, remove_ours
from tui.session.cached_files import cached_files, remove_cached, work_folders
from tui.session.container_cleanup import left_containers, remove_containers
from tui.session.identity import own_identity
from tui.session.ledger import CONTAINER, Ledger, Made
from tui.session.paths import cache_folder, work_folder


def engine_with(*names: str, labelled: bool = True) -> ScriptedEngine:
    engine = ScriptedEngine()
    for name in names:
        labels = own_identity().labels if labelled else ()
        engine.containers.create(ContainerRequest("me/simple:1", name, labels=labels))
    return engine


def write(name: str) -> Ledger:
    ledger = Ledger()
    ledger.add(Made(INFO.endpoint, name, "current/simple", kind=CONTAINER))
    return ledger


def test_what_is_written_down_and_labelled_is_found_by_its_name_alone_and_removed() -> None:
    engine, ledger = engine_with("mine"), write("mine")
    (left,) = left_containers(engine, ledger)
    assert (left.container.name, left.subject) == ("mine", "current/simple")
    (removal,) = remove_containers(engine, ledger, [left])
    assert removal.error is None
    assert ledger.on(INFO.endpoint, CONTAINER) == ()


def test_the_label_alone_or_the_name_alone_does_not_make_it_ours() -> None:
    ledger = write("mine")
    assert left_containers(engine_with("theirs-with-our-label"), ledger) == ()
    ledger = write("mine")
    assert left_containers(engine_with("mine", labelled=False), ledger) == ()


def test_what_somebody_else_removed_is_struck_off() -> None:
    ledger = write("gone")
    assert left_containers(engine_with(), ledger) == ()
    assert ledger.on(INFO.endpoint, CONTAINER) == ()


def test_one_that_cannot_be_removed_stays_in_the_ledger_and_the_reason_is_told() -> None:
    engine, ledger = engine_with("mine"), write("mine")
    left = left_containers(engine, ledger)
    engine.containers.lost = EngineError("It says no.", "Ask again.")
    (removal,) = remove_containers(engine, ledger, left)
    assert removal.error is not None
    assert len(ledger.on(INFO.endpoint, CONTAINER)) == 1


def test_a_recording_of_an_engine_strikes_nothing_off() -> None:
    engine = engine_with()
    engine.info = replace(INFO, recorded_on=CREATED)
    ledger = write("mine")
    assert left_containers(engine, ledger) == ()
    assert len(ledger.on(INFO.endpoint, CONTAINER)) == 1


def test_images_and_containers_do_not_mix_in_the_ledger() -> None:
    ledger = write("mine")
    ledger.add(Made(INFO.endpoint, "tag:1", "current/simple"))
    assert [made.reference for made in ledger.on(INFO.endpoint)] == ["tag:1"]
    assert isinstance(ScriptedEngine().containers, ScriptedContainers)


def test_the_cache_is_weighed_and_deleted_and_what_links_point_to_is_left(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "file").write_bytes(b"12345")
    logs = cache_folder() / "logs"
    logs.mkdir()
    (logs / "one.log").write_bytes(b"123")
    (logs / "link").symlink_to(theirs)
    (cache_folder() / "elsewhere").symlink_to(theirs)
    found = cached_files()
    assert [(one.name, one.files) for one in found] == [("elsewhere", 1), ("logs", 1)]
    assert remove_cached(found) >= 3
    assert cached_files() == ()
    assert (theirs / "file").read_bytes() == b"12345"


def test_what_the_learner_wrote_is_weighed_by_exercise_and_goes_only_where_that_is_asked_for() -> None:
    (work_folder("go-multi-stage", "capstone") / "Dockerfile").write_text("FROM scratch\n")
    work_folder("go-multi-stage", "begun")
    engine, ledger = ScriptedEngine(), Ledger()
    everything_else = find_ours(engine, ledger, cache=True)
    assert everything_else.work == ()
    remove_ours(engine, ledger, everything_else)
    ours = find_ours(engine, ledger, cache=True, work=True)
    assert [(one.name, one.files, one.size_bytes) for one in ours.work] == [("go-multi-stage/capstone", 1, 13)]
    assert remove_ours(engine, ledger, ours).work_bytes == 13
    assert work_folders() == ()


@pytest.fixture
def stubborn_logs(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the cache, before another one, that cannot be deleted."""
    logs = cache_folder() / "logs"
    for folder in (logs, cache_folder() / "objects"):
        folder.mkdir()
        (folder / "file").write_bytes(b"12345")
    remove_tree = shutil.rmtree

    def refuse(path: Path) -> None:
        if path == logs:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        remove_tree(path)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    return logs


def test_files_that_cannot_be_deleted_keep_nothing_else_and_the_rest_is_accounted_for(stubborn_logs: Path) -> None:
    engine, ledger = engine_with("mine"), write("mine")
    removed = remove_ours(engine, ledger, find_ours(engine, ledger, cache=True))
    assert [one.left.container.name for one in removed.containers] == ["mine"]
    assert (removed.cache_bytes, removed.complete) == (5, False)
    (kept,) = removed.kept_files
    assert str(kept).startswith(f"{stubborn_logs} cannot be deleted: Permission denied.")
    assert [one.name for one in cached_files()] == ["logs"]


def test_the_command_tells_of_files_that_cannot_be_deleted(
    stubborn_logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.commands.clean.connect", lambda *_: ScriptedEngine())
    done = CliRunner().invoke(main, ["clean", "--cache", "--yes"])
    assert f"kept logs: {stubborn_logs} cannot be deleted: Permission denied." in done.stdout
    assert "The cached files are deleted but for what is named above, 5 B freed." in done.stdout
    assert done.exit_code == 1


def test_what_is_gone_is_told_even_where_the_ledger_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, ledger = engine_with("mine"), write("mine")
    left = left_containers(engine, ledger)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr("tui.session.ledger.append_line", full)
        (removal,) = remove_containers(engine, ledger, left)
    assert removal.error is None
    assert engine.containers.there == {}
    assert left_containers(engine, ledger) == ()
    assert ledger.is_empty
