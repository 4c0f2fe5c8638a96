"""A second opinion: hadolint, asked about real Dockerfiles, told in our words."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from tests.needs import need
from tui.course.facts import Facts, ProgramFact
from tui.session.courses import open_course
from tui.session.second_opinion import (
    Finding,
    Level,
    NoOpinion,
    blind_spots,
    find_hadolint,
    read_findings,
    rules,
    second_opinion,
)

CARELESS = "FROM golang\nRUN cd /app && go build -o main .\nMAINTAINER me\nCMD /app/main\n"


@pytest.fixture
def hadolint() -> Path:
    program = find_hadolint()
    need(program is not None, "hadolint", "pip install --group dev")
    assert program is not None
    return program


def a_program(folder: Path, script: str) -> Path:
    """Something that calls itself hadolint."""
    program = folder / "hadolint"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_a_careless_file_is_found_out_in_our_words(hadolint: Path) -> None:
    findings = second_opinion(CARELESS, hadolint)
    assert [(finding.line, finding.code) for finding in findings] == [
        (1, "DL3006"), (2, "DL3003"), (3, "DL4000"), (4, "DL3025"),
    ]  # fmt: skip
    assert all(finding.is_ours for finding in findings)
    assert "latest is another image tomorrow" in findings[0].words


def test_a_blank_that_is_not_filled_in_is_told_as_such(hadolint: Path) -> None:
    (finding,) = second_opinion("FROM scratch\n___ x\n", hadolint)
    assert (finding.line, finding.code, finding.level) == (2, "DL1000", Level.ERROR)
    assert "a blank that is not filled in" in finding.words


def test_our_own_solutions_pass_without_an_error(hadolint: Path) -> None:
    for exercise in open_course().course.exercises.values():
        levels = [finding.level for finding in second_opinion(exercise.solution, hadolint)]
        assert Level.ERROR not in levels, exercise.name


def test_every_code_that_we_explain_is_a_code_and_a_sentence() -> None:
    for code, words in rules().items():
        assert re.fullmatch(r"(DL|SC)\d{4}", code)
        assert words.endswith(".") and len(words) < 200, code


def test_a_rule_that_we_have_no_words_for_is_told_in_its_own() -> None:
    output = b'[{"code": "DL9999", "line": 3, "level": "info", "message": "Be\\u001b[31m nice"}]'
    assert read_findings(output) == (Finding(3, "DL9999", Level.INFO, "Be·[31m nice", is_ours=False),)


def test_findings_stand_in_the_order_of_the_lines() -> None:
    entry = '{"code": "DL3006", "line": %d, "level": "info", "message": ""}'
    found = read_findings(f"[{entry % 7}, {entry % 2}]".encode())
    assert [finding.line for finding in found] == [2, 7]


@pytest.mark.parametrize("output", [b"", b"{", b"{}x", b"[1]", b'[{"code": "x"}]', b"null", b"\xff"])
def test_an_answer_that_is_none_is_told(output: bytes) -> None:
    with pytest.raises(NoOpinion, match="cannot be read"):
        read_findings(output)


def test_where_it_is_not_installed_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.session.second_opinion.find_hadolint", lambda: None)
    with pytest.raises(NoOpinion, match=r"not installed.*pip install \"jettison\[lint\]\""):
        second_opinion(CARELESS)


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(NoOpinion, match="was not done within"):
        second_opinion(CARELESS, a_program(tmp_path, "exec sleep 60"), limit_seconds=0.2)


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(NoOpinion, match="code 3: no such option"):
        second_opinion(CARELESS, a_program(tmp_path, "echo no such option >&2; exit 3"))


def test_a_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    (tmp_path / "hadolint").write_text("")
    with pytest.raises(NoOpinion, match="does not start: Permission denied"):
        second_opinion(CARELESS, tmp_path / "hadolint")


def test_what_it_cannot_see_is_told_with_what_the_image_shows() -> None:
    program = ProgramFact("/main", 8_000_000, is_static=False, interpreter="/lib64/ld-linux-x86-64.so.2")
    facts = Facts(size_bytes=12_300_000, buried={"tmp/x": 94_000_000}, program=program, files={"main": 8_000_000})
    weight, hidden, loader = blind_spots(facts)
    assert weight.endswith("12.3 MB")
    assert hidden.endswith("94.0 MB")
    assert loader.endswith("/lib64/ld-linux-x86-64.so.2, which is not in the image")


def test_what_it_cannot_see_is_told_without_an_image_too() -> None:
    assert len(blind_spots(None)) == len(blind_spots(Facts(size_bytes=5))) == 3
    assert not any(re.search(r"\d", spot) for spot in blind_spots(None))
