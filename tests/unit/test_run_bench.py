"""The runs of one session: each keeps its log, and those that nothing shows any more are forgotten."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import ScriptedEngine
from tui.session.ledger import Ledger
from tui.session.run_bench import RunBench
from tui.session.run_record import RunRecord
from tui.session.variants import Project, Variant


def until_over(bench: RunBench, record: RunRecord) -> None:
    """Take in what happens, until nothing of it is left."""
    while record.end is None or record.run in bench.runner.leftovers:
        bench.wait(1.0)


def test_runs_that_are_gone_and_superseded_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    engine = ScriptedEngine()
    engine.containers = ScriptedContainers({"simple": Script()})
    bench = RunBench(engine, Ledger())
    project, variant = Project("mine", tmp_path, ()), Variant("simple", "Simple", tmp_path / "Dockerfile")
    gone: list[weakref.ref[RunRecord]] = []
    for _ in range(3):
        aside = bench.start_aside(project, variant)
        bench.runner.stop(aside.run)
        until_over(bench, aside)
        bench.runner.stop(aside.run)
        gone.append(weakref.ref(aside))
        del aside
    shown = bench.start(project, variant)
    gc.collect()
    assert [reference() for reference in gone] == [None] * 3
    bench.runner.stop(shown.run)
    until_over(bench, shown)
    bench.start_aside(project, variant)
    assert bench.record(project, variant) is shown
    bench.runner.stop(shown.run)
    bench.drain()
