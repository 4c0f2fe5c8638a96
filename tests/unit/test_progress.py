"""Progress: nothing is lost, nothing is fatal, and what still fits a changed course stays."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.courses import HEAD, make_course, read, step_of
from tui.course.progress import (
    Answered,
    Attempted,
    Event,
    ExerciseState,
    Guessed,
    GuessSkipped,
    HintShown,
    Left,
    Mark,
    Measured,
    Opened,
    Progress,
    Reset,
    SolutionShown,
    replay,
)
from tui.course.progress_events import NAMES, decode, encode
from tui.course.summary import first_open
from tui.session.courses import OpenCourse, open_course
from tui.session.json_lines import append_line
from tui.session.place import VERSION
from tui.session.progress import ProgressStore, progress_file, reset_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WORDS = st.sampled_from(["why", "build", "run", 'naïve \u2028 " \\ name'])
NUMBERS = st.floats(0, 1e12)
SMALL = st.integers(0, 9)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Opened, WORDS, WORDS),
    st.builds(Left, WORDS, st.booleans()),
    st.builds(Guessed, WORDS, NUMBERS, WORDS),
    st.builds(GuessSkipped, WORDS),
    st.builds(Measured, WORDS, NUMBERS, WORDS),
    st.builds(Answered, WORDS, SMALL, st.booleans()),
    st.builds(Attempted, WORDS, SMALL, SMALL, st.integers(0, 10**12)),
    st.builds(HintShown, WORDS, st.integers(1, 3)),
    st.builds(SolutionShown, WORDS),
    st.builds(Reset, WORDS | st.just(""), st.tuples(WORDS), st.tuples(WORDS)),
)


def state_of(*events: Event) -> Progress:
    return replay((NOW, event) for event in events)


def test_a_step_is_opened_skipped_and_done_and_done_stays() -> None:
    assert state_of(Opened("a", "build")).steps == {"a": Mark.OPENED}
    assert state_of(Opened("a", "build")).tab == "build"
    assert state_of(Left("a", was_skipped=True)).steps == {"a": Mark.SKIPPED}
    done = state_of(Left("a"), Left("a", was_skipped=True), Opened("a"), Opened("b"))
    assert done.steps == {"a": Mark.DONE, "b": Mark.OPENED}
    assert done.step == "b"


def test_the_first_guess_is_locked_in_and_the_measurement_stands_beside_it() -> None:
    guess = state_of(Guessed("q", 5, "bytes"), Guessed("q", 9, "bytes"), Measured("q", 8, "docker")).guesses["q"]
    assert (guess.value, guess.measured, guess.source, guess.at) == (5, 8, "docker", NOW)
    assert state_of(Guessed("q", 5, "bytes"), GuessSkipped("q")).guesses["q"].value == 5


def test_a_skipped_guess_can_still_be_made_until_it_is_measured() -> None:
    assert state_of(GuessSkipped("q"), Guessed("q", 5, "bytes")).guesses["q"].value == 5
    assert state_of(GuessSkipped("q"), Measured("q", 8, "x"), Guessed("q", 8, "bytes")).guesses["q"].value is None


def test_a_measurement_that_nobody_guessed_is_not_kept() -> None:
    assert state_of(Measured("q", 8, "x")).guesses == {}


def test_an_exercise_keeps_attempts_hints_and_the_best_image() -> None:
    events: list[Event] = [
        Attempted("e", 2, 3, 500),
        HintShown("e", 2),
        HintShown("e", 1),
        Attempted("e", 3, 3, 900),
        SolutionShown("e"),
        Attempted("e", 3, 3, 700),
        Attempted("e", 3, 3, 800),
    ]
    assert state_of(*events).exercises["e"] == ExerciseState(4, True, 2, True, True, 700)
    seen = state_of(SolutionShown("e"), Attempted("e", 1, 1, 9)).exercises["e"]
    assert (seen.is_passed, seen.passed_unaided) == (True, False)


def test_a_reset_takes_one_step_or_all() -> None:
    events = (Opened("a"), Left("a"), Left("b"), Guessed("q", 1, "x"), Answered("c", 1, True), Attempted("e", 1, 1, 1))
    one = state_of(*events, Reset("a", ("q",), ("e",)))
    assert (set(one.steps), set(one.guesses), set(one.answers), set(one.exercises)) == ({"b"}, set(), {"c"}, set())
    assert state_of(*events, Reset()) == Progress()


@given(EVENTS)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    assert decode(json.loads(json.dumps(encode(event)))) == event


@given(
    st.sampled_from([*NAMES, "unheard-of"]), st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text())
)
def test_any_data_is_an_event_as_it_stands_or_none(name: str, data: dict[str, object]) -> None:
    event = decode({**data, "what": name})
    assert event is None or encode(event).items() <= {**data, "what": name}.items()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "5", None, 10**400])
def test_odd_numbers_are_no_guess(value: object) -> None:
    assert decode({"what": "guessed", "question": "q", "unit": "bytes", "value": value}) is None


def written(path: Path, events: list[Event]) -> list[bytes]:
    """A file of these events, and each of its lines."""
    for number, event in enumerate(events):
        at = (NOW + timedelta(seconds=number)).isoformat()
        append_line(path, VERSION, {"at": at, **encode(event)})
    return path.read_bytes().splitlines(keepends=True) if events else []


@settings(max_examples=60, deadline=None)
@given(events=st.lists(EVENTS, min_size=1, max_size=8), data=st.data())
def test_a_file_cut_at_any_byte_costs_the_unfinished_line_only(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("state") / "p.jsonl"
    lines = written(path, events)
    content = b"".join(lines)
    cut = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:cut])
    # A line without its line end is whole all the same.
    whole = sum(len(b"".join(lines[: number + 1])) - 1 <= cut for number in range(len(lines)))
    store = ProgressStore(path)
    assert store.progress == replay(
        (NOW + timedelta(seconds=number), event) for number, event in enumerate(events[:whole])
    )
    assert store.warning is None
    store.note(Opened("after the crash"))
    again = ProgressStore(path)
    assert again.progress == store.progress
    assert again.warning is None


def test_two_windows_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"

    def write(window: int) -> None:
        store = ProgressStore(path)
        for number in range(40):
            store.note(Left(f"{window}-{number}"))

    threads = [threading.Thread(target=write, args=(window,)) for window in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ProgressStore(path).progress.steps) == 160


def test_a_window_sees_what_another_one_did_when_it_looks_again(tmp_path: Path) -> None:
    one, other = ProgressStore(tmp_path / "p.jsonl"), ProgressStore(tmp_path / "p.jsonl")
    one.note(Left("a"))
    other.note(Left("b"))
    one.reload()
    assert set(one.progress.steps) == {"a", "b"}


def _note_without_end(path: Path, ready: str) -> None:
    store = ProgressStore(path)
    for number in range(10**9):
        store.note(Left(f"step-{number}"))
        if number == 50:
            Path(ready).touch()


def test_killing_a_window_costs_at_most_its_unfinished_line(tmp_path: Path) -> None:
    path, ready = tmp_path / "p.jsonl", tmp_path / "ready"
    process = multiprocessing.get_context("spawn").Process(target=_note_without_end, args=(path, str(ready)))
    process.start()
    while not ready.exists():
        assert process.is_alive()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    store = ProgressStore(path)
    assert store.warning is None
    count = len(store.progress.steps)
    assert count > 50
    assert set(store.progress.steps) == {f"step-{number}" for number in range(count)}


def test_lines_of_a_newer_version_are_left_alone_and_told(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    newer = '{"version": 2, "what": "flown", "to": "moon"}\n'
    path.write_text(newer)
    store = ProgressStore(path)
    store.note(Left("a"))
    again = ProgressStore(path)
    assert again.progress.steps == {"a": Mark.DONE}
    assert again.warning == (
        "p.jsonl: 1 of its lines are of a newer version; they are left as they are, and all others count."
    )
    assert path.read_text().startswith(newer)


@pytest.mark.parametrize("content", ["nonsense\n", "\x00\x01\x02\n", "[]\n[]\n", "[" * 5_000 + "\n"])
def test_a_file_without_any_progress_is_set_aside_and_a_new_one_begun(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(content)
    store = ProgressStore(path)
    assert store.warning is not None
    assert "set aside as p.jsonl.damaged" in store.warning
    assert (tmp_path / "p.jsonl.damaged").read_text() == content
    store.note(Left("a"))
    assert ProgressStore(path).progress.steps == {"a": Mark.DONE}


def test_damaged_lines_among_good_ones_are_left_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    written(path, [Left("a")])
    with path.open("a") as file:
        file.write('rubbish\n{"version": 1, "what": "left", "at": "yesterday", "step": "x", "was_skipped": false}\n')
    written(path, [Left("b")])
    store = ProgressStore(path)
    assert set(store.progress.steps) == {"a", "b"}
    assert store.warning is not None
    assert store.warning.startswith("p.jsonl: 2 of its lines cannot be read")
    assert "rubbish" in path.read_text()


def test_a_file_that_cannot_be_written_costs_nothing_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").mkdir()
    store = ProgressStore(tmp_path / "p.jsonl")
    assert store.warning is not None
    assert "cannot be read: Is a directory" in store.warning
    store.note(Left("a"))
    assert store.progress.steps == {"a": Mark.DONE}
    assert "It lasts until you leave." in store.warning


TWO_STEPS = HEAD.replace('["01-a.md"]', '["01-a.md", "02-b.md"]')


def a_course(tmp_path: Path) -> OpenCourse:
    choose = '```choose\nid = "c"\nask = "x"\noptions = ["a", "b"]\nanswer = 1\n```'
    make_course(tmp_path, {"course.toml": TWO_STEPS, "01-a.md": step_of(choose), "02-b.md": step_of("x")})
    return open_course(tmp_path)


def test_the_tutorial_and_each_other_course_have_files_of_their_own(tmp_path: Path) -> None:
    one, other = a_course(tmp_path / "one" / "same"), a_course(tmp_path / "other" / "same")
    names = {progress_file(opened).name for opened in (open_course(), one, other)}
    assert len(names) == 3
    assert "go-multi-stage.jsonl" in names


def test_a_course_whose_steps_moved_keeps_what_fits(tmp_path: Path) -> None:
    before = state_of(Opened("a"), Left("a"), Opened("b"), Left("gone"))
    a_course(tmp_path)
    (tmp_path / "01-a.md").rename(tmp_path / "07-a.md")
    (tmp_path / "course.toml").write_text(TWO_STEPS.replace('["01-a.md", "02-b.md"]', '["02-b.md", "07-a.md"]'))
    course = read(tmp_path)
    assert first_open(course, before) == "b"
    assert before.steps[course.steps[1].id] is Mark.DONE
    assert first_open(course, state_of(Opened("gone"))) == "b"


def test_what_a_reset_of_a_step_takes_with_it_is_what_the_step_has(tmp_path: Path) -> None:
    course = a_course(tmp_path).course
    assert reset_of(course, course.steps[0]) == Reset("a", ("c",), ())
    assert reset_of(course, None) == Reset()
