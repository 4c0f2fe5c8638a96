"""What it takes to know something of an image, done one thing after the other: build it, look inside, build it again,
start a container, ask the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tui.engine.errors import EngineError
from tui.session.container_trial import ContainerTrial, Questions
from tui.session.exercise_work import begun
from tui.session.measuring import Remedy, Unmeasured
from tui.session.rebuilding import again, edited, has_told, rebuild_of

if TYPE_CHECKING:
    from tui.session.course_images import Target
    from tui.session.learner import Learner

SENTENCE_ENDS = (".", "!", "?", ":")
CANCELLED = "It was cancelled."
MOST_TIMES = 2
"""Two containers may be wanted of one image; what is still missing then never comes."""


class Task(Protocol):
    """One thing that is done."""

    @property
    def trouble(self) -> str:
        """Why it came to nothing, once it is over; empty where it did not."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come. What was found is where it belongs by then. Asking moves nothing."""
        ...

    def go_on(self) -> None:
        """Take the next step, where what it waits for has come."""
        ...

    def cancel(self) -> None:
        """End it soon."""
        ...


class Errand:
    """Goes on whenever the session has news; for the UI's thread alone. Begin it with an engine that is free."""

    def __init__(self, learner: Learner, missing: Callable[[], Unmeasured | None]) -> None:
        """`missing` tells what is to be done next, and None once all is known."""
        self._learner = learner
        self._missing = missing
        self._task: Task | None = None
        self._before: Unmeasured | None = None
        self._times = 0
        self.doing: Unmeasured | None = None
        """What is being done."""
        self.trouble = ""
        """Why it ended early."""
        self.is_over = False
        learner.errand = self
        self._next()

    def go_on(self) -> None:
        """Take the next step, where what it waits for is over."""
        if self.is_over or self._task is None:
            return
        self._task.go_on()
        if not self._task.is_over:
            return
        if self._task.trouble:
            self._end(self._task.trouble)
        else:
            self._next()

    def cancel(self) -> None:
        """End it, and what it began."""
        if not self.is_over and self._task is not None:
            self._task.cancel()

    def _next(self) -> None:
        missing = self._missing()
        if missing is None or not missing.image:
            self._end("")
            return
        self._times = self._times + 1 if missing == self._before else 1
        if self._times > MOST_TIMES:
            self._end(f"It could not be found out ({missing.remedy} {missing.image}).")
        else:
            self._before = self.doing = missing
            try:
                self._task = _task(self._learner, missing)
            except OSError as error:
                self._end(f"It cannot be prepared: {error.strerror or error}.")

    def _end(self, trouble: str) -> None:
        self.trouble, self.doing, self.is_over = trouble, None, True


def start_of(learner: Learner, image: str, questions: Questions) -> Callable[[], Unmeasured | None]:
    """What is missing until one more container of an image was started; the image is built where it is not there."""
    before = {image_id: len(trials) for image_id, trials in learner.found.trials.items()}

    def missing() -> Unmeasured | None:
        built = learner.evidence().image(image)
        if built is None:
            return Unmeasured(image, Remedy.BUILD)
        started = len(learner.found.trials.get(built.image_id, ())) > before.get(built.image_id, 0)
        if started or learner.evidence().is_recorded:
            return None
        return Unmeasured(image, Remedy.START, questions=questions)

    return missing


def _task(learner: Learner, missing: Unmeasured) -> Task:
    """Begin what is missing. Raises OSError."""
    match missing.remedy:
        case Remedy.BUILD:
            assert learner.work is not None
            exercise = learner.course.exercises.get(missing.image)
            if exercise is not None:
                begun(learner.work.opened, exercise)
            return BuildTask(learner, learner.evidence().target(missing.image))
        case Remedy.LOOK:
            return _LookTask(learner, missing)
        case Remedy.REBUILD:
            return RebuildTask(learner, missing)
        case Remedy.START:
            return StartTask(learner, missing)
        case Remedy.WEIGH | Remedy.NOTHING:
            return _WeighTask(learner, missing)


class _ByItself:
    """A task that others do to its end: the builders' thread, the inspector's, its own."""

    def go_on(self) -> None:
        """Nothing waits for the session."""


class BuildTask(_ByItself):
    """Builds a target."""

    def __init__(self, learner: Learner, target: Target, *, no_cache: bool | None = None) -> None:
        assert learner.bench is not None
        self._learner = learner
        self._bench = learner.bench
        self._subject = target.subject
        learner.build_targets([target], no_cache=no_cache)

    @property
    def is_over(self) -> bool:
        """What counts is that the end was told, not that the thread is idle: its last word may be on the way."""
        return self._bench.records[self._subject].end is not None and not self._learner.is_busy

    @property
    def trouble(self) -> str:
        """Why there is no image."""
        record = self._bench.records[self._subject]
        if record.image is not None:
            return ""
        if record.failure is None:
            return CANCELLED
        # An engine's words end without a full stop.
        message = record.failure.reason.rstrip()
        return f"{message}{'' if message.endswith(SENTENCE_ENDS) else '.'} {record.failure.advice}"

    def cancel(self) -> None:
        """Cancel all builds."""
        self._bench.queue.cancel()


class _LookTask(_ByItself):
    def __init__(self, learner: Learner, missing: Unmeasured) -> None:
        target = learner.evidence().target(missing.image)
        self._learner = learner
        learner.look_into(target)
        assert learner.bench is not None
        self._record = learner.bench.insides[target.subject]

    @property
    def is_over(self) -> bool:
        return self._record.is_over

    @property
    def trouble(self) -> str:
        if self._record.failure is not None:
            return f"{self._record.failure.what} {self._record.failure.advice}"
        return CANCELLED if self._record.was_cancelled else ""

    def cancel(self) -> None:
        assert self._learner.bench is not None
        self._learner.bench.inspector.cancel()


class RebuildTask:
    """Builds once more, from the cache as far as it goes."""

    def __init__(self, learner: Learner, missing: Unmeasured) -> None:
        target = learner.evidence().target(missing.image)
        image = learner.evidence().image(missing.image)
        assert image is not None
        assert learner.bench is not None
        once_more = edited(target, missing.file) if missing.file else again(target)
        self._found = learner.found.rebuilds[image.image_id]
        self._file = missing.file
        self._build = BuildTask(learner, once_more, no_cache=False)
        self._record = learner.bench.records[once_more.subject]
        self._until = missing.until
        self._dockerfile = target.variant.dockerfile.read_text("utf-8", "replace")
        self._has_told = False
        self.is_over = False
        """Whether the build is, and what it told is kept."""

    def go_on(self) -> None:
        """End the build once it has told enough; keep what it told once it is over."""
        if not self._has_told and not self._build.is_over and has_told(self._record, self._until, self._dockerfile):
            # Nobody needs the image.
            self._has_told = True
            self._build.cancel()
        if self._build.is_over:
            if not self.trouble:
                self._found[self._file] = rebuild_of(self._record)
            self.is_over = True

    @property
    def trouble(self) -> str:
        """Why the build told too little."""
        return "" if self._has_told else self._build.trouble

    def cancel(self) -> None:
        """Cancel the build."""
        self._build.cancel()


class StartTask:
    """Starts a container, asks it, takes it away."""

    def __init__(self, learner: Learner, missing: Unmeasured) -> None:
        assert learner.run_bench is not None
        target, image = learner.evidence().target(missing.image), learner.evidence().image(missing.image)
        assert image is not None
        self._found = learner.found
        self._image_id = image.image_id
        self._trial = ContainerTrial(learner.run_bench, target.project, target.variant, missing.questions)
        learner.found.runs.add(self._trial.record.run.id)

    @property
    def is_over(self) -> bool:
        """Whether the container is gone, and what became of it is kept."""
        return self._trial.is_over

    def go_on(self) -> None:
        """Ask the container once it can be asked, then take it away; keep what became of it."""
        if self._trial.is_over:
            return
        self._trial.go_on()
        if self._trial.result is not None:
            self._found.trials[self._image_id].append(self._trial.result)

    @property
    def trouble(self) -> str:
        """Why nothing is known of it."""
        return self._trial.trouble

    def cancel(self) -> None:
        """Take the container away; nothing is kept then."""
        self._trial.cancel()


class _WeighTask(_ByItself):
    """Asks the engine, on a thread, what images weigh that have no name."""

    def __init__(self, learner: Learner, missing: Unmeasured) -> None:
        record, image = learner.evidence().record(missing.image), learner.evidence().image(missing.image)
        assert record is not None
        assert image is not None
        self.trouble = ""
        self._learner = learner
        self._image = image
        self._others = set(record.stage_images) - {image.image_id}
        self._lock = threading.Lock()
        self._over = threading.Event()
        threading.Thread(target=self._weigh, name="weigh", daemon=True).start()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def cancel(self) -> None:
        """Have it over now. A question that is out is waited for by nobody, and its answer counts no more."""
        self._end(CANCELLED)

    def _weigh(self) -> None:
        assert self._learner.bench is not None
        engine = self._learner.bench.engine
        try:
            left_bytes = 0
            for other in sorted(self._others):
                if self.is_over:
                    return
                left_bytes += engine.inspect(other).size_bytes
            self._end("", left_bytes)
        except EngineError as error:
            self._end(f"{error.what} {error.advice}")
        finally:
            # An unforeseen error goes on to the thread's hook; whoever waits for the end must not wait for ever.
            self._over.set()

    def _end(self, trouble: str, left_bytes: int | None = None) -> None:
        """End it like this, unless it has ended."""
        with self._lock:
            if self._over.is_set():
                return
            self.trouble = trouble
            if left_bytes is not None:
                self._learner.found.left_bytes[self._image.image_id] = left_bytes
            self._over.set()
