"""The files of a course, and nothing else: no name leads out of its folder, nothing endless is read.

A course may come from anywhere. What it names is looked up here, so that `..`, absolute paths, links that leave the
folder, pipes and huge files are refused in one place.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath

from tui.course.problems import Source, forbidden_sign

MAX_FILE_BYTES = 200_000
MAX_COURSE_BYTES = 5_000_000
"""All that is read of one course; recordings and contexts are not read here."""
MAX_NAME_LENGTH = 200


class FileRefused(Exception):
    """A file of a course is absent or may not be read; the message is the rest of a sentence that names it."""


class CourseFolder:
    """Reads the files of one course."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._root = folder.resolve()
        self._read_bytes = 0

    def shown(self, name: str) -> str:
        """A file's name as it is told to people."""
        return str(self.path / name)

    def locate(self, name: str) -> Path:
        """Where a file or folder of the course lies, its links followed. Raises FileRefused."""
        parts = PurePosixPath(name).parts
        if not parts or len(name) > MAX_NAME_LENGTH or forbidden_sign(name) is not None or "\n" in name:
            raise FileRefused("is no name of a file")
        if name.startswith("/") or "\\" in name or ".." in parts or ":" in parts[0]:
            raise FileRefused("must lie in the course's folder")
        try:
            found = (self._root / name).resolve(strict=True)
        except (OSError, RuntimeError) as error:
            # Python 3.12 and older tell of links that go round in a circle by RuntimeError.
            raise FileRefused(_reason(error)) from error
        if not found.is_relative_to(self._root):
            raise FileRefused("is a link out of the course's folder")
        return found

    def read(self, name: str) -> Source:
        """The text of a file, with line ends of one kind. Raises FileRefused."""
        content = self.content(name)
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise FileRefused(f"is not UTF-8: line {line} has the byte 0x{content[error.start]:02x}") from error
        return Source.of(self.shown(name), text)

    def content(self, name: str) -> bytes:
        """The bytes of a file. Raises FileRefused."""
        path = self.locate(name)
        try:
            # A pipe without a writer would be waited for.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise FileRefused("is no file")
                content = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise FileRefused(_reason(error)) from error
        if len(content) > MAX_FILE_BYTES:
            raise FileRefused(f"is larger than {MAX_FILE_BYTES:,} bytes")
        self._read_bytes += len(content)
        if self._read_bytes > MAX_COURSE_BYTES:
            raise FileRefused(f"cannot be read any more: the course has more than {MAX_COURSE_BYTES:,} bytes")
        return content

    def names_in(self, folder: str) -> tuple[str, ...]:
        """Names of what lies in a folder, in order, without hidden ones. Raises FileRefused."""
        try:
            return tuple(sorted(entry.name for entry in self.locate(folder).iterdir() if entry.name[0] != "."))
        except OSError as error:
            raise FileRefused(_reason(error)) from error

    def is_folder(self, name: str) -> bool:
        """Whether a folder of the course has this name."""
        try:
            return self.locate(name).is_dir()
        except FileRefused:
            return False


def _reason(error: OSError | RuntimeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there"
    return f"cannot be read: {error.strerror or error}" if isinstance(error, OSError) else "is a link to itself"
