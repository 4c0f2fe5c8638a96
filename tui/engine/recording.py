"""Recorded builds: the events of real builds with their times, as compressed JSON lines.

The first line is the header: the format's version, the edition, when and on which engine it was made, its base images
and whether they were stand-ins. Each further line is one event with the build that it belongs to. Nothing is left out.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.engine.api import Engine
from tui.engine.codec import decode, decode_event, encode, encode_event
from tui.engine.dockerfile import parse
from tui.engine.errors import EngineError, ImageNotFound, RecordingDamaged
from tui.engine.events import BuildEvent, BuildSucceeded
from tui.engine.model import EngineInfo
from tui.engine.request import BuildRequest
from tui.whole_file import written_whole

FORMAT = 1
MAX_BYTES = 64 * 1024 * 1024
"""Unpacked; a recording of the tutorial's builds has a few hundred kilobytes."""


@dataclass(frozen=True, slots=True)
class Base:
    """A base image that recorded builds started from."""

    name: str
    image_id: str
    stand_in: str | None
    """What the stand-in says of itself, or None for the real image."""


@dataclass(frozen=True, slots=True)
class RecordedBuild:
    """One build of a recording."""

    subject: str
    """What was built: `current/simple`."""
    target: str | None
    events: tuple[BuildEvent, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """All builds of one edition (or all that lessons build besides), and what made them."""

    edition: str
    """Its name; that of the recording where it holds no edition."""
    recorded_on: datetime
    engine: EngineInfo
    bases: tuple[Base, ...]
    builds: tuple[RecordedBuild, ...]


def record_edition(
    engine: Engine,
    edition: str,
    requests: Iterable[BuildRequest],
    path: Path,
    on_event: Callable[[BuildRequest, BuildEvent], None],
) -> Recording:
    """Carry out the builds one after the other and write their recording; only complete ones are written.

    Raises EngineError where a build does not succeed, and OSError where the file cannot be written.
    """
    builds: list[RecordedBuild] = []
    bases: dict[str, Base] = {}
    for request in requests:
        kept: list[BuildEvent] = []
        build = engine.build(request)
        try:
            for event in build.events():
                kept.append(event)
                on_event(request, event)
        finally:
            build.cancel()
        if not isinstance(kept[-1], BuildSucceeded):
            raise EngineError(f"The build of {request.subject} did not succeed.", "Only whole editions are recorded.")
        builds.append(RecordedBuild(request.subject, request.target, tuple(kept)))
        for base in _bases_of(engine, request):
            bases.setdefault(base.name, base)
    info = replace(engine.info, endpoint="", context=None, root_folder="")
    recording = Recording(edition, datetime.now(UTC).replace(microsecond=0), info, tuple(bases.values()), tuple(builds))
    write_recording(recording, path)
    return recording


def _bases_of(engine: Engine, request: BuildRequest) -> Iterator[Base]:
    text = (request.context / request.dockerfile).read_text("utf-8")
    for name in parse(text).external_bases():
        try:
            image = engine.inspect(name)
        except ImageNotFound:
            # BuildKit fetches layers of a base image without keeping the image itself.
            yield Base(name, "", None)
        else:
            yield Base(name, image.image_id, image.stand_in)


def write_recording(recording: Recording, path: Path) -> None:
    """Write it whole or not at all. Raises OSError."""
    header = {"format": FORMAT, **{k: v for k, v in encode(recording).items() if k != "builds"}}
    lines = [header]
    for build in recording.builds:
        tied = {"build": build.subject, "target": build.target}
        lines.extend({**tied, **encode_event(event)} for event in build.events)
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path, mode=0o644) as file:
        # No time stamp in the archive: the same builds make the same file.
        file.write(gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0))


def read_recording(path: Path) -> Recording:
    """Read one. Raises RecordingDamaged."""
    try:
        text = _unpack(path)
        header, *lines = [json.loads(line) for line in text.split("\n") if line.strip()]
        if header.get("format") != FORMAT:
            raise _damaged(path, f"its format {header.get('format')!r} is not known to this version")
        events: dict[tuple[str, str | None], list[BuildEvent]] = {}
        for line in lines:
            events.setdefault((line.pop("build"), line.pop("target")), []).append(decode_event(line))
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise _damaged(path, str(error)) from error
    builds = tuple(RecordedBuild(subject, target, tuple(kept)) for (subject, target), kept in events.items())
    return _recording(path, header, builds)


def _recording(path: Path, header: dict[str, Any], builds: tuple[RecordedBuild, ...]) -> Recording:
    try:
        return Recording(
            str(header["edition"]),
            datetime.fromisoformat(header["recorded_on"]),
            decode(EngineInfo, header["engine"]),
            decode(tuple[Base, ...], header["bases"]),
            builds,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, str(error)) from error


def _unpack(path: Path) -> str:
    with gzip.open(path) as archive:
        content = archive.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    return content.decode("utf-8", "surrogatepass")


def _damaged(path: Path, why: str) -> RecordingDamaged:
    return RecordingDamaged(
        f"The recording {path.name} cannot be replayed: {why}.", "Record it anew with jettison record, or delete it."
    )
