"""Where things lie: the learner's own state and cache, and the content that comes with the app."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

HOME = "JETTISON_HOME"
PACKAGE = Path(__file__).resolve().parent.parent
COURSE = "go-multi-stage"


def state_folder() -> Path:
    """What must survive: ledger, settings, times. `$JETTISON_HOME/state` where that is set. Made on demand, 0700."""
    return _own("state", platformdirs.user_state_path("jettison", appauthor=False))


def cache_folder() -> Path:
    """What may be deleted at any time: logs of builds. `$JETTISON_HOME/cache` where that is set. Made on demand."""
    return _own("cache", platformdirs.user_cache_path("jettison", appauthor=False))


def work_folder(*names: str) -> Path:
    """What the learner writes: `$JETTISON_HOME/data/work/…` where that is set. Made on demand."""
    folder = _own("data", platformdirs.user_data_path("jettison", appauthor=False)).joinpath("work", *names)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def another_home(folder: Path) -> Iterator[None]:
    """For as long as this lasts, all of this process's own files lie below a folder: nothing of the learner's is
    touched."""
    before = os.environ.get(HOME)
    os.environ[HOME] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOME]
        else:
            os.environ[HOME] = before


def content_folder(name: str) -> Path:
    """`goapp` or `lessons`: inside the package when it is installed, beside it in a checkout."""
    installed = PACKAGE / "content" / name
    return installed if installed.is_dir() else PACKAGE.parent / name


def recordings_folder() -> Path:
    """The recorded builds that come with the lessons, and what is known of the insides of their images."""
    return content_folder("lessons") / COURSE / "recordings"


def _own(kind: str, default: Path) -> Path:
    home = os.environ.get(HOME)
    folder = Path(home) / kind if home else default
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
