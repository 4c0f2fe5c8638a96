"""The classic builder's text stream, read into build events.

It announces `Step 3/5 : RUN …`, then the step's output, ` ---> <image>` when the step is done and
`{"aux": {"ID": …}}` once a stage. What a command wrote to stderr is wrapped in the escape for bright red.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tui.engine.dockerfile import Dockerfile, Instruction
from tui.engine.events import (
    Activity,
    StageImage,
    StepCached,
    StepDone,
    StepEvent,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepProgress,
    StepStarted,
    Stream,
)
from tui.engine.failure import exit_code_in

STEP = re.compile(r"^step (\d+)(?:/(\d+))? ?: (.*)", re.IGNORECASE | re.DOTALL)
IMAGE = re.compile(r"^ ---> ([0-9a-f]{12,64})\s*$")
HOUSEKEEPING = (
    "Removing intermediate container ",
    " ---> Removed intermediate container ",
    " ---> Running in ",
    "Successfully built ",
    "Successfully tagged ",
)
PULLING = {
    "Pulling fs layer": (Activity.DOWNLOADING, False),
    "Downloading": (Activity.DOWNLOADING, False),
    "Download complete": (Activity.DOWNLOADING, True),
    "Extracting": (Activity.EXTRACTING, False),
    "Pull complete": (Activity.EXTRACTING, True),
}
"""What a layer's line in the pull of a base image says, and whether that part of it is done."""
RED, PLAIN = "\x1b[91m", "\x1b[0m"


class StreamReader:
    """Follows one build's stream. `now` gives the seconds since the build was asked for."""

    def __init__(self, dockerfile: Dockerfile, target: str | None, now: Callable[[], float]) -> None:
        self._now = now
        self._dockerfile = dockerfile
        self._instructions = _instructions_until(dockerfile, target)
        self._current: str | None = None
        self._began = 0.0
        self._cached = False
        self._stage_is_new = False
        self._last_id: str | None = None
        self._stage_image: str | None = None
        self.titles: dict[str, str] = {}
        self.failed_step: str | None = None
        """The step that ended badly, once one did."""

    @property
    def final_image(self) -> str | None:
        """The image of the last stage that ended: the build's own, once its stream has ended well."""
        return self._stage_image

    @property
    def unfinished_image(self) -> str | None:
        """The (short) ID of what the open stage has left behind so far, if this build made it."""
        return self._last_id if self._stage_is_new else None

    def plan(self) -> Iterator[StepPlanned]:
        """All steps, ahead of the stream: this builder carries out every instruction in the order of the file."""
        for number, instruction in enumerate(self._instructions, 1):
            yield self._planned(str(number), instruction)

    def read(self, message: dict[str, Any]) -> Iterator[StepEvent | StageImage]:
        """The events of one message of the stream that is no error."""
        aux = message.get("aux")
        if isinstance(aux, dict) and "ID" in aux:
            yield from self._stage_ended(str(aux["ID"]))
            return
        text = message.get("stream")
        if isinstance(text, str):
            yield from self._text(text)
        elif self._current and "id" in message:
            yield from self._pulling(self._current, message)

    def _pulling(self, step: str, message: dict[str, Any]) -> Iterator[StepProgress]:
        """A line of the pull of a base image. Layers that are here already take no part in it."""
        if (known := PULLING.get(str(message.get("status")))) is None:
            return
        activity, done = known
        detail = message.get("progressDetail") or {}
        # With the containerd store an extraction is measured in seconds.
        is_in_bytes = detail.get("units") in (None, "", "bytes")
        current, total = (int(detail.get(key) or 0) if is_in_bytes else 0 for key in ("current", "total"))
        yield StepProgress(self._now(), step, str(message["id"]), current, total, done, activity)

    def fail(self, message: str) -> Iterator[StepEvent]:
        """The step under way did not end well."""
        if self._current is not None:
            self.failed_step = self._current
            yield StepFailed(self._now(), self._current, self._now() - self._began, message, exit_code_in(message))
            self._current = None

    def _text(self, text: str) -> Iterator[StepEvent | StageImage]:
        if match := STEP.match(text):
            yield from self._step_ended()
            yield from self._step_begins(match[1], match[3].rstrip("\n"))
        elif text.startswith(" ---> Using cache"):
            self._cached = True
        elif match := IMAGE.match(text):
            self._image_made(match[1])
        elif self._current is None or text.startswith(HOUSEKEEPING) or text == "\n":
            return
        else:
            stream = Stream.STDERR if text.startswith(RED) else Stream.STDOUT
            clean = text.removeprefix(RED).removesuffix(PLAIN) if stream is Stream.STDERR else text
            if clean:
                yield StepOutput(self._now(), self._current, stream, clean)

    def _image_made(self, short_id: str) -> None:
        instruction = self._instruction(self._current)
        is_base = instruction is not None and instruction.keyword == "FROM"
        if not (self._cached or is_base):
            self._stage_is_new = True
        self._last_id = short_id

    def _step_begins(self, number: str, title: str) -> Iterator[StepEvent]:
        instruction = self._instruction(number)
        if number not in self.titles:
            # More steps than the file has instructions: ONBUILD triggers of a base image.
            self.titles[number] = title
            yield StepPlanned(self._now(), number, title)
        if title.upper().startswith("FROM ") and instruction is not None:
            self._stage_is_new, self._last_id = False, None
        self._current, self._began, self._cached = number, self._now(), False
        yield StepStarted(self._now(), number)

    def _step_ended(self) -> Iterator[StepEvent]:
        if self._current is None:
            return
        if self._cached:
            yield StepCached(self._now(), self._current)
        else:
            yield StepDone(self._now(), self._current, self._now() - self._began)
        self._current = None

    def _stage_ended(self, image_id: str) -> Iterator[StepEvent | StageImage]:
        """`aux` names the stage's image. It comes before the next stage's first step."""
        instruction = self._instruction(self._current)
        yield from self._step_ended()
        self._stage_image = image_id
        if self._stage_is_new:
            yield StageImage(self._now(), image_id, self._stage_title(instruction))
        self._stage_is_new = False

    def _instruction(self, number: str | None) -> Instruction | None:
        index = int(number) - 1 if number else -1
        return self._instructions[index] if 0 <= index < len(self._instructions) else None

    def _stage_title(self, instruction: Instruction | None) -> str:
        if instruction is None or instruction.stage is None:
            return ""
        return self._dockerfile.stages[instruction.stage].title

    def _planned(self, number: str, instruction: Instruction) -> StepPlanned:
        self.titles[number] = instruction.text
        return StepPlanned(self._now(), number, instruction.text, self._stage_title(instruction), instruction.line)


def _instructions_until(dockerfile: Dockerfile, target: str | None) -> tuple[Instruction, ...]:
    """What will be carried out: every stage down to the target. An ARG before the first FROM counts as a step."""
    last = dockerfile.stage_named(target) if target else None
    if last is None:
        return dockerfile.instructions
    return tuple(i for i in dockerfile.instructions if i.stage is None or i.stage <= last.index)
