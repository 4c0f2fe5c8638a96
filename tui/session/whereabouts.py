"""Where a learner is: which engine, builder, image store and system texts of a lesson may be meant for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum

from tui.course.blocks import Only, Where
from tui.engine.model import EngineInfo, SizeBasis
from tui.engine.request import Builder

SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}


def whereabouts(info: EngineInfo | None, builder: Builder | None = None) -> Mapping[Where, str]:
    """What is known; `builder` is the one that the learner asked for. Without an engine, the system alone."""
    known = {Where.SYSTEM: SYSTEMS[sys.platform]} if sys.platform in SYSTEMS else {}
    if info is None:
        return known
    store = "graph" if info.size_basis is SizeBasis.UNPACKED else "containerd"
    return known | {
        Where.ENGINE: info.name.lower(),
        Where.BUILDER: (builder or info.builder).value,
        Where.STORE: store,
    }


class Holds(Enum):
    """Whether a text is meant for where the learner is."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def holds(only: Only, known: Mapping[Where, str]) -> Holds:
    """Whether all conditions of a text hold; one that does not is enough for a no."""
    verdicts = [known[where] == value if where in known else None for where, value in only.conditions]
    if False in verdicts:
        return Holds.NO
    return Holds.UNKNOWN if None in verdicts else Holds.YES
