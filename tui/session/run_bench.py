"""Where variants are run: the runner, what is known of each run, and the variants beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.engine.container_command import docker_run_command
from tui.session.identity import own_identity
from tui.session.run_command import run_command
from tui.session.run_comparison import RunComparison
from tui.session.run_record import RunRecord
from tui.session.run_request import run_request
from tui.session.runner import Runner

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.session.ledger import Ledger
    from tui.session.live_run import Run
    from tui.session.outbox import Told
    from tui.session.run_events import RunEvent
    from tui.session.variants import Project, Variant


class RunBench:
    """Runs variants on one engine and keeps their records, by subject. For one thread, but for the runner's own."""

    def __init__(self, engine: Engine, ledger: Ledger, on_news: Callable[[], object] | None = None) -> None:
        """`on_news` as for `Runner`."""
        self.runner = Runner(engine, ledger, on_news)
        self._identity = own_identity()
        self._by_id: dict[int, RunRecord] = {}
        self.records: dict[str, RunRecord] = {}
        """The newest run of each subject, running or over."""

    def start(self, project: Project, variant: Variant, *, host_port: int | None = None) -> RunRecord:
        """Begin to run a variant's image, which must be there; of the run before, what is left is removed."""
        subject = project.subject(variant)
        before = self.records.get(subject)
        if before is not None and not before.is_removed:
            self.runner.stop(before.run)
        record = self.records[subject] = self.start_aside(project, variant, host_port=host_port)
        return record

    def start_aside(self, project: Project, variant: Variant, *, host_port: int | None = None) -> RunRecord:
        """Begin to run it beside whatever runs of it, which stays the newest run of its subject."""
        self._forget()
        request = run_request(project, variant, self._identity, host_port=host_port)
        run = self.runner.start(variant.name, request, of_the_course=project.edition is not None)
        record = self._by_id[run.id] = RunRecord(run)
        return record

    def record(self, project: Project, variant: Variant) -> RunRecord | None:
        """The newest run of a variant, if there was one in this session."""
        return self.records.get(project.subject(variant))

    def command(self, project: Project, variant: Variant) -> str:
        """The docker command of what was done last with a variant's newest run, or of starting it."""
        record = self.record(project, variant)
        if record is not None:
            return run_command(record)
        request = run_request(project, variant, self._identity)
        # A name that stays the same for as long as one looks.
        return docker_run_command(replace(request, name=f"{self._identity.prefix}-{variant.name}"))

    def drain(self) -> list[tuple[Run, RunEvent]]:
        """Take in all that has happened since the last call, and tell it."""
        return self._take(self.runner.outbox.take())

    def wait(self, seconds: float) -> list[tuple[Run, RunEvent]]:
        """Like `drain`, but waits up to so many seconds for something to happen."""
        return self._take(self.runner.outbox.wait(seconds))

    def comparison(self, project: Project, variants: Sequence[Variant]) -> RunComparison:
        """Those of these variants that were run, beside each other."""
        found = (self.record(project, variant) for variant in variants)
        return RunComparison(tuple(record for record in found if record is not None))

    def _take(self, news: Sequence[Told[RunEvent]]) -> list[tuple[Run, RunEvent]]:
        told: list[tuple[Run, RunEvent]] = []
        for item in news:
            record = self._by_id.get(item.sender)
            if record is None:
                continue
            record.apply(item.event)
            told.append((record.run, item.event))
        return told

    def _forget(self) -> None:
        """Let go of the runs that are gone and that nothing shows any more: each keeps its whole log."""
        kept = [one.run for one in self.records.values()] + list(self.runner.leftovers)
        for record in list(self._by_id.values()):
            if record.end is not None and record.run not in kept:
                del self._by_id[record.run.id]
                self.runner.forget(record.run)
