"""A learner's file in two editors at once: the newest text wins, and no text is ever lost."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.session.draft import Draft, Meeting, read_text, set_aside
from tui.session.file_watch import MOST_BYTES, FileWatch, Sighting
from tui.session.golf import golf_words

TEXTS = st.sampled_from(["FROM a\n", "FROM b\n", "FROM c\r\n", ""])
WAIT_SECONDS = 20.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_text("FROM a\n")
    return path


def _writing(file: Path) -> tuple[int, int, int]:
    """Which file it is, and when it was last written and changed: reading alone may move its time of access."""
    told = file.stat()
    return told.st_ino, told.st_mtime_ns, told.st_ctime_ns


def test_what_is_edited_is_written_and_what_is_not_is_left_alone(file: Path) -> None:
    draft = Draft(file, "FROM a\n")
    before = _writing(file)
    assert draft.save("FROM a\n") is Meeting.SAME
    assert _writing(file) == before
    assert draft.save("FROM b\n") is Meeting.SAME
    assert file.read_text() == "FROM b\n"
    assert [path.name for path in file.parent.iterdir()] == ["Dockerfile"], "nothing is left of the writing"


def test_a_file_that_is_gone_is_written_anew(file: Path) -> None:
    draft = Draft(file, "FROM a\n")
    file.unlink()
    assert draft.save("FROM a\n") is Meeting.SAME
    assert file.read_text() == "FROM a\n"


def test_the_files_text_is_taken_where_nothing_was_edited_here(file: Path) -> None:
    draft = Draft(file, "FROM a\n")
    file.write_text("FROM b\n")
    assert draft.look("FROM a\n") is Meeting.THEIRS
    assert draft.text == "FROM b\n"


def test_the_same_edit_in_both_is_no_conflict(file: Path) -> None:
    draft = Draft(file, "FROM a\n")
    file.write_text("FROM b\n")
    assert draft.save("FROM b\n") is Meeting.SAME
    assert not draft.is_edited("FROM b\n")


def test_two_different_edits_are_a_conflict_and_the_file_is_not_touched(file: Path) -> None:
    draft = Draft(file, "FROM a\n")
    file.write_text("FROM theirs\n")
    assert draft.save("FROM mine\n") is Meeting.CONFLICT
    assert file.read_text() == "FROM theirs\n"


def test_a_conflict_ends_either_way_and_the_other_text_is_kept(file: Path) -> None:
    draft = Draft(file, "FROM a\n")
    file.write_text("FROM theirs\n")
    draft.save("FROM mine\n")
    assert draft.keep_own("FROM mine\n").read_text() == "FROM theirs\n"
    assert file.read_text() == "FROM mine\n"
    file.write_text("FROM theirs\n")
    assert draft.save("FROM mine 2\n") is Meeting.CONFLICT
    kept = draft.take_theirs("FROM mine 2\n")
    assert (kept.name, kept.read_text()) == ("Dockerfile.kept-2", "FROM mine 2\n")
    assert draft.text == file.read_text() == "FROM theirs\n"


def test_line_ends_of_an_editors_own_are_no_edit(file: Path) -> None:
    file.write_bytes(b"FROM a\r\nRUN x\n")
    draft = Draft(file, read_text(file))
    draft.show("FROM a\nRUN x\n")
    assert draft.save("FROM a\nRUN x\n") is Meeting.SAME
    assert file.read_bytes() == b"FROM a\r\nRUN x\n"


@given(st.lists(st.tuples(st.booleans(), TEXTS), max_size=12))
def test_no_text_of_another_editor_is_ever_written_over(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, str]]
) -> None:
    """Whatever is written outside is in the app, or still in the file: before a decision, nothing is lost."""
    file = tmp_path_factory.mktemp("work") / "Dockerfile"
    file.write_text("")
    draft, own, theirs = Draft(file, ""), "", ""
    for is_outside, text in steps:
        if is_outside:
            file.write_bytes(text.encode())
            theirs = text
        else:
            own = text
        meeting = draft.save(own)
        if meeting is Meeting.THEIRS:
            own = draft.text
            draft.show(own)
        elif meeting is Meeting.CONFLICT:
            assert read_text(file) == theirs
            assert own != theirs
        else:
            theirs = read_text(file)
        assert own == theirs or meeting is Meeting.CONFLICT


def test_a_file_that_is_begun_anew_is_kept(file: Path) -> None:
    kept = set_aside(file)
    assert kept is not None
    assert kept.read_text() == "FROM a\n"
    assert not file.exists()
    assert set_aside(file) is None


# Watching.


def watch(file: Path) -> FileWatch:
    return FileWatch(file, lambda _: None)


def change(file: Path, text: str, at: int) -> None:
    """Write, with a time of its own: tests are quicker than the clock of some file systems."""
    file.write_text(text)
    os.utime(file, ns=(at, at))


def test_a_change_is_told_once_and_only_when_it_stays_as_it_is(file: Path) -> None:
    eyes = watch(file)
    assert eyes.look() is None
    change(file, "FROM", 10**18)
    assert eyes.look() is None, "it may still be written"
    change(file, "FROM b\n", 2 * 10**18)
    assert eyes.look() is None
    assert eyes.look() == Sighting("FROM b\n")
    assert eyes.look() is None


def test_an_editor_that_replaces_the_file_is_noticed(file: Path) -> None:
    eyes = watch(file)
    file.unlink()
    assert (eyes.look(), eyes.look()) == (None, None)
    new = file.with_name("new")
    change(new, "FROM b\n", 10**18)
    new.replace(file)
    assert (eyes.look(), eyes.look()) == (None, Sighting("FROM b\n"))


def test_a_huge_file_is_not_read(file: Path) -> None:
    eyes = watch(file)
    with file.open("wb") as huge:
        huge.truncate(MOST_BYTES + 1)
    assert (eyes.look(), eyes.look()) == (None, Sighting(None, "it is larger than 1 MB"))


def test_a_folder_in_the_files_place_is_told(file: Path) -> None:
    eyes = watch(file)
    file.unlink()
    file.mkdir()
    eyes.look()
    assert eyes.look() == Sighting(None, "Is a directory")


def test_the_thread_tells_of_a_change_and_ends(file: Path) -> None:
    told: list[Sighting] = []
    is_told = threading.Event()

    def tell(sighting: Sighting) -> None:
        told.append(sighting)
        is_told.set()

    eyes = FileWatch(file, tell, every_seconds=0.01)
    eyes.start()
    change(file, "FROM b\n", 10**18)
    assert is_told.wait(WAIT_SECONDS)
    eyes.stop()
    assert told == [Sighting("FROM b\n")]


# Golf.


@pytest.mark.parametrize(
    ("best", "size", "passed", "words"),
    [
        (None, None, False, "the smallest image that passes all checks is kept"),
        (9_300_000, None, False, "Your best: 9.30 MB."),
        (None, 12_000_000, False, "counts once all checks pass. No image has passed yet."),
        (9_300_000, 8_000_000, False, "This one weighs 8.00 MB, and counts once all checks pass. Your best: 9.30 MB."),
        (None, 9_300_000, True, "★ The first that passes: 9.30 MB"),
        (9_300_000, 6_000_000, True, "★ A new best: 6.00 MB, 3.30 MB less than before."),
        (6_000_000, 6_000_000, True, "as small as your best, to the byte"),
        (6_000_000, 9_300_000, True, "3.30 MB more than your best of 6.00 MB."),
    ],
)
def test_an_attempt_is_held_against_the_best(best: int | None, size: int | None, passed: bool, words: str) -> None:
    assert words in golf_words(best, size, passed=passed)
