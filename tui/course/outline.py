"""What the first screen shows of a course, read at once: titles, minutes, and the prose of one step.

It takes files that are known to be good as they are; whatever is odd is left to the whole reading, which tells of it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.course.pages import split_page

if TYPE_CHECKING:
    from tui.course.model import Course

FORMAT = 2
FENCE = "\n+++\n"
COURSE_FILE = "course.toml"


@dataclass(frozen=True, slots=True)
class Head:
    """A step without its page."""

    id: str
    title: str
    minutes: int
    tab: str | None = None
    """The tab that goes with it."""
    action: str | None = None
    """The action that it asks for."""
    edition: str | None = None
    """The edition whose Dockerfiles it talks about."""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A course without its pages."""

    title: str
    heads: tuple[Head, ...]


def outline_of(course: Course) -> Outline:
    """The outline of a course that was read."""
    heads = (Head(s.id, s.title, s.minutes, s.tab, s.action, s.edition, s.file) for s in course.steps)
    return Outline(course.title, tuple(heads))


def read_outline(folder: Path) -> Outline | None:
    """The outline of a course in a folder; None where the whole reading has to tell what is wrong with it."""
    try:
        table = tomllib.loads((folder / COURSE_FILE).read_text("utf-8"))
        if table["format"] != FORMAT:
            return None
        return Outline(str(table["title"]), tuple(_head(folder, name) for name in table["order"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_prose(folder: Path, head: Head) -> str:
    """A step's Markdown without its directives; empty where it cannot be read."""
    try:
        body = _halves(folder / head.file)[1]
    except (OSError, ValueError):
        return ""
    return "\n\n".join(piece.text.strip("\n") for piece in split_page(body, 1) if piece.info is None) + "\n"


def _head(folder: Path, name: str) -> Head:
    matter: dict[str, Any] = tomllib.loads(_halves(folder / name)[0])
    id = name.removesuffix(".md").partition("-")[2]
    tab, action, edition = (matter.get(key) for key in ("tab", "action", "edition"))
    return Head(id, str(matter["title"]), int(matter["minutes"]), tab, action, edition, name)


def _halves(file: Path) -> tuple[str, str]:
    """Front matter and Markdown. Raises OSError and ValueError."""
    text = file.read_text("utf-8")
    matter, fence, body = text.removeprefix("+++\n").partition(FENCE)
    if not fence:
        raise ValueError(f"{file} has no front matter")
    return matter, body
