"""What was made on which engine, written down before it is made, so that all of it can be removed again.

A file of JSON lines (json_lines.py), so that two windows at once lose nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.engine.events import BuildEvent, BuildSucceeded, StageImage
from tui.engine.model import EngineInfo
from tui.engine.request import BuildRequest
from tui.session.json_lines import append_line, read_lines
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
        return tuple(made for made in self._kept() if (made.endpoint, made.kind) == (endpoint, kind))

    @property
    def is_empty(self) -> bool:
        """Whether nothing of all that was made is left, on any engine."""
        return not self._kept()

    def _kept(self) -> tuple[Made, ...]:
        kept: dict[tuple[str, str], Made] = {}
        for line in self._lines():
            key = (str(line.get("endpoint")), str(line.get("reference")))
            if line.get("what") == "made":
                subject, stage = str(line.get("subject", "")), str(line.get("stage", ""))
                made = Made(*key, subject, stage, str(line.get("kind", IMAGE)))
                kept.setdefault(key, made)
            elif line.get("what") == "gone":
                kept.pop(key, None)
        return tuple(kept.values())

    def _lines(self) -> Iterable[dict[str, Any]]:
        return read_lines(self._path, VERSION).entries

    def _append(self, what: str, fields: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        append_line(self._path, VERSION, {"what": what, "at": now, **fields}, sync=True)
