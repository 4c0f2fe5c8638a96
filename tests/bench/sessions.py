"""A big context through a build's session: first as a whole, then after a one-line edit, beside docker buildx."""

from __future__ import annotations

import os
import random
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.builds import remove_everything
from tests.bench.figures import Figure, alternating, ratio
from tests.lab import dockerd
from tests.lab.dockerd import EngineParts
from tests.lab.modern import inside, lab_environ
from tests.lab.places import lab_folder, short_folder
from tests.shell import PROGRAM
from tests.support.counting_relay import counting_relay

ROUNDS = 5
FILES, FILES_A_FOLDER, FILE_BYTES = 20_000, 20, 50_000
MANY_FILES = 50_000
PATTERNS = (
    *(".git", "**/node_modules", "**/*_test.go", "*.md", "!README.md", "**/.DS_Store", "bin", "dist", "tmp/**"),
    *("**/*.log", "**/__pycache__", "**/*.py[cod]", ".env*", "coverage", "docs/**/*.png", "**/testdata/*.golden"),
    *("vendor/*/docs", "Dockerfile*", "**/.cache"),
)
DOCKERFILE = "FROM scratch AS source\nCOPY . /source\nFROM scratch\nCOPY --from=source /source/edited.txt /\n"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build costs its client."""

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Client:
    """A command line that builds a context, on one engine."""

    name: str
    environ: Mapping[str, str]

    def command(self, docker_host: str, context: Path) -> list[str]:
        """What builds it."""
        if self.name == "jettison":
            arguments = ["build", "--engine", docker_host, "--context", str(context), "--builder", "buildkit"]
            return [sys.executable, "-c", PROGRAM, *arguments]
        buildx = ["docker", "--host", docker_host, "buildx", "build", "--load", "-t", "jettison-bench/session:1"]
        return inside(lab_folder(), [*buildx, str(context)], shared=[context.parent])

    def build(self, docker_host: str, context: Path) -> Cost:
        """Build it once."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        subprocess.run(self.command(docker_host, context), env=self.environ, check=True, capture_output=True)
        seconds = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    def build_twice(self, docker_host: str, context: Path) -> tuple[Cost, Cost]:
        """A context that the engine has never seen, and the same after an edit."""
        first = self.build(docker_host, edited(context))
        return first, self.build(docker_host, edited(context))


def sessions(home: Path) -> Iterator[Figure]:
    """Seconds, bytes and processor time of big contexts, on an engine of the bench's own."""
    parts = EngineParts(home / "engine", "jetbench1", "10.213.13.1/24")
    clients = (
        Client("jettison", {**os.environ, "JETTISON_HOME": str(home / "jettison")}),
        Client("buildx", lab_environ(lab_folder())),
    )
    dockerd.start(parts)
    try:
        yield from _big_files(home / "big", parts, clients)
        yield from _many_files(home / "many", parts, clients)
    finally:
        dockerd.discard(parts)


def _big_files(root: Path, parts: EngineParts, clients: tuple[Client, Client]) -> Iterator[Figure]:
    """1 GB in 20,000 files, as a whole and after an edit."""
    context = make_context(root, FILES, FILE_BYTES)
    taken: dict[str, list[tuple[Cost, Cost]]] = {client.name: [] for client in clients}
    for number in range(ROUNDS):
        for client in clients if number % 2 == 0 else clients[::-1]:
            # The engine's own copy of the context, too: it compares new ones with it.
            remove_everything(parts.docker_host)
            taken[client.name].append(client.build_twice(parts.docker_host, context))
    ours, theirs = (taken[client.name] for client in clients)
    our_bytes, their_bytes = (_bytes_sent(client, parts, context) for client in clients)
    for index, (name, goal) in enumerate((("first build of 1 GB", 1.1), ("build after a one-line edit", 1.0))):
        seconds = [pair[index].seconds for pair in ours], [pair[index].seconds for pair in theirs]
        yield ratio(f"{name}, against docker buildx", seconds, goal)
        yield _bytes_figure(f"{name}: bytes to the engine", our_bytes[index], their_bytes[index])
        cpu = [median(pair[index].cpu_seconds for pair in pairs) for pairs in (ours, theirs)]
        yield Figure(f"{name}: the client's CPU", f"{cpu[0]:.2f} s against {cpu[1]:.2f} s", "none", True)


def _many_files(root: Path, parts: EngineParts, clients: tuple[Client, Client]) -> Iterator[Figure]:
    """50,000 small files past 19 patterns, of which nothing has changed: the time of the walk."""
    context = make_context(root, MANY_FILES, 100)
    (context / ".dockerignore").write_text("\n".join(PATTERNS))
    remove_everything(parts.docker_host)
    ours, theirs = clients
    for client in clients:
        client.build(parts.docker_host, context)
    seconds = alternating(
        ROUNDS,
        lambda: ours.build(parts.docker_host, context).seconds,
        lambda: theirs.build(parts.docker_host, context).seconds,
    )
    yield ratio("50,000 files and 19 patterns, against docker buildx", seconds, 1.5)


def make_context(root: Path, files: int, size: int) -> Path:
    """The same files each time, except for one that is edited."""
    source = random.Random(1)
    block = source.randbytes(4 << 20)
    for number in range(files):
        folder = root / f"pkg{number // 1000:02}" / f"part{number // FILES_A_FOLDER % 50:02}"
        if number % FILES_A_FOLDER == 0:
            folder.mkdir(parents=True)
        start = source.randrange(len(block) - size)
        (folder / f"file{number % FILES_A_FOLDER:02}.go").write_bytes(
            b"%016d" % number + block[start + 16 : start + size]
        )
    (root / "Dockerfile").write_text(DOCKERFILE)
    return edited(root)


def edited(context: Path) -> Path:
    """The same context with another line in one of its files."""
    (context / "edited.txt").write_text(f"{secrets.token_hex(4)}\n")
    return context


def _bytes_sent(client: Client, parts: EngineParts, context: Path) -> tuple[int, int]:
    """Bytes to the engine of the two builds, counted apart from the timed ones: counting takes its time."""
    remove_everything(parts.docker_host)
    own = short_folder() / f"{parts.bridge}-counted.sock"
    with counting_relay(parts.socket, own) as counted:
        client.build(f"unix://{own}", edited(context))
        first = counted()
        client.build(f"unix://{own}", edited(context))
        return first, counted() - first


def _bytes_figure(name: str, ours: int, theirs: int) -> Figure:
    return Figure(name, f"{ours / theirs:.3f}× ({ours:,} against {theirs:,})", "≤ 1.0×", ours <= theirs)
