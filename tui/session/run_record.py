"""One run as it stands: its address, its log, its figures and its end, brought up to date by each event."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tui.engine.events import Stream
from tui.session.log_buffer import LogBuffer
from tui.session.output_buffer import OutputBuffer
from tui.session.run_events import (
    Died,
    LogKept,
    LogRestarted,
    LogText,
    Measured,
    NotReady,
    Probed,
    Ready,
    Refused,
    Removed,
    RunEnd,
    RunEvent,
    RunFailed,
    Started,
    Stopped,
    Stopping,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tui.engine.containers import Container, Usage
    from tui.engine.containers import Process as ContainerProcess
    from tui.session.live_run import Run
    from tui.session.probe import ProbeResult


class RunState(StrEnum):
    """Where a run stands."""

    STARTING = "starting"
    WAITING = "waiting"
    """It runs and has not answered yet."""
    READY = "ready"
    SILENT = "silent"
    """It runs, and nothing answered for as long as one waits."""
    STOPPING = "stopping"
    """It was asked to end, and has not yet."""
    STOPPED = "stopped"
    DIED = "died"
    FAILED = "failed"


class Deed(StrEnum):
    """What was done with a run."""

    STARTED = "started"
    ASKED = "asked"
    """It was measured and probed once more; the first time belongs to its start."""
    READ = "read"
    """Its log was told anew, with or without times."""
    STOPPED = "stopped"


class RunRecord:
    """Follows one run. Feed it every event, in order; it keeps what is worth showing."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.state = RunState.STARTING
        self.last_deed = Deed.STARTED
        self.container: Container | None = None
        self.log = OutputBuffer()
        """Both outputs, as they came."""
        self.outputs = {stream: LogBuffer() for stream in Stream}
        """Each output apart."""
        self.log_file: Path | None = None
        """Where the whole log is written, however long it is; None where that cannot be."""
        self.timestamps = False
        """Whether each line of the log begins with its time."""
        self.ready_seconds: float | None = None
        self.ready_path: str | None = None
        self.silent_reason = ""
        self.silent_advice = ""
        self.patience_seconds = 0.0
        """So long after it was asked to end it is killed."""
        self.usage: Usage | None = None
        self.processes: tuple[ContainerProcess, ...] = ()
        self.probe: ProbeResult | None = None
        self.refused: Refused | None = None
        """The newest thing that came to nothing."""
        self.end: RunEnd | None = None
        self.is_removed = False

    @property
    def is_running(self) -> bool:
        """Whether its program is there."""
        return self.state in (RunState.WAITING, RunState.READY, RunState.SILENT)

    @property
    def url(self) -> str | None:
        """Where its home page is."""
        if self.container is None or self.container.address is None:
            return None
        return self.container.address.url

    @property
    def user(self) -> str | None:
        """Who its program runs as; None before it has started."""
        return None if self.container is None else self.container.user or "root"

    @property
    def stop_seconds(self) -> float | None:
        """How long its stop took."""
        return self.end.seconds if isinstance(self.end, Stopped) else None

    def apply(self, event: RunEvent) -> None:
        """Take in the next event."""
        match event:
            case Started():
                self.container = event.container
                self.state = RunState.WAITING
            case Ready():
                self.ready_seconds, self.ready_path, self.refused = event.seconds, event.path, None
                self._answers(RunState.READY)
            case NotReady():
                self._answers(RunState.SILENT, event.reason, event.advice)
            case Stopping():
                self.last_deed = Deed.STOPPED
                self.patience_seconds = event.patience_seconds
                self.state = RunState.STOPPING
            case LogText():
                pieces, overwrites = event.text.split("\n"), "\r" in event.text
                self.log.feed_output(event.stream, pieces, overwrites=overwrites)
                self.outputs[event.stream].feed_split(pieces, overwrites=overwrites)
            case LogKept():
                self.log_file = event.path
            case LogRestarted():
                self.log = OutputBuffer()
                self.outputs = {stream: LogBuffer() for stream in Stream}
                self.timestamps = event.timestamps
                self.last_deed = Deed.READ
            case Measured():
                self.usage, self.processes = event.usage, event.processes
            # That it hangs up on who asks while it is told to stop says nothing of how it behaves.
            case Probed() if not self._is_on_its_way_out:
                if self.probe is not None:
                    self.last_deed = Deed.ASKED
                self.probe = event.result
            case Refused():
                self.refused = event
            case Stopped():
                self._over(event, RunState.STOPPED)
                self.is_removed = True
            case Died():
                self._over(event, RunState.DIED)
            case RunFailed():
                self._over(event, RunState.FAILED)
            case Removed():
                self.is_removed = True

    @property
    def _is_on_its_way_out(self) -> bool:
        """Whether it was told to stop, and has or soon will."""
        return self.state in (RunState.STOPPING, RunState.STOPPED)

    def _answers(self, state: RunState, silent_reason: str = "", silent_advice: str = "") -> None:
        """Whether it answers is known; of one that is about to end, nobody needs to know."""
        if self.end is None and not self._is_on_its_way_out:
            self.state, self.silent_reason, self.silent_advice = state, silent_reason, silent_advice

    def _over(self, end: RunEnd, state: RunState) -> None:
        self.end = end
        self.state = state
