"""A course of somebody's own in the app."""

from __future__ import annotations

from pathlib import Path

from tests.screens.conftest import Start
from tests.unit.courses import one_step
from tui.session.options import StartOptions


async def test_a_course_of_ones_own_is_opened_and_its_directives_read_well(start: Start, tmp_path: Path) -> None:
    body = '[bold]Markup is text.\n\n```choose\nid = "c"\nask = "Which?"\noptions = ["one", "two"]\nanswer = 2\n```'
    folder = one_step(tmp_path, body)
    async with start(options=StartOptions(course=folder)) as it:
        assert "[bold]Markup is text." in it.text
        assert "Which?" in it.text
        assert "answer" not in it.text
