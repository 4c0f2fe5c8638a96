"""Reading ignore files, as https://github.com/moby/patternmatcher does in ignorefile.ReadAll."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tui.engine.context.errors import ContextUnreadable
from tui.engine.context.go_paths import clean, trim_space

IGNORE_FILE = ".dockerignore"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_patterns(content: bytes) -> list[str]:
    """The patterns of an ignore file, made relative to the context and cleaned; not yet checked."""
    patterns = []
    for line in content.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
        text = line.removesuffix(b"\r").decode("utf-8", "surrogateescape")
        # A comment's mark has to be the line's first character.
        if text.startswith("#") or not (text := trim_space(text)):
            continue
        negated = text.startswith("!")
        patterns.append("!" * negated + _relative(trim_space(text[negated:])))
    return patterns


def _relative(pattern: str) -> str:
    if not pattern:
        return pattern
    cleaned = clean(pattern)
    return cleaned[1:] if len(cleaned) > 1 and cleaned.startswith("/") else cleaned


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """What an ignore file says; no patterns where there is none."""

    patterns: list[str]
    is_own: bool = False
    """Whether it is the Dockerfile's own one, which stands in for the context's."""


def ignore_file_of(root: Path, dockerfile: Path) -> IgnoreFile:
    """The ignore file that rules a build. Raises ContextUnreadable."""
    own = own_ignore_file(dockerfile)
    if own is not None:
        return IgnoreFile(read_patterns(read_whole(own)), is_own=True)
    general = root / IGNORE_FILE
    if general.is_file() and name_inside(root, general):
        return IgnoreFile(read_patterns(read_whole(general)))
    return IgnoreFile([])


def own_ignore_file(dockerfile: Path) -> Path | None:
    """The Dockerfile's own ignore file, where there is one; a link that leads out of its folder is none."""
    own = dockerfile.with_name(f"{dockerfile.name}{IGNORE_FILE}")
    return own if own.is_file() and name_inside(own.parent.resolve(), own.resolve()) else None


def name_inside(root: Path, file: Path) -> str | None:
    """The file's name within `root`, or None where it, or what it links to, lies outside."""
    lexical = Path(os.path.normpath(file))
    if file.resolve().is_relative_to(root) and lexical.is_relative_to(root):
        return lexical.relative_to(root).as_posix()
    return None


def read_whole(path: Path) -> bytes:
    """A file's content. Raises ContextUnreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContextUnreadable(f"{path} cannot be read: {error.strerror}.") from error
