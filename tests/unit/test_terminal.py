from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.shell import PROGRAM
from tui.session.terminal import HUNG_UP, is_hung_up

KEEPS_THE_SIGNAL = "trap : HUP; {python} -c '{program}' --engine replay; echo $? > {code}"
"""A leader of a session that lives on when its terminal is closed, as make does, and tells how its child ended."""


def test_a_terminal_that_was_closed_is_told_from_one_that_is_open() -> None:
    ours, theirs = pty.openpty()
    assert not is_hung_up(theirs)
    os.close(ours)
    assert is_hung_up(theirs)
    os.close(theirs)


def test_what_is_no_terminal_was_never_closed(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        assert not is_hung_up(file.fileno())


def test_the_app_ends_with_its_terminal_even_where_nobody_tells_it(tmp_path: Path) -> None:
    code = tmp_path / "code"
    script = KEEPS_THE_SIGNAL.format(python=sys.executable, program=PROGRAM.replace("'", '"'), code=code)
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(["sh", "-c", script], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    drawn = b""
    while b"Why two stages" not in drawn:
        drawn += os.read(ours, 65536)
    os.close(ours)
    shell.wait(timeout=60)
    assert int(code.read_text()) == HUNG_UP
