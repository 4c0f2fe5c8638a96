"""What a build costs through Jettison against the bare docker command line, and how soon a cancel is over."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.figures import Figure, alternating, at_most, ratio
from tests.engine.test_cancel import PHASES
from tests.lab.plugin import TINY
from tests.shell import PROGRAM
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.request import Builder, BuildRequest
from tui.session.paths import content_folder

ROUNDS = 5
CANCEL_ROUNDS = 3
TAG = "jettison-bench/multistage:1"


def against_docker(docker_host: str, home: Path) -> Iterator[Figure]:
    """The tutorial's multi-stage build without the cache, by both builders."""
    for builder in Builder:
        yield _against_docker(docker_host, home, builder)


def _against_docker(docker_host: str, home: Path, builder: Builder) -> Figure:
    environ = {**os.environ, "DOCKER_HOST": docker_host, "JETTISON_HOME": str(home)}
    environ["DOCKER_BUILDKIT"] = "1" if builder is Builder.BUILDKIT else "0"
    docker = _docker_with(environ)
    goapp = content_folder("goapp")
    file = goapp / "Dockerfile.multistage"

    def ours() -> float:
        arguments = ["build", "multistage", "--no-cache", "--builder", builder.value]
        return _seconds([sys.executable, "-c", PROGRAM, *arguments], environ)

    def theirs() -> float:
        return _seconds([docker, "build", "--no-cache", "-t", TAG, "-f", str(file), str(goapp)], environ)

    taken = alternating(ROUNDS, ours, theirs)
    _seconds([docker, "rmi", TAG], environ)
    return ratio(f"multi-stage build, {builder.value}, against docker", taken, 1.03)


def _docker_with(environ: dict[str, str]) -> str:
    """The first docker on the PATH that can build with this builder: some come without their BuildKit part."""
    for folder in environ["PATH"].split(os.pathsep):
        docker = Path(folder) / "docker"
        if not docker.is_file():
            continue
        with tempfile.TemporaryDirectory() as context:
            (Path(context) / "Dockerfile").write_text(f"FROM {TINY}\n")
            if (
                subprocess.run([docker, "build", context], env=environ, capture_output=True, check=False).returncode
                == 0
            ):
                return str(docker)
    raise SystemExit("No docker command line here can build with this builder (Debian: apt-get install docker.io).")


def _seconds(command: list[str], environ: dict[str, str]) -> float:
    began = time.monotonic()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return time.monotonic() - began


def cancels(docker_host: str) -> list[Figure]:
    """From the cancel to the end of the events, in every phase; the slowest of each builder."""
    engine = open_engine(Endpoint(docker_host, "the lab"))
    figures = []
    for builder in Builder:
        slowest = {phase: max(_cancel_all(engine, builder, phase)) for phase in PHASES}
        worst = max(slowest, key=lambda phase: slowest[phase])
        figures.append(at_most(f"cancel, {builder.value}, slowest phase ({worst})", slowest[worst], "s", 0.5))
    engine.close()
    return figures


def _cancel_all(engine: DockerEngine, builder: Builder, phase: str) -> Iterator[float]:
    command, arrived = PHASES[phase]
    for _ in range(CANCEL_ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            context = Path(folder)
            (context / "Dockerfile").write_text(f"FROM {TINY}\nRUN : {secrets.token_hex(6)}; {command}\n")
            if phase == "upload":
                (context / "big").write_bytes(bytes(60_000_000))
            request = BuildRequest(context, Path("Dockerfile"), TAG, builder=builder, no_cache=True)
            yield _cancel(engine, request, arrived)


def _cancel(engine: DockerEngine, request: BuildRequest, arrived: Callable[..., bool]) -> float:
    build = engine.build(request)
    cancelled_at = 0.0
    for event in build.events():
        if not cancelled_at and arrived(event):
            cancelled_at = time.monotonic()
            build.cancel()
    return time.monotonic() - cancelled_at
