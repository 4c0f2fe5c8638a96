"""One learner's progress in one course, kept as it happens and found again at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tui.course.blocks import Choose, Predict, Recall
from tui.course.model import Course, Step
from tui.course.progress import Event, Progress, Reset, after, replay
from tui.course.progress_events import decode, encode
from tui.session.courses import OpenCourse
from tui.session.json_lines import Lines, append_line, read_lines
from tui.session.place import VERSION, progress_path
from tui.session.storage import set_aside


def progress_file(opened: OpenCourse) -> Path:
    """Where the progress of a course is kept."""
    return progress_path(opened.course.name, opened.folder, is_foreign=opened.is_foreign)


class ProgressStore:
    """The state, and the file behind it. A file that cannot be written costs nothing but what comes after the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.warning: str | None = None
        """A sentence where something is wrong with the file."""
        self.progress = Progress()
        """As of now, with what other windows wrote until `reload` was called last."""
        self.reload()

    def reload(self) -> None:
        """Read the file: what other windows noted is there too."""
        try:
            lines = read_lines(self._path, VERSION)
        except OSError as error:
            self.warning = f"{self._path} cannot be read: {error.strerror}. Progress is kept until you leave."
            return
        events = list(_events(lines))
        if lines.damaged and not (events or lines.newer):
            self.warning = set_aside(self._path, "holds no progress that can be read")
        else:
            self.warning = _told(self._path.name, lines, len(events))
        self.progress = replay(events)

    def note(self, event: Event) -> None:
        """Add an event; where it cannot be kept, `warning` says so and the session goes on."""
        now = datetime.now(UTC)
        self.progress = after(self.progress, event, now)
        try:
            append_line(self._path, VERSION, {"at": now.isoformat(timespec="milliseconds"), **encode(event)})
        except OSError as error:
            reason = error.strerror or str(error)
            self.warning = f"Your progress cannot be kept in {self._path}: {reason}. It lasts until you leave."


def reset_of(course: Course, step: Step | None) -> Reset:
    """What begins a step anew, or all of them."""
    if step is None:
        return Reset()
    questions = (block.id for block in step.blocks if isinstance(block, Predict | Choose | Recall))
    return Reset(step.id, tuple(questions), step.exercises)


def _events(lines: Lines) -> Iterator[tuple[datetime, Event]]:
    for entry in lines.entries:
        event, at = decode(entry), _time(entry.get("at"))
        if event is not None and at is not None:
            yield at, event


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _told(name: str, lines: Lines, understood: int) -> str | None:
    """A sentence about lines that are left alone, where there are any."""
    unknown = lines.damaged + len(lines.entries) - understood
    parts: list[str] = []
    if unknown:
        parts.append(f"{unknown} of its lines cannot be read")
    if lines.newer:
        parts.append(f"{lines.newer} of its lines are of a newer version")
    return f"{name}: {' and '.join(parts)}; they are left as they are, and all others count." if parts else None
