"""The layers of the house, by what is really imported."""

from __future__ import annotations

import subprocess
import sys

import pytest


def imported_by(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sorted(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    ["tui.engine.api", "tui.engine.events", "tui.engine.recording", "tui.engine.replay", "tui.engine.discovery",
     "tui.session.workbench", "tui.session.learner", "tui.session.connect", "tui.session.run_bench",
     "tui.session.cleanup", "tui.session.container_cleanup", "tui.course.reader"],
)  # fmt: skip
def test_what_lies_below_the_screens_needs_neither_textual_nor_docker_to_be_imported(module: str) -> None:
    assert not imported_by(f"import {module}") & {"textual", "docker", "requests", "urllib3", "websockets"}


def test_docker_is_not_imported_before_the_first_paint() -> None:
    assert not imported_by("import tui.app") & {"docker", "requests", "urllib3", "pyperclip"}


def test_the_command_line_alone_imports_neither_the_app_nor_docker() -> None:
    assert not imported_by("import tui.cli") & {"textual", "docker"}
