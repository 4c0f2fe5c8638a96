"""What a build costs through Jettison against the bare docker command line, and how soon a cancel is over."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker.errors

from tests.bench.figures import Figure, alternating, at_most, ratio
from tests.engine.test_cancel import PHASES
from tests.lab import dockerd
from tests.lab.bases import TINY
from tests.lab.dockerd import EngineKind, EngineParts, lab_engine_parts
from tests.lab.modern import inside
from tests.lab.places import lab_folder
from tests.shell import PROGRAM
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.request import Builder, BuildRequest
from tui.session.paths import content_folder

ROUNDS = 5
CANCEL_ROUNDS = 3
TAG = "jettison-bench/multistage:1"
ENGINES = {Builder.BUILDKIT: EngineKind.CONTAINERD, Builder.CLASSIC: EngineKind.CLASSIC}


def against_docker(home: Path) -> Iterator[Figure]:
    """The tutorial's multi-stage build, its base images pulled and nothing cached, by both builders."""
    for builder, kind in ENGINES.items():
        parts = EngineParts(home / kind.value, "jetbench0", "10.213.12.1/24", kind)
        dockerd.start(parts)
        try:
            yield _against_docker(parts, home, builder)
        finally:
            dockerd.discard(parts)


def _against_docker(parts: EngineParts, home: Path, builder: Builder) -> Figure:
    environ = {**os.environ, "DOCKER_HOST": parts.docker_host, "JETTISON_HOME": str(home)}
    command = _command(builder, parts.docker_host)
    goapp = content_folder("goapp")
    file = goapp / "Dockerfile.multistage"

    def ours() -> float:
        arguments = ["build", "multistage", "--no-cache", "--builder", builder.value]
        remove_everything(parts.docker_host)
        return _seconds([sys.executable, "-c", PROGRAM, *arguments], environ)

    def theirs() -> float:
        remove_everything(parts.docker_host)
        return _seconds([*command, "build", "--no-cache", "-t", TAG, "-f", str(file), str(goapp)], environ)

    taken = alternating(ROUNDS, ours, theirs)
    return ratio(f"multi-stage build with its pulls, {builder.value}, against docker", taken, 1.03)


def remove_everything(docker_host: str) -> None:
    """Remove every image and all build cache: the engine is the bench's own, and each build pulls anew."""
    with contextlib.closing(docker.DockerClient(base_url=docker_host, timeout=600)) as client:
        left: list[str] = []
        # The classic builder keeps an image of every step, and each goes only after those that stand on it.
        while (ids := [str(image.id) for image in client.images.list(all=True)]) and len(ids) != len(left):
            left = ids
            for image_id in ids:
                with contextlib.suppress(docker.errors.APIError):
                    client.images.remove(image_id, force=True)
        client.api.prune_builds(all=True)


def _command(builder: Builder, docker_host: str) -> list[str]:
    """Docker's command line: that of today with buildx, and the machine's own for the classic builder.

    The first enters the lab's root file system, which takes some 20 ms of its time.
    """
    if builder is Builder.BUILDKIT:
        return inside(lab_folder(), ["docker", "--host", docker_host, "buildx"], shared=[content_folder("goapp")])
    return ["env", "DOCKER_BUILDKIT=0", "docker"]


def _seconds(command: list[str], environ: dict[str, str]) -> float:
    began = time.monotonic()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return time.monotonic() - began


def cancels() -> list[Figure]:
    """From the cancel to the end of the events, in every phase; the slowest of each builder."""
    figures = []
    for builder, kind in ENGINES.items():
        docker_host = lab_engine_parts(kind).docker_host
        dockerd.pull(docker_host, TINY)
        engine = open_engine(Endpoint(docker_host, "the lab"))
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
            text = f"FROM {TINY}\nCOPY big /big\nRUN : {secrets.token_hex(6)}; {command}\n"
            (context / "Dockerfile").write_text(text)
            (context / "big").write_bytes(secrets.token_bytes(60_000_000 if phase == "context" else 1000))
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
