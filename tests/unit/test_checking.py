"""What a course's author is told beyond what the reader refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.courses import AROUND, EXERCISE, HEAD, make_course, one_step, step_of, told, with_exercise
from tui.course.checking import check_course


def faults(folder: Path) -> list[str]:
    return [told(problem) for problem in check_course(folder, AROUND)]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("So:\n\n[there](nowhere.md)", "01-a.md:8:9: nowhere.md is not there"),
        ("[build](action:build-first) [fly](action:fly)", "01-a.md:6:35: there is no action 'fly'"),
        ("[x](javascript:alert)", "01-a.md:6:5: a link leads to an action, a file of the course or the web"),
        ("![x](../../x.png)", "01-a.md:6:6: ../../x.png must lie in the course's folder"),
        ("```sh\n" + "x" * 73 + "\n```", "01-a.md:7:73: a line of code has 73 columns; 72 fit"),
        ("```sh\n\t" + "x" * 65 + "\n```", "01-a.md:7:67: a line of code has 73 columns; 72 fit"),
        ("```sh\n" + "漢" * 37 + "\n```", "01-a.md:7:38: a line of code has 74 columns; 72 fit"),
        ("| a | b |\n| - | - |\n| " + "y" * 74 + " | z |", "01-a.md:6:1: this table needs 77 columns; 76 fit"),
        ("word " * 300, "01-a.md:6:1000: a line has 1500 signs: break it"),
        ("````reveal\ntitle = 'x'\n---\n[x](nowhere)\n````", "01-a.md:9:5: nowhere is not there"),
        ("````note\n```\n" + "x" * 80 + "\n```\n````", "01-a.md:8:73: a line of code has 80 columns"),
    ],
    ids=lambda text: text[:24],
)
def test_links_that_lead_nowhere_and_lines_that_do_not_fit(tmp_path: Path, body: str, fault: str) -> None:
    found = faults(one_step(tmp_path, body))
    assert any(one.startswith(fault) for one in found), found


def test_what_fits_and_leads_somewhere_is_fine(tmp_path: Path) -> None:
    body = "[x](other.md#there) [y](https://go.dev) [z](action:build-both) `[code](nowhere)`\n\n```sh\n" + "x" * 72
    table = "\n```\n\n| a | b |\n| - | - |\n| [" + "y" * 54 + "](https://example.com/" + "z" * 40 + ") | " + "w " * 30
    folder = one_step(tmp_path, body + table + "|")
    (folder / "other.md").write_text("x")
    (folder / "course.toml").write_text(HEAD.split("[tracks")[0])
    assert faults(folder) == []


def test_a_shown_file_that_is_too_wide_is_told_where_it_is_shown(tmp_path: Path) -> None:
    folder = one_step(tmp_path, '```show\nfile = "wide.txt"\nlines = "1"\n```\n\n```show\nfile = "wide.txt"\n```')
    (folder / "wide.txt").write_text("short\n" + "x" * 90)
    assert any("01-a.md:11:1: line 2 of wide.txt has 90 columns; 72 fit" in fault for fault in faults(folder))
    assert len([fault for fault in faults(folder) if "wide.txt" in fault]) == 1


def test_tracks_must_have_steps_and_keep_their_time(tmp_path: Path) -> None:
    assert faults(one_step(tmp_path, "x")) == ["course.toml:4:1: no step is on the track short"]
    on_track = step_of("x", matter='tracks = ["short"]\n')
    folder = make_course(tmp_path, {"course.toml": HEAD.replace("= 60", "= 2"), "01-a.md": on_track})
    assert faults(folder) == ["course.toml:4:1: the steps of the track short take 3 minutes, more than its 2"]


def test_an_exercise_is_asked_for_by_one_place(tmp_path: Path) -> None:
    folder = with_exercise(tmp_path)
    (folder / "01-a.md").write_text(step_of("Text.", matter='tracks = ["short"]\n'))
    assert faults(folder) == ["course.toml:3:1: no step asks for the exercise second"]
    twice = '```exercise\nname = "second"\n```\n' * 2
    (folder / "01-a.md").write_text(step_of(twice, matter='tracks = ["short"]\n'))
    assert faults(folder) == ["course.toml:3:1: two places ask for the exercise second"]


def test_an_exercise_that_compares_with_an_unknown_image_is_told(tmp_path: Path) -> None:
    folder = with_exercise(tmp_path, EXERCISE.replace('"not-root"', '"at-least-as-large"\nthan = "huge"'))
    assert "exercise.toml:6:1: there is no image 'huge'" in faults(folder)


def test_a_fault_shows_its_line_and_a_caret(tmp_path: Path) -> None:
    (first, *_) = check_course(one_step(tmp_path, "[fly](action:fly)"), AROUND)
    assert str(first).split("\n")[1:] == ["    [fly](action:fly)", "          ^"]
