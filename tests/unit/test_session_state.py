"""What is kept between sessions: nothing is lost, nothing is fatal."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine
from tui.engine.errors import ImageInUse
from tui.engine.model import Image
from tui.session.cleanup import leftovers, remove
from tui.session.history import BuildHistory, LastBuild
from tui.session.identity import own_identity
from tui.session.ledger import Ledger, Made
from tui.session.paths import state_folder
from tui.session.settings import Settings, load_settings, save_settings
from tui.session.storage import read_json, write_json

ENGINE = "unix:///var/run/docker.sock"


def test_the_identity_stays_the_same_and_is_fit_for_a_tag() -> None:
    first = own_identity()
    assert own_identity() == first
    assert first.tag("current", "simple") == f"{first.prefix}/simple:current"
    assert first.labels == (("jettison.owner", first.prefix),)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', "\x00\x01", '"text"'])
def test_a_damaged_or_newer_file_is_set_aside_and_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    stored = read_json(file, 1)
    assert stored.data == {}
    assert stored.warning is not None
    assert "set aside as state.json.damaged" in stored.warning
    assert not file.exists()
    assert (tmp_path / "state.json.damaged").read_text() == content


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    for content in ("one", "two"):
        file.write_text(content)
        read_json(file, 1)
    assert (tmp_path / "state.json.damaged").read_text() == "one"
    assert (tmp_path / "state.json.damaged-2").read_text() == "two"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    write_json(file, 1, {"kept": True})
    with pytest.raises(TypeError):
        write_json(file, 1, {"bad": object()})
    assert read_json(file, 1).data["kept"] is True
    assert list(tmp_path.iterdir()) == [file]


def test_the_state_folder_is_the_users_alone() -> None:
    assert state_folder().stat().st_mode & 0o777 == 0o700


def test_settings_come_back_and_odd_values_fall_back_to_the_default() -> None:
    save_settings(Settings(theme="jettison-light", at_once=True))
    assert load_settings() == (Settings(theme="jettison-light", at_once=True), None)
    write_json(state_folder() / "settings.json", 1, {"theme": 7, "wrap": "yes", "at_once": True})
    assert load_settings()[0] == Settings(at_once=True)


def test_the_last_build_is_remembered() -> None:
    history = BuildHistory()
    assert history.last("current/simple") is None
    history.keep("current/simple", LastBuild(31.5, 2))
    assert BuildHistory().last("current/simple") == LastBuild(31.5, 2)


def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl")


def test_the_ledger_lists_what_was_made_on_one_engine_and_not_yet_removed(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    book.add(Made(ENGINE, "tag:1", "current/simple"))
    book.add(Made(ENGINE, "sha256:a", "current/simple", "builder"))
    book.add(Made("tcp://other", "tag:1", "current/simple"))
    book.add(Made(ENGINE, "tag:1", "current/simple"))
    book.forget(ENGINE, ["sha256:a"])
    assert ledger(tmp_path).on(ENGINE) == (Made(ENGINE, "tag:1", "current/simple"),)


def test_a_line_that_a_crash_cut_short_costs_that_line_only(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    book.add(Made(ENGINE, "one", "s"))
    with (tmp_path / "ledger.jsonl").open("a") as file:
        file.write('{"version": 1, "what": "made", "refer')
    book.add(Made(ENGINE, "two", "s"))
    assert [made.reference for made in book.on(ENGINE)] == ["one", "two"]


def test_two_windows_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(window: int) -> None:
        book = ledger(tmp_path)
        for number in range(40):
            book.add(Made(ENGINE, f"{window}-{number}", "s"))

    threads = [threading.Thread(target=write, args=(window,)) for window in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger(tmp_path).on(ENGINE)) == 160


def engine_with(*images: Image) -> ScriptedEngine:
    engine = ScriptedEngine()
    for one in images:
        for reference in (one.image_id, *one.tags):
            engine.images[reference] = one
    return engine


def test_only_what_the_ledger_names_is_found_and_removed(tmp_path: Path) -> None:
    engine = engine_with(SIMPLE_IMAGE, MULTISTAGE_IMAGE)
    book = ledger(tmp_path)
    book.add(Made(ENGINE, SIMPLE_IMAGE.tags[0], "current/simple"))
    book.add(Made(ENGINE, SIMPLE_IMAGE.image_id, "current/simple"))
    ours = leftovers(engine, book)
    assert [one.image for one in ours] == [SIMPLE_IMAGE]
    removals = remove(engine, book, ours)
    assert [removal.freed_bytes for removal in removals] == [SIMPLE_IMAGE.size_bytes]
    assert MULTISTAGE_IMAGE.image_id in engine.images
    assert book.on(ENGINE) == ()


def test_what_somebody_else_removed_is_struck_off(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    book.add(Made(ENGINE, "gone:1", "current/simple"))
    assert leftovers(engine_with(), book) == ()
    assert book.on(ENGINE) == ()


def test_a_strangers_tag_on_our_image_is_left_alone(tmp_path: Path) -> None:
    shared = MULTISTAGE_IMAGE.__class__(
        **{**{f: getattr(MULTISTAGE_IMAGE, f) for f in MULTISTAGE_IMAGE.__dataclass_fields__}, "tags": ("theirs:1",)}
    )
    engine = engine_with(shared)
    book = ledger(tmp_path)
    book.add(Made(ENGINE, shared.image_id, "current/multistage"))
    remove(engine, book, leftovers(engine, book))
    assert engine.removed == []
    assert "theirs:1" in engine.images


def test_an_image_in_use_stays_in_the_ledger_and_the_reason_is_told(tmp_path: Path) -> None:
    engine = ScriptedEngine(refuses_removal=ImageInUse("A container uses it.", "Remove the container."))
    engine.images[SIMPLE_IMAGE.image_id] = SIMPLE_IMAGE
    book = ledger(tmp_path)
    book.add(Made(ENGINE, SIMPLE_IMAGE.image_id, "current/simple"))
    book.add(Made(ENGINE, SIMPLE_IMAGE.tags[0], "current/simple"))
    engine.images[SIMPLE_IMAGE.tags[0]] = SIMPLE_IMAGE
    (removal,) = remove(engine, book, leftovers(engine, book))
    assert isinstance(removal.error, ImageInUse)
    assert len(book.on(ENGINE)) == 2


def test_the_ledger_is_plain_json_lines(tmp_path: Path) -> None:
    ledger(tmp_path).add(Made(ENGINE, "tag", "s"))
    (line,) = (tmp_path / "ledger.jsonl").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["version"], entry["what"], entry["reference"]) == (1, "made", "tag")
