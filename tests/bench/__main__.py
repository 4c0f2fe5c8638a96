"""`python -m tests.bench [start flood idle build session cancel inside]`: figures; never a test, as machines differ."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import builds, insides, screens, sessions
from tests.bench.figures import Figure
from tests.lab import dockerd
from tests.lab.bases import TINY
from tests.lab.dockerd import EngineKind, lab_engine_parts
from tests.lab.places import trust_registry

Bench = Callable[[str, Path], Iterable[Figure]]
NEED_AN_ENGINE: dict[str, Bench] = {
    "cancel": lambda host, home: builds.cancels(),
    "inside": insides.insides,
}
NEED_NONE: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "start": screens.start_up,
    "flood": screens.flood,
    "idle": screens.idle,
    # It starts engines of its own, as it removes all that is on them.
    "build": builds.against_docker,
    "session": sessions.sessions,
}


def main() -> int:
    """Take the figures that were asked for, or all; 1 where a goal is not met."""
    names = sys.argv[1:] or [*NEED_NONE, *NEED_AN_ENGINE]
    unknown = set(names) - {*NEED_NONE, *NEED_AN_ENGINE}
    if unknown:
        print(f"bench: there is no {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    trust_registry()
    met = True
    for name in names:
        for figure in _take(name):
            print(figure, flush=True)
            met = met and figure.met
    return 0 if met else 1


def _take(name: str) -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as home:
        if name in NEED_NONE:
            yield from NEED_NONE[name](Path(home))
            return
        docker_host = lab_engine_parts(EngineKind.CONTAINERD).docker_host
        if not dockerd.answers(docker_host):
            print(f"bench: {name} needs an engine: run make lab first", file=sys.stderr)
            return
        dockerd.pull(docker_host, TINY)
        yield from NEED_AN_ENGINE[name](docker_host, Path(home))


if __name__ == "__main__":
    sys.exit(main())
