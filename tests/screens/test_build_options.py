"""Build options and Docker's configuration in the app: in each build, in the command, and told where they cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine, a_build
from tests.screens.conftest import Start
from tui.engine.request import Builder, SecretVariable
from tui.session.build_options.model import BuildOptions
from tui.session.options import StartOptions

OPTIONS = BuildOptions((("V", "1"),), secrets=(SecretVariable("npm", "NPM_TOKEN"),), target="build")


@pytest.fixture
def own(tmp_path: Path) -> StartOptions:
    """A project of one's own with options."""
    (tmp_path / "Dockerfile").write_text("FROM golang AS build\n")
    return StartOptions(context=tmp_path, build=OPTIONS)


@pytest.fixture
def engine() -> ScriptedEngine:
    """It builds the one Dockerfile."""
    return ScriptedEngine({"dockerfile": a_build(SIMPLE_IMAGE)})


async def test_a_project_of_ones_own_has_its_options_in_each_build(
    start: Start, own: StartOptions, engine: ScriptedEngine
) -> None:
    async with start(engine, options=own) as driven:
        assert "--target build --build-arg V=1 --secret id=npm,env=NPM_TOKEN" in driven.app.learner.command()
        await driven.build()
        await driven.build()
    assert [(one.build_args, one.secrets, one.target) for one in engine.requests] == [
        (OPTIONS.build_args, OPTIONS.secrets, "build")
    ] * 2


async def test_what_an_engine_s_builder_has_not_is_told_and_nothing_is_built(
    start: Start, own: StartOptions, engine: ScriptedEngine
) -> None:
    engine.info = replace(engine.info, builder=Builder.CLASSIC)
    async with start(engine, options=own) as driven:
        assert any("BuildKit, but this build" in toast for toast in driven.toasts)
        await driven.press("b")
    assert not engine.requests


async def test_a_configuration_that_cannot_be_read_is_told_once(
    start: Start, own: StartOptions, engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("[]")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    async with start(engine, options=own) as driven:
        assert sum("does not hold a JSON object" in toast for toast in driven.toasts) == 1
