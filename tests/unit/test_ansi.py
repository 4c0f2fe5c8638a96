from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets import ansi
from tui.widgets.ansi import Look


def test_colours_and_attributes_are_read() -> None:
    text, looks = ansi.parse("a \x1b[1;31mred\x1b[0m b \x1b[38;5;208morange\x1b[48;2;1;2;3m on\x1b[m.")
    assert text == "a red b orange on."
    assert looks == [
        (2, 5, Look(foreground=1, bold=True)),
        (8, 14, Look(foreground=208)),
        (14, 17, Look(foreground=208, background=(1, 2, 3))),
    ]


def test_bright_colours_and_resets_of_single_attributes() -> None:
    _, looks = ansi.parse("\x1b[4;91mx\x1b[24my\x1b[39mz")
    assert looks == [(0, 1, Look(foreground=9, underline=True)), (1, 2, Look(foreground=9))]


def test_titles_cursor_moves_and_unfinished_sequences_leave_nothing_behind() -> None:
    assert ansi.plain("\x1b]0;owned\x07a\x1b[2Jb\x1b[10;10Hc\x1b]8;;http://x\x1b\\d\x1b[") == "abcd"


def test_stray_control_characters_are_shown_as_a_sign() -> None:
    assert ansi.plain("a\x07b\x00c\x9bd") == "a\ufffdb\ufffdc\ufffdd"


def test_truncated_colours_are_no_error() -> None:
    for sequence in ("38", "38;5", "38;2;1;2", "48", "38;7;1", ";;;", "999"):
        assert ansi.plain(f"\x1b[{sequence}mx") == "x"


@given(st.text())
def test_no_output_can_reach_the_terminal_as_a_control_character(line: str) -> None:
    text, looks = ansi.parse(line)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)
    assert all(0 <= start < end <= len(text) for start, end, _ in looks)
