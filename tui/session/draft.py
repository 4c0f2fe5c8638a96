"""One text in two places: an editor of the app, and a file that other editors may write. Neither is ever lost."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path


class Meeting(Enum):
    """What comes of the text in the app meeting the text in the file."""

    SAME = "same"
    """The app has the newest text."""
    THEIRS = "theirs"
    """The file was changed and the app's text was not: the file's is the newest."""
    CONFLICT = "conflict"
    """Both were changed, and not alike: the learner decides."""


class Draft:
    """Knows the text that both had in common last, and so which of them was changed since."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.text = text
        """What both had in common last, as the file has it."""
        self._shown = text

    def show(self, own: str) -> None:
        """The editor shows the common text like this: it may have line ends of its own."""
        self._shown = own

    def is_edited(self, own: str) -> bool:
        """Whether the editor's text was changed since."""
        return own != self._shown

    def meet(self, theirs: str, own: str) -> Meeting:
        """Hold the file's text against the editor's."""
        if theirs == own:
            self.text = self._shown = own
        if theirs == self.text:
            return Meeting.SAME
        if self.is_edited(own):
            return Meeting.CONFLICT
        self.text = theirs
        return Meeting.THEIRS

    def look(self, own: str) -> Meeting:
        """Read the file, and hold it against the editor's text. Raises OSError."""
        return self.meet(read_text(self.file), own)

    def save(self, own: str) -> Meeting:
        """Write the editor's text, unless the file was changed meanwhile. Raises OSError."""
        try:
            meeting = self.look(own)
        except FileNotFoundError:
            self._write(own)
            return Meeting.SAME
        if meeting is Meeting.SAME and self.is_edited(own):
            self._write(own)
        return meeting

    def keep_own(self, own: str) -> Path:
        """End a conflict: the editor's text goes into the file, the file's is kept beside it. Raises OSError."""
        kept = _keep(self.file, read_text(self.file))
        self._write(own)
        return kept

    def take_theirs(self, own: str) -> Path:
        """End a conflict: `text` is the file's from now on, the editor's is kept beside it. Raises OSError."""
        theirs = read_text(self.file)
        kept = _keep(self.file, own)
        self.text = theirs
        return kept

    def _write(self, own: str) -> None:
        """Whole or not at all: whoever is killed meanwhile leaves the old text or the new one."""
        new = self.file.with_name(f".{self.file.name}.new-{os.getpid()}")
        with new.open("w", encoding="utf-8", newline="") as opened:
            opened.write(own)
        new.replace(self.file)
        self.text = self._shown = own


def read_text(file: Path) -> str:
    """A file's text with the line ends that it has; what is no UTF-8 is replaced. Raises OSError."""
    with file.open(encoding="utf-8", errors="replace", newline="") as opened:
        return opened.read()


def set_aside(file: Path) -> Path | None:
    """Rename a learner's file, so that it can be begun anew; None where there is none. Raises OSError."""
    try:
        kept = _keep(file, read_text(file))
    except FileNotFoundError:
        return None
    file.unlink()
    return kept


def _keep(file: Path, text: str) -> Path:
    number = 1
    while True:
        kept = file.with_name(f"{file.name}.kept-{number}")
        try:
            with kept.open("x", encoding="utf-8", newline="") as opened:
                opened.write(text)
        except FileExistsError:
            number += 1
        else:
            return kept
