"""Nothing that an image, an engine or an archive says can do anything to the terminal that it is shown in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.layers import settings
from tui.commands.say import narrate, print_table
from tui.engine.errors import EngineError
from tui.engine.events import BuildFailed, FailureKind, StepPlanned
from tui.image.anatomy import dissect
from tui.image.errors import ArchiveDamaged
from tui.image.model import Origin
from tui.printable import printable, printable_lines, shortened
from tui.session.fact_words import fact_words

HOSTILE = "\x1b[2J\x1b]52;c;eA==\x07\u202efdp\x9b"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_printable_and_printable_text_stays(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    assert len(shown) >= len(text)


def test_escapes_and_odd_bytes_are_spelled_out() -> None:
    assert printable("a\x1b[2J\udcff\u202e") == "a\\x1b[2J\\xff\\u202e"


@given(st.text(st.characters(exclude_categories=())))
def test_lines_stay_lines(text: str) -> None:
    assert all(line.isprintable() for line in printable_lines(text).split("\n"))


def test_lines_of_every_system_are_read_as_lines_without_signs_at_their_ends() -> None:
    assert printable_lines("a\r\nb\rc\n\td") == "a\nb\nc\n    d"


def test_what_an_engine_says_of_a_build_is_printable() -> None:
    step = StepPlanned(0.0, "1", f"RUN {HOSTILE}", stage=HOSTILE)
    failed = BuildFailed(0.0, FailureKind.INSTRUCTION, f"one\r\n{HOSTILE}", "advice")
    error = EngineError(f"No such image: {HOSTILE}.", HOSTILE)
    assert step.title.isprintable()
    assert step.stage.isprintable()
    assert failed.message == f"one\n{printable(HOSTILE)}"
    assert error.what.isprintable()
    assert error.advice.isprintable()


def test_what_an_archive_says_is_printable() -> None:
    assert str(ArchiveDamaged(f"{HOSTILE} is missing")).isprintable()
    assert Origin(f"RUN a \\\n  {HOSTILE}", 1, "").shown == f"RUN a \\ {printable(HOSTILE)}"


def test_facts_of_an_image_are_told_in_printable_words() -> None:
    words = fact_words(dissect(settings((), user=HOSTILE), ()))
    assert f"runs as {printable(HOSTILE)}" in words


def test_commands_print_nothing_that_is_not_printable(capsys: pytest.CaptureFixture[str]) -> None:
    narrate(f"one\n{HOSTILE}")
    print_table((HOSTILE,), [(HOSTILE,)])
    printed = capsys.readouterr()
    assert printed.err == f"one\n{printable(HOSTILE)}\n"
    assert printed.out == f"{printable(HOSTILE)}\n" * 2


@given(st.text(), st.integers(1, 40))
def test_a_shortened_text_has_the_length_that_is_asked_for(text: str, length: int) -> None:
    short = shortened(text, length)
    assert len(short) == min(len(text), length)
    assert short == text or "…" in short


def test_what_is_left_out_is_the_middle() -> None:
    assert shortened("registry.example/team/echo:1.2", 15) == "registr…cho:1.2"


def test_a_table_is_cut_to_the_width_of_a_terminal_and_stays_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("SIZE", "WHAT"), [("1 B", "a" * 40), ("20 B", "目録" * 20)], right=(0,), most=30)
    assert capsys.readouterr().out.splitlines() == [
        "SIZE  WHAT",
        " 1 B  " + "a" * 23 + "…",
        "20 B  " + ("目録" * 20)[:11] + "…",
    ]
