"""What was made on which engine, written down before it is made, so that all of it can be removed again.

One JSON object a line, only ever appended: two windows at once lose nothing, and a crash in the middle of a line
costs that line only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.engine.events import BuildEvent, BuildSucceeded, StageImage
from tui.engine.model import BuildRequest, EngineInfo
from tui.session.paths import state_folder

VERSION = 1
IMAGE = "image"
CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Made:
    """One thing of ours on an engine: what is wanted (by its tag or name), or what exists (by its ID)."""

    endpoint: str
    """The engine's URL."""
    reference: str
    """An image's tag or `sha256:…`; a container's name or its 64 hex digits."""
    subject: str
    """What it belongs to: `current/simple`."""
    stage: str = ""
    """The stage whose image it is, where it is not the last."""
    kind: str = IMAGE
    """`IMAGE` or `CONTAINER`."""


class Ledger:
    """The file of all that is ours."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or state_folder() / "ledger.jsonl"

    def add(self, made: Made) -> None:
        """Write down that this is about to be made, or was. It is on the disk when this returns. Raises OSError."""
        self._append("made", asdict(made))

    def begin(self, engine: EngineInfo, request: BuildRequest) -> None:
        """Write down that an image of this tag is about to be made. Raises OSError."""
        if engine.recorded_on is None:
            self.add(Made(engine.endpoint, request.tag, request.subject))

    def note(self, engine: EngineInfo, request: BuildRequest, event: BuildEvent) -> None:
        """Write down the image that an event tells of, if it does. Raises OSError."""
        if engine.recorded_on is not None:
            return
        if isinstance(event, StageImage):
            self.add(Made(engine.endpoint, event.image_id, request.subject, event.stage))
        elif isinstance(event, BuildSucceeded):
            self.add(Made(engine.endpoint, event.image.image_id, request.subject))

    def forget(self, endpoint: str, references: Iterable[str]) -> None:
        """Write down that these are gone. Raises OSError."""
        for reference in references:
            self._append("gone", {"endpoint": endpoint, "reference": reference})

    def on(self, endpoint: str, kind: str = IMAGE) -> tuple[Made, ...]:
        """All images, or containers, that are ours on an engine, oldest first, each once."""
        kept: dict[tuple[str, str], Made] = {}
        for line in self._lines():
            key = (str(line.get("endpoint")), str(line.get("reference")))
            if line.get("what") == "made":
                subject, stage = str(line.get("subject", "")), str(line.get("stage", ""))
                made = Made(*key, subject, stage, str(line.get("kind", IMAGE)))
                kept.setdefault(key, made)
            elif line.get("what") == "gone":
                kept.pop(key, None)
        return tuple(made for made in kept.values() if (made.endpoint, made.kind) == (endpoint, kind))

    def _lines(self) -> Iterable[dict[str, Any]]:
        try:
            text = self._path.read_text("utf-8", "replace")
        except FileNotFoundError:
            return
        for line in text.splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                # The line that a crash cut short: what it told of was not yet made.
                continue
            if isinstance(entry, dict) and entry.get("version") == VERSION:
                yield entry

    def _append(self, what: str, fields: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps({"version": VERSION, "what": what, "at": now, **fields}) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line that a crash cut short must not swallow the next one.
            os.write(descriptor, ("" if self._ends_well() else "\n").encode() + line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _ends_well(self) -> bool:
        with self._path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
