"""One container of an image, started to be asked something, and taken away again."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.course.facts import Ending, HttpAnswer, NoAnswer
from tui.engine.death import Cause
from tui.session.probe import get
from tui.session.run_events import Died, Refused, RunFailed, Stopped
from tui.session.run_record import RunRecord, RunState
from tui.session.websocket_probe import said_back

if TYPE_CHECKING:
    from tui.engine.containers import Address
    from tui.session.run_bench import RunBench
    from tui.session.variants import Project, Variant

PATIENCE_SECONDS = 20.0
"""So long a program may take until it answers, or until it ends by itself."""
STOP_PATIENCE_SECONDS = 2.0
"""Nobody learns anything from a program that ignores SIGTERM, unless that is the question."""
STOP_MEASURED_SECONDS = 10.0
"""As docker's own."""
WHOLE_SECONDS = 90.0
"""So long a trial takes at most, whatever the engine and the program do."""
NEVER_BEGAN = (Cause.WRONG_FORMAT, Cause.NO_LOADER, Cause.NO_SHELL, Cause.NO_COMMAND, Cause.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Questions:
    """What a container is asked."""

    http_paths: frozenset[str] = frozenset()
    echoes: frozenset[tuple[str, str]] = frozenset()
    """Path of a WebSocket, and what is said over it."""
    times_stop: bool = False
    """Whether it is given all the time that it wants to stop."""

    def __or__(self, other: Questions) -> Questions:
        paths, echoes = self.http_paths | other.http_paths, self.echoes | other.echoes
        return Questions(paths, echoes, self.times_stop or other.times_stop)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one container."""

    container_id: str
    """64 hex digits; empty where the engine could not start it."""
    image_id: str
    """The image that it names; empty where there was no container."""
    log: str
    ending: Ending | None
    """None where it ran until it was stopped."""
    began: bool = True
    """Whether its program ever ran."""
    exit_code: int | None = None
    """Of a stopped one too."""
    stop_seconds: float | None = None
    """How long its stop took; 0 where it had ended, None where it was not given the time."""
    http: Mapping[str, HttpAnswer | NoAnswer] = field(default_factory=dict)
    echoes: Mapping[tuple[str, str], str | NoAnswer] = field(default_factory=dict)

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The end of its log."""
        return tuple(self.log.rstrip("\n").split("\n")[-SHOWN_LINES:]) if self.log.strip() else ()


SHOWN_LINES = 8


class _Stage(StrEnum):
    WAITING = "waiting"
    ASKING = "asking"
    STOPPING = "stopping"
    OVER = "over"


class ContainerTrial:
    """Goes on when it is told to, as often as one likes; for the UI's thread alone."""

    def __init__(
        self,
        runs: RunBench,
        project: Project,
        variant: Variant,
        questions: Questions,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._runs = runs
        self._questions = questions
        self._patience = patience_seconds
        self._began = time.monotonic()
        self._stage = _Stage.WAITING
        self._asked = threading.Event()
        self._http: dict[str, HttpAnswer | NoAnswer] = {}
        self._echoes: dict[tuple[str, str], str | NoAnswer] = {}
        self.result: Trial | None = None
        """What became of it, once it is over and was not in vain."""
        self.trouble = ""
        """Why there is no result."""
        self.record: RunRecord = runs.start_aside(project, variant)
        self._refused_before: Refused | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._stage is _Stage.OVER

    def cancel(self) -> None:
        """Stop and remove the container; there is no result then."""
        if self.is_over:
            return
        self.trouble = self.trouble or "It was cancelled."
        if self._stage is not _Stage.STOPPING:
            self._stop(STOP_PATIENCE_SECONDS)

    def go_on(self) -> None:
        """Take the next step, where what it waits for has come."""
        if self._stage is _Stage.WAITING and self._is_settled:
            self._ask()
        if self._stage is _Stage.ASKING and self._asked.is_set():
            self._stop(STOP_MEASURED_SECONDS if self._questions.times_stop else STOP_PATIENCE_SECONDS)
        if self._stage is _Stage.STOPPING and self._is_done:
            self._finish()
        if not self.is_over and self._seconds > WHOLE_SECONDS:
            self.trouble = self.trouble or "The engine did not start, stop or remove the container in time."
            self._runs.runner.stop(self.record.run, 0.0)
            self._stage = _Stage.OVER

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def _is_settled(self) -> bool:
        """Whether it answers, has ended, or was waited for long enough."""
        record = self.record
        if record.end is not None or record.state in (RunState.READY, RunState.SILENT):
            return True
        container = record.container
        # One that had ended before it was looked at has no address either: its end is about to be told.
        is_out_of_reach = container is not None and container.is_running and container.address is None and self._asks
        return record.is_running and (is_out_of_reach or self._seconds > self._patience)

    @property
    def _asks(self) -> bool:
        return bool(self._questions.http_paths or self._questions.echoes)

    @property
    def _is_done(self) -> bool:
        """Whether its end was told, and it is gone, or cannot be taken away."""
        record = self.record
        if record.refused is not self._refused_before:
            return True
        gone = record.run not in self._runs.runner.leftovers
        return record.end is not None and (gone or isinstance(record.end, RunFailed))

    def _ask(self) -> None:
        self._stage = _Stage.ASKING
        if isinstance(self.record.end, Stopped):
            self.trouble = "It was stopped before it could be asked."
        container = self.record.container
        address = container.address if container is not None and self.record.end is None else None
        if address is None or not self._asks:
            self._asked.set()
            return
        threading.Thread(target=self._ask_all, args=(address,), name="questions", daemon=True).start()

    def _ask_all(self, address: Address) -> None:
        try:
            for path in sorted(self._questions.http_paths):
                answer = get(address, path)
                known = answer.status is not None
                self._http[path] = HttpAnswer(answer.status or 0, answer.body) if known else NoAnswer(answer.error)
            for path, text in sorted(self._questions.echoes):
                self._echoes[path, text] = _echo(address, path, text)
        finally:
            self._asked.set()

    def _stop(self, patience_seconds: float) -> None:
        self._stage = _Stage.STOPPING
        self._refused_before = self.record.refused
        self._runs.runner.stop(self.record.run, patience_seconds)

    def _finish(self) -> None:
        self._stage = _Stage.OVER
        end, refused = self.record.end, self.record.refused
        if isinstance(end, RunFailed):
            self.trouble = self.trouble or f"{end.what} {end.advice}"
        elif refused is not None and refused is not self._refused_before:
            self.trouble = self.trouble or f"{refused.what} {refused.advice}"
        if self.trouble:
            return
        found = trial_of(self.record)
        why = NoAnswer("it had ended" if found.ending else f"nothing came back for {self._patience:.0f} s")
        self.result = replace(
            found,
            http={path: self._http.get(path, why) for path in self._questions.http_paths},
            echoes={echo: self._echoes.get(echo, why) for echo in self._questions.echoes},
            stop_seconds=found.stop_seconds if self._questions.times_stop or found.ending else None,
        )


def trial_of(record: RunRecord) -> Trial:
    """What is known of a run, whoever asked for it."""
    container, end = record.container, record.end
    ending: Ending | None = None
    began, exit_code, stop_seconds = True, None, None
    if isinstance(end, Died):
        death = end.death
        began = death.cause not in NEVER_BEGAN
        exit_code, stop_seconds = death.exit_code, 0.0
        ending = Ending(death.exit_code, f"{death.reason} {death.advice}")
    elif isinstance(end, Stopped):
        exit_code, stop_seconds = end.exit_code, end.seconds
    log = record.log
    lines = [log.line(number) for number in range(log.first, log.end)]
    if not any(lines) and isinstance(end, Died):
        lines = list(end.death.last_lines)
    probed = record.probe.http if record.probe is not None else ()
    return Trial(
        container.container_id if container is not None else "",
        container.image_id if container is not None else "",
        "\n".join(lines),
        ending,
        began,
        exit_code,
        stop_seconds,
        {one.path: HttpAnswer(one.status, one.body) for one in probed if one.status is not None},
    )


def _echo(address: Address, path: str, text: str) -> str | NoAnswer:
    from websockets.exceptions import WebSocketException

    try:
        said = said_back(f"ws://{address.host}:{address.port}{path}", text)
    except TimeoutError:
        return NoAnswer("nothing came back in time")
    except (OSError, WebSocketException) as error:
        return NoAnswer(str(error) or type(error).__name__)
    return said if isinstance(said, str) else said.decode("utf-8", "replace")
