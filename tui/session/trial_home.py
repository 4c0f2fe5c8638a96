"""Homes of courses' trials: each trial is a learner of its own, so that several at once never meet.

They lie in the state folder, not in the cache: what a killed trial left on an engine is known to its ledger alone.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from tui.session.ledger import Ledger
from tui.session.paths import another_home, state_folder

LOCK = "lock"
UNFINISHED = ".new-"
UNFINISHED_SECONDS = 3600.0
"""A home is finished within moments: one that is still not so much later never will be."""


def trials_folder() -> Path:
    """Where the homes of trials under way lie, and of those that left something behind. Made on demand."""
    folder = state_folder() / "trials"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def trial_home() -> Iterator[Path]:
    """A home that no other trial has; it goes at the end, unless its ledger tells of something left. Raises OSError."""
    made = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=trials_folder()))
    with (made / LOCK).open("w") as lock:
        _take(lock)
        # Only what is locked already may look like a home: another trial takes one without a lock for abandoned.
        home = made.rename(made.with_name(made.name.removeprefix(UNFINISHED)))
        try:
            yield home
        finally:
            _drop(home)


@contextmanager
def abandoned_homes() -> Iterator[tuple[Path, ...]]:
    """The homes whose trial is over and left something: it was killed, or an engine did not answer.

    Nobody else takes them meanwhile. At the end those go whose ledger tells of nothing any more; of others, another
    engine may know. Those that a killed trial never finished go at once: nothing was made from them. Raises OSError.
    """
    _drop_unfinished()
    with ExitStack() as locks:
        homes = tuple(home for home in sorted(trials_folder().glob("[!.]*")) if _take_home(home, locks))
        yield homes
        for home in homes:
            _drop(home)


def clean_abandoned(clean: Callable[[], None]) -> None:
    """Call `clean` in each home whose trial is over and left something. Raises OSError."""
    with abandoned_homes() as homes:
        for home in homes:
            with another_home(home):
                clean()


def _drop_unfinished() -> None:
    latest = time.time() - UNFINISHED_SECONDS
    for home in trials_folder().glob(f"{UNFINISHED}*"):
        # It may be finished, and have another name, just now.
        with suppress(FileNotFoundError):
            if home.stat().st_mtime < latest:
                shutil.rmtree(home, ignore_errors=True)


def _take_home(home: Path, locks: ExitStack) -> bool:
    """Hold a home's lock as long as `locks`; False where its trial goes on, or has just come to its end."""
    try:
        lock = locks.enter_context((home / LOCK).open("w"))
    except FileNotFoundError:
        return False
    return _take(lock)


def _take(lock: IO[str]) -> bool:
    """Hold a lock until its file is closed, or the process is killed; False where somebody else does."""
    try:
        import fcntl
    except ImportError:
        # Systems without it never know for sure that a trial is over.
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _drop(home: Path) -> None:
    with another_home(home):
        is_done_with = Ledger().is_empty
    if is_done_with:
        # What of it cannot be removed is abandoned: the next trial has another try.
        shutil.rmtree(home, ignore_errors=True)
