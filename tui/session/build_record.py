"""One build as it stands: its steps, its log and its end, brought up to date by each event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tui.engine.events import (
    BuildCancelled,
    BuildEnd,
    BuildEvent,
    BuildFailed,
    BuildStarted,
    BuildSucceeded,
    ContextPacked,
    ContextSent,
    StageImage,
    StepCached,
    StepDone,
    StepFailed,
    StepOutput,
    StepPaused,
    StepPlanned,
    StepProgress,
    StepStarted,
)
from tui.engine.model import Image
from tui.engine.request import Builder
from tui.session.log_buffer import LogBuffer
from tui.session.step_load import Load, LoadMeter


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    CACHED = "cached"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self not in (StepState.WAITING, StepState.RUNNING)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a build."""

    id: str
    title: str
    stage: str
    line: int | None
    internal: bool
    state: StepState = StepState.WAITING
    began_at: float | None = None
    """Seconds since the build began; later by the time in which it paused, if it did."""
    seconds: float | None = None
    """How long it took, or ran before it paused; None while it runs."""
    exit_code: int | None = None
    message: str = ""
    """Why it failed."""
    load: Load | None = None
    """What it fetches or sends, where it does."""


class BuildRecord:
    """Follows one build. Feed it every event, in order; it keeps what is worth showing."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._meters: dict[str, LoadMeter] = {}
        self.log = LogBuffer()
        """The output of all steps."""
        self.step_logs: dict[str, LogBuffer] = {}
        self.at = 0.0
        """The time of the newest event, in seconds since the build began."""
        self.builder: Builder | None = None
        self.sent_bytes = 0
        self.context_bytes = 0
        self.end: BuildEnd | None = None
        self.stage_images: tuple[str, ...] = ()
        """IDs of the images that the build left, one a stage, where the builder leaves any; the last one among them."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """In the order of the Dockerfile; the builder's own housekeeping before and behind as it came."""
        planned = list(self._steps.values())
        lines = [step for step in planned if step.line is not None]
        if not lines:
            return tuple(planned)
        first = min(planned.index(step) for step in lines)
        before = [s for s in planned[:first] if s.line is None]
        after = [s for s in planned[first:] if s.line is None]
        return (*before, *sorted(lines, key=lambda step: step.line or 0), *after)

    @property
    def instructions(self) -> tuple[Step, ...]:
        """The steps without the builder's housekeeping."""
        return tuple(step for step in self.steps if not step.internal)

    def step(self, id: str) -> Step | None:
        """The step of this identifier, if it was planned."""
        return self._steps.get(id)

    @property
    def image(self) -> Image | None:
        """What was built, once it is."""
        return self.end.image if isinstance(self.end, BuildSucceeded) else None

    @property
    def failure(self) -> BuildFailed | None:
        """Why there is no image, once that is certain."""
        return self.end if isinstance(self.end, BuildFailed) else None

    @property
    def was_cancelled(self) -> bool:
        """Whether the learner ended it."""
        return isinstance(self.end, BuildCancelled)

    @property
    def seconds(self) -> float | None:
        """How long it took, once it is over."""
        return self.end.at if self.end is not None else None

    @property
    def cached_steps(self) -> int:
        """Instructions whose result came from the build cache."""
        return sum(step.state is StepState.CACHED for step in self.instructions)

    @property
    def progress(self) -> tuple[int, int]:
        """Instructions done, of those known so far."""
        steps = self.instructions
        return sum(step.state in (StepState.CACHED, StepState.DONE) for step in steps), len(steps)

    def apply(self, event: BuildEvent) -> None:
        """Take one event."""
        self.at = max(self.at, event.at)
        match event:
            case StepOutput():
                self._output(event)
            case StepPlanned(step=id):
                self._steps[id] = Step(id, event.title, event.stage, event.line, event.internal)
            case StepStarted():
                self._started(event)
            case StepPaused():
                self._paused(event)
            case StepProgress():
                self._loading(event)
            case StepCached():
                self._change(event.step, state=StepState.CACHED, seconds=0.0)
            case StepDone():
                self._change(event.step, state=StepState.DONE, seconds=event.seconds)
            case StepFailed(seconds=seconds, message=message, exit_code=code):
                self._change(event.step, state=StepState.FAILED, seconds=seconds, message=message, exit_code=code)
            case BuildStarted():
                self.builder = event.builder
            case StageImage():
                self.stage_images += (event.image_id,)
            case ContextPacked():
                self.context_bytes = event.total_bytes
            case ContextSent():
                self.sent_bytes = event.sent_bytes
            case BuildSucceeded() | BuildFailed() | BuildCancelled():
                self._ended(event)

    def _change(self, id: str, **changes: object) -> None:
        if id in self._steps:
            self._steps[id] = replace(self._steps[id], **changes)  # type: ignore[arg-type]

    def _started(self, event: StepStarted) -> None:
        """It may have run before: that counts, the time between does not."""
        step = self._steps.get(event.step)
        before = (step.seconds or 0.0) if step is not None else 0.0
        self._change(event.step, state=StepState.RUNNING, began_at=event.at - before, seconds=None)

    def _paused(self, event: StepPaused) -> None:
        step = self._steps.get(event.step)
        if step is not None and step.began_at is not None:
            self._change(step.id, state=StepState.WAITING, seconds=event.at - step.began_at)

    def _output(self, event: StepOutput) -> None:
        pieces, overwrites = event.text.split("\n"), "\r" in event.text
        self.log.feed_split(pieces, overwrites=overwrites)
        if event.step not in self.step_logs:
            self.step_logs[event.step] = LogBuffer()
        self.step_logs[event.step].feed_split(pieces, overwrites=overwrites)

    def _loading(self, event: StepProgress) -> None:
        meter = self._meters.setdefault(event.step, LoadMeter())
        self._change(event.step, load=meter.feed(event))

    def _ended(self, end: BuildEnd) -> None:
        self.end = end
        if isinstance(end, BuildSucceeded):
            return
        for step in list(self._steps.values()):
            if step.state is StepState.RUNNING:
                self._change(step.id, state=StepState.CANCELLED, seconds=max(0.0, end.at - (step.began_at or 0.0)))
