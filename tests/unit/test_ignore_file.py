from __future__ import annotations

import pytest

from tui.engine.context.ignore_file import read_patterns


@pytest.mark.parametrize(
    ("content", "patterns"),
    [
        (b"a\nb", ["a", "b"]),
        (b"\xef\xbb\xbfa\n", ["a"]),
        (b"a\r\n# note\r\nb\r\n", ["a", "b"]),
        (b"#a\n #b\n", ["#b"]),
        (b"\n  \n\ta \n", ["a"]),
        (b"/a\n./b\nc/\nd/../e\n/\n.\n", ["a", "b", "c", "e", "/", "."]),
        (b"//a\n", ["a"]),
        (b"!a\n! /b/\n!\n", ["!a", "!b", "!"]),
        (b"\xff\n", ["\udcff"]),
        (b"", []),
    ],
)
def test_an_ignore_files_lines_become_patterns(content: bytes, patterns: list[str]) -> None:
    assert read_patterns(content) == patterns
