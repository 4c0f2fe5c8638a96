"""Getting an engine for a session: a real one, the recordings when they were asked for, or, when nothing was named
and nothing answers, the recordings as a stand-in that says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.engine.errors import NoEngine
from tui.session.options import REPLAY
from tui.session.paths import recordings_folder
from tui.session.variants import CURRENT, EDITIONS

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.request import Builder


COURSE_IMAGES = "course"
"""The recording of what the tutorial's lessons build besides its two variants."""


def connect(named: str | None, builder: Builder | None, environ: Mapping[str, str] | None = None) -> Engine:
    """The engine that was named, or the first that answers; the recordings for `replay`.

    Raises NoEngine, whose `named` tells whether a recording may step in, and RecordingDamaged.
    """
    if named == REPLAY:
        return replay_engine()
    from tui.engine.discovery import find_engine

    return find_engine(named, builder, environ)


def connect_or_replay(named: str | None, builder: Builder | None) -> tuple[Engine, NoEngine | None]:
    """Like `connect`, but a recording steps in when nothing was named; then the second value tells why.

    Raises NoEngine where an engine was named.
    """
    try:
        return connect(named, builder, os.environ), None
    except NoEngine as error:
        if error.named:
            raise
        return replay_engine(), error


def configuration_warning(environ: Mapping[str, str]) -> str:
    """What of Docker's configuration could not be read, in a sentence; empty where all could."""
    from tui.engine.docker_config import read_docker_config

    return read_docker_config(environ).warning


def replay_engine(speed: float | None = None) -> Engine:
    """The recordings that come with the lessons, as an engine. Raises RecordingDamaged.

    `speed` is how many recorded seconds pass in one; without it no time passes at all.
    """
    from tui.engine.recording import read_recording
    from tui.engine.replay import AT_ONCE, ReplayEngine

    folder = recordings_folder()
    names = (CURRENT, *(edition for edition in EDITIONS if edition != CURRENT), COURSE_IMAGES)
    recordings = [read_recording(folder / f"{name}.jsonl.gz") for name in names]
    return ReplayEngine(recordings, AT_ONCE if speed is None else speed)
