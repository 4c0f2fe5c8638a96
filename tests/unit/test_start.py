from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

import tui.app
from tests.shell import jettison
from tui.cli import main as command_line
from tui.session.options import StartOptions
from tui.start import main


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[StartOptions]:
    """The options of each app that is opened, on what looks like a terminal."""
    options: list[StartOptions] = []

    def run_app(given: StartOptions) -> int:
        options.append(given)
        return 0

    monkeypatch.setattr(tui.app, "run_app", run_app)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    return options


def test_without_arguments_the_app_opens_as_the_command_line_would_open_it(
    opened: list[StartOptions], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["jettison"])
    with pytest.raises(SystemExit) as end:
        main()
    with pytest.raises(SystemExit):
        command_line([])
    assert end.value.code == 0
    assert opened == [StartOptions(), StartOptions()]


def test_with_arguments_the_command_line_reads_them(
    opened: list[StartOptions], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["jettison", "--engine", "replay"])
    with pytest.raises(SystemExit):
        main()
    assert opened == [StartOptions(engine="replay")]


def test_a_command_collects_its_garbage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["jettison", "lessons"])
    with pytest.raises(SystemExit):
        main()
    assert gc.isenabled()
    assert "Go multi-stage builds" in capsys.readouterr().out


def test_without_a_terminal_it_does_what_compare_does() -> None:
    done = jettison("--engine", "replay")
    assert done.returncode == 0
    assert "multistage" in done.stdout
