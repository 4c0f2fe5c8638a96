"""Reading a course from its folder: `course.toml`, and the steps as Markdown files with TOML front matter.

Front matter stands between two lines of `+++` on top of the file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tui.course.model import Course, Step

FORMAT = 1
FENCE = "+++"
TABS = ("dockerfiles", "build", "sizes", "inside", "run")
MAX_FILE_BYTES = 1_000_000


class CourseError(Exception):
    """A course cannot be read; the message begins with the file and says what is wrong with it."""


def read_course(folder: Path) -> Course:
    """The course in a folder. Raises CourseError."""
    described = _toml(folder / "course.toml", _read(folder / "course.toml"))
    if described.get("format") != FORMAT:
        raise CourseError(f"{folder / 'course.toml'}: format must be {FORMAT}, not {described.get('format')!r}")
    names = described.get("steps")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise CourseError(f"{folder / 'course.toml'}: steps must be a list of file names")
    return Course(_text(folder / "course.toml", described, "title"), tuple(_step(folder, name) for name in names))


def _step(folder: Path, name: str) -> Step:
    file = folder / name
    if Path(name).name != name or not file.resolve().is_relative_to(folder.resolve()):
        raise CourseError(f"{folder / 'course.toml'}: the step {name!r} must lie in the course's folder")
    head, body = _split(file, _read(file))
    matter = _toml(file, head)
    unknown = set(matter) - {"title", "minutes", "tab", "action", "edition", "rows"}
    if unknown:
        raise CourseError(f"{file}: unknown {', '.join(sorted(unknown))} in the front matter")
    minutes = matter.get("minutes")
    if not isinstance(minutes, int) or not 1 <= minutes <= 60:
        raise CourseError(f"{file}: minutes must be a number from 1 to 60")
    if matter.get("tab") not in (None, *TABS):
        raise CourseError(f"{file}: tab must be one of {', '.join(TABS)}")
    return Step(
        id=file.stem,
        title=_text(file, matter, "title"),
        minutes=minutes,
        markdown=body,
        tab=matter.get("tab"),
        action=_optional(file, matter, "action"),
        edition=_optional(file, matter, "edition"),
        rows=tuple(map(str, matter.get("rows", []))),
    )


def _split(file: Path, text: str) -> tuple[str, str]:
    """Front matter and Markdown."""
    parts = text.split(f"{FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise CourseError(f"{file}: a step begins with front matter between two lines of {FENCE}")
    return parts[1], parts[2].strip() + "\n"


def _read(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CourseError(f"{file}: {error.strerror}") from error
    if len(content) > MAX_FILE_BYTES:
        raise CourseError(f"{file}: larger than {MAX_FILE_BYTES} bytes")
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CourseError(f"{file}: not UTF-8: {error}") from error


def _toml(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{file}: {error}") from error


def _text(file: Path, matter: dict[str, Any], name: str) -> str:
    value = matter.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CourseError(f"{file}: {name} must be a text")
    return value


def _optional(file: Path, matter: dict[str, Any], name: str) -> str | None:
    return _text(file, matter, name) if name in matter else None
