"""A file that COPY or ADD does not find in the context: left out by .dockerignore, called otherwise, or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tui.engine.cause import Cause
from tui.engine.context.errors import ContextUnreadable
from tui.engine.context.ignore_file import IGNORE_FILE, read_patterns
from tui.engine.context.patterns import Patterns
from tui.engine.events import FailureKind
from tui.engine.failure.model import Diagnosis, FailedBuild

MOST_FILES = 20_000
"""So many names of the context are looked at for one that is alike."""
_MOST_ALIKE = 3
_WILD = "*?["


@dataclass(frozen=True, slots=True)
class IgnoredBy:
    """The line that leaves a file out."""

    file: str
    line: int
    pattern: str


def diagnose_missing(failed: FailedBuild, source: str) -> Diagnosis:
    """Why this source of a COPY or ADD is not there."""
    keyword = failed.keyword
    root = failed.context
    if _leads_out(source):
        what = f"{keyword} cannot reach {source}: it lies outside of the context."
        advice = "Copy the file into the context, or build with a folder above as the context."
        return Diagnosis(FailureKind.CONTEXT, what, advice, Cause.OUTSIDE_CONTEXT)
    path = os.path.normpath(source.lstrip("/"))
    if root is not None and any(sign in source for sign in _WILD) and not (root / path).exists():
        what = f"Nothing in the context is called {source}, which {keyword} wants."
        return Diagnosis(FailureKind.CONTEXT, what, _advice_for_wild(failed), Cause.NOT_IN_CONTEXT)
    if root is not None and os.path.lexists(root / path):
        return _in_the_folder(failed, path)
    what = f"There is no {_shown(source)} in the context, which {keyword} wants."
    return Diagnosis(FailureKind.CONTEXT, what, _advice_for(root, path, source), Cause.NOT_IN_CONTEXT)


def _in_the_folder(failed: FailedBuild, path: str) -> Diagnosis:
    ignored = ignored_by(failed, path)
    if ignored is None:
        what = f"{path} is in the folder, but did not reach the engine."
        return Diagnosis(FailureKind.CONTEXT, what, "Build again; it may have been created after the build started.")
    what = (
        f"{path} is there, but line {ignored.line} of {ignored.file} ({ignored.pattern}) leaves it out of the context."
    )
    advice = f"Remove that line, or add a line !{path} below it."
    return Diagnosis(FailureKind.CONTEXT, what, advice, Cause.IGNORED)


def ignored_by(failed: FailedBuild, path: str) -> IgnoredBy | None:
    """The line of the ignore file that leaves a path of the context out, if one does."""
    if failed.context is None:
        return None
    for file in _ignore_files(failed.context, failed.dockerfile_path):
        try:
            lines = file.read_bytes().split(b"\n")
            return _deciding_line(file.name, lines, path)
        except FileNotFoundError:
            continue
        except (OSError, ContextUnreadable):
            return None
    return None


def _ignore_files(context: Path, dockerfile: Path | None) -> Iterator[Path]:
    """The Dockerfile's own one stands in for the context's."""
    if dockerfile is not None:
        yield context / dockerfile.with_name(f"{dockerfile.name}{IGNORE_FILE}")
    yield context / IGNORE_FILE


def _deciding_line(name: str, lines: list[bytes], path: str) -> IgnoredBy | None:
    """The last line that turns the verdict: with all lines up to it the path is out, and stays so to the end."""
    deciding: int | None = None
    for count in range(1, len(lines) + 1):
        is_out = Patterns(read_patterns(b"\n".join(lines[:count]))).matches(path)
        if is_out and deciding is None:
            deciding = count
        elif not is_out:
            deciding = None
    if deciding is None:
        return None
    return IgnoredBy(name, deciding, lines[deciding - 1].decode("utf-8", "replace").strip())


def _shown(source: str) -> str:
    return f'"{source}"' if " " in source else source


def _leads_out(source: str) -> bool:
    return os.path.normpath(source.lstrip("/")).split("/")[0] == ".."


def _advice_for(root: Path | None, path: str, source: str) -> str:
    if close := _alike(root, path):
        return f"Much like it: {', '.join(close)}. Names are case-sensitive."
    from_root = " A leading / means the top of the context." if source.startswith("/") else ""
    return f"Check the name: it is relative to the context, {root or 'which was sent'}.{from_root}"


def _advice_for_wild(failed: FailedBuild) -> str:
    ignore = "" if failed.context is None or not (failed.context / IGNORE_FILE).is_file() else f", and {IGNORE_FILE}"
    return f"Check the pattern{ignore}: * does not look into folders."


def _alike(root: Path | None, path: str) -> list[str]:
    """Files of the context with nearly this name, here or in another folder."""
    if root is None:
        return []
    names = list(_names(root))
    wanted = path.lower()
    cased = [name for name in names if name.lower() == wanted]
    elsewhere = [name for name in names if name.rpartition("/")[2] == path.rpartition("/")[2]]
    return list(dict.fromkeys([*cased, *elsewhere, *get_close_matches(path, names, _MOST_ALIKE, 0.75)]))[:_MOST_ALIKE]


def _names(root: Path) -> Iterator[str]:
    count = 0
    for folder, _, files in os.walk(root):
        for file in files:
            yield Path(folder, file).relative_to(root).as_posix()
            if (count := count + 1) == MOST_FILES:
                return
