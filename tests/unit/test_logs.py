"""Logs do no harm: neither to the terminal that they are printed to, nor to the disk that they are kept on."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.session import logs
from tui.session.logs import LogFile, without_escapes

STEERING = {*map(chr, range(32)), *map(chr, range(127, 160))} - {"\t", "\n"}


def test_colours_titles_and_cursors_are_taken_out_and_words_stay() -> None:
    assert without_escapes("\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2Jand \x9b3J\bgrün\r") == "red and 3Jgrün"


@given(st.text(st.sampled_from("a\t\n\r\x07\x08\x1b\x9b[]0;mJ\\P")))
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    assert not STEERING & set(without_escapes(text))


def test_a_log_without_end_does_not_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_CHARACTERS", 10)
    log = LogFile("it", datetime(2026, 11, 24))
    log.write("1234512345")
    with pytest.raises(OSError, match="too large"):
        log.write("6")
    log.close()
    assert log.path.read_text() == "1234512345"
