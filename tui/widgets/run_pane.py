"""One variant's container: where it answers, what it answered, what it uses, and its log."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.engine.events import Stream
from tui.printable import printable
from tui.session import format
from tui.session.log_buffer import LogBuffer
from tui.session.probe import ProbeResult
from tui.session.run_events import Died, RunFailed
from tui.session.run_record import RunRecord, RunState
from tui.widgets.clickable import clickable
from tui.widgets.log_view import STDERR_SIGN, LogView

DIM = "$foreground 60%"
SIGNS = {
    RunState.STARTING: ("▶ starting", "$accent"),
    RunState.WAITING: ("▶ no answer yet", "$accent"),
    RunState.READY: ("● running", "bold $success"),
    RunState.SILENT: ("● running, and silent", "$warning"),
    RunState.STOPPING: ("■ asked to stop", "$accent"),
    RunState.STOPPED: ("■ stopped", DIM),
    RunState.DIED: ("✗ ended by itself", "bold $error"),
    RunState.FAILED: ("✗ never ran", "bold $error"),
}
FRONT_SIGN = "▸"
"""Stands before the name of the variant that keys mean."""
NAME_CELLS = 12
"""With the sign before it that leaves room for an address where two panes share 76 columns."""
OUTPUTS = (None, Stream.STDOUT, Stream.STDERR)
"""What of a log is shown, in turn; None is both together."""


class RunPane(Vertical):
    """Shows one `RunRecord`; `refresh_record` after each news of it."""

    DEFAULT_CSS = """
    RunPane { width: 1fr; height: 1fr; padding: 0 0 0 1; border-right: solid $foreground 10%; }
    RunPane > Static { height: auto; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    RunPane > .why { text-wrap: wrap; display: none; padding: 0 1; background: $error 12%; }
    RunPane > .why.shown { display: block; }
    RunPane > .rule { height: 1; color: $foreground 60%; text-wrap: nowrap; text-overflow: ellipsis; }
    RunPane > LogView { height: 1fr; min-height: 3; }
    """

    def __init__(self, variant: str, title: str) -> None:
        super().__init__()
        self.variant = variant
        """Name of the variant that is shown."""
        self._title = title
        self._is_front = False
        self._record: RunRecord | None = None
        self._shown = Content()
        self._facts = Static()
        self._why = Static(classes="why")
        self._why_shown = Content()
        self._output: Stream | None = None
        self._rule = Static(classes="rule")
        self._rule_shown = Content()
        self.log_view = LogView()

    def compose(self) -> ComposeResult:
        """Facts, name of the log, log."""
        yield self._facts
        yield self._why
        yield self._rule
        yield self.log_view

    def on_mount(self) -> None:
        """Nothing runs yet."""
        self.refresh_record()

    def show(self, variant: str, title: str, record: RunRecord | None) -> None:
        """Show this run from now on."""
        self.variant, self._title = variant, title
        if record is not self._record or record is None:
            self._record = record
            self.log_view.show(LogBuffer())
        self.refresh_record()

    @property
    def record(self) -> RunRecord | None:
        """The run that is shown."""
        return self._record

    def be_front(self, is_front: bool) -> None:
        """Show whether keys mean this one."""
        if is_front is not self._is_front:
            self._is_front = is_front
            self.refresh_record()

    def turn_outputs(self) -> None:
        """Show the next one of: both outputs together, stdout alone, stderr alone."""
        self._output = OUTPUTS[(OUTPUTS.index(self._output) + 1) % len(OUTPUTS)]
        self.refresh_record()

    def refresh_record(self) -> None:
        """The record has changed."""
        record = self._record
        facts = _facts(f"{FRONT_SIGN if self._is_front else ' '} {self._title}", record)
        if not facts.is_same(self._shown):
            self._shown = facts
            self._facts.update(facts)
        why = _why(record)
        if not why.is_same(self._why_shown):
            self._why_shown = why
            self._why.set_class(bool(why), "shown")
            self._why.update(why)
        if record is not None:
            # Another output, or the same told anew, with or without the times of its lines.
            log = record.log if self._output is None else record.outputs[self._output]
            if self.log_view.buffer is not log:
                self.log_view.show(log)
        rule = _rule(record, self._output)
        if not rule.is_same(self._rule_shown):
            self._rule_shown = rule
            self._rule.update(rule)
        self.log_view.lines_changed()


def _facts(title: str, record: RunRecord | None) -> Content:
    head = Content.styled(title, "bold")
    if record is None:
        return Content.assemble(head, "\n", ("  not started yet", DIM))
    words, style = SIGNS[record.state]
    lines = [Content.assemble(head, "   ", (words, style))]
    if record.url is not None and record.is_running:
        lines.append(_line("address", record.url))
    if record.ready_seconds is not None:
        lines.append(_line("ready after", f"{record.ready_seconds:.2f} s"))
    if record.user is not None:
        lines.append(_line("runs as", record.user))
    if record.usage is not None:
        count = len(record.processes)
        words = f"{format.size(record.usage.memory_bytes)} in {count} process{'' if count == 1 else 'es'}"
        lines.append(_line("memory", words))
    if record.probe is not None:
        lines += _answers(record.probe)
    if record.state is RunState.STOPPING:
        lines.append(_line("SIGKILL", f"after {record.patience_seconds:.0f} s"))
    if record.stop_seconds is not None:
        lines.append(_line("stopped in", f"{record.stop_seconds:.1f} s"))
    return Content("\n").join(lines)


def _rule(record: RunRecord | None, output: Stream | None) -> Content:
    """The name of the log, with how much there is of each output, which is shown, and how stderr is known in it."""
    parts: list[str | Content | tuple[str, str]] = ["── log "]
    if record is not None:
        for stream, log in record.outputs.items():
            sign, style = ("▪", "bold $foreground") if output in (None, stream) else ("▫", "")
            if stream is Stream.STDERR and output is None:
                sign, style = STDERR_SIGN, "bold $warning"
            parts.append((f"{sign} {stream} {log.end:,} ", style))
        parts += [" ", clickable("V", "run-outputs", "bold $accent"), clickable(" next output", "run-outputs"), " "]
    return Content.assemble(*parts, "─" * 200)


def _why(record: RunRecord | None) -> Content:
    """Why it ended, or what came to nothing: what happened, and what to do next."""
    end = record.end if record is not None else None
    if isinstance(end, Died):
        code = "" if end.death.exit_code is None else f"exit code {end.death.exit_code}"
        code = "" if code in end.death.reason else f" ({code})"
        return Content.assemble((end.death.reason, "$error"), code, "\n", (end.death.advice, "bold"))
    if isinstance(end, RunFailed):
        return Content.assemble((end.what, "$error"), "\n", (end.advice, "bold"))
    if record is not None and record.refused is not None:
        return Content.assemble((record.refused.what, "$warning"), f" {record.refused.advice}")
    if record is not None and record.state is RunState.SILENT:
        listen = f"It must listen on port {record.run.request.port} of all addresses, and answer GET / or /healthz."
        reason = record.silent_reason if record.silent_advice else f"Not ready: {record.silent_reason}."
        return Content.assemble((reason, "$warning"), "\n", (record.silent_advice or listen, "bold"))
    return Content()


def _answers(probe: ProbeResult) -> list[Content]:
    """What came of the round of questions."""
    lines = []
    for answer in probe.http:
        words = f"{answer.status} {_short(answer.body)}" if answer.status is not None else answer.error
        lines.append(_line(answer.path, words, is_well=answer.ok))
    socket = probe.websocket
    if socket is not None:
        latency = f", {socket.latency_seconds * 1000:.1f} ms" if socket.latency_seconds is not None else ""
        words = f"{socket.text_echoes}/{socket.text_frames} echoes{latency}" if socket.opened else socket.error
        lines.append(_line("/ws", words, is_well=socket.ok))
    return lines


def _line(name: str, words: str, *, is_well: bool | None = None) -> Content:
    sign = ("  ", "") if is_well is None else ("✓ ", "$success") if is_well else ("✗ ", "$error")
    return Content.assemble(sign, (name.ljust(NAME_CELLS), DIM), words)


def _short(body: str) -> str:
    plain = printable(" ".join(body.split()))
    return f"“{plain[:24]}{'…' if len(plain) > 24 else ''}”"
