"""What looking inside costs: against the engine alone and dive, the second look, memory, the way to the files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import terminal
from tests.bench.figures import Figure, alternating, at_most, floor, p95, ratio
from tests.shell import jettison
from tests.unit.archives import Entry, docker_archive, tar_of

ROUNDS = 5
MANY_FILES = 200_000
OPENINGS = 15
INDEX = """
import sys, time
from pathlib import Path
from tui.engine.docker_engine import open_engine
from tui.engine.endpoint import Endpoint
from tui.image.anatomy import dissect
from tui.image.archive import read_archive
from tui.session.inside_store import InsideStore

home, source, name = sys.argv[1:]
began = time.monotonic()
if source == "-":
    file = open(name, "rb")
    pieces = iter(lambda: file.read(1 << 20), b"")
else:
    pieces = open_engine(Endpoint(source, "the bench")).save(name).pieces()
image = read_archive(pieces, is_verified=source != "-").images[0]
first = time.monotonic() - began
dissect(image.config, image.layers)
InsideStore(Path(home)).keep(image.config.image_id, image.config, image.layers)
del image
began = time.monotonic()
config, layers = InsideStore(Path(home)).find(sorted(Path(home, "images").glob("*"))[0].stem)
dissect(config, layers)
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(first, time.monotonic() - began, int(peak) * 1024)
"""
"""Reads an image (by an engine's URL and the image's ID, or `-` and a file), keeps it, and looks again. Prints the
seconds of both, and the peak memory in bytes."""


def insides(docker_host: str, home: Path) -> Iterator[Figure]:
    """On the tutorial's single-stage image, and on a layer of very many files."""
    environ = {**os.environ, "DOCKER_HOST": docker_host, "JETTISON_HOME": str(home), "CI": "true"}
    built = jettison("build", "simple", **environ)
    image = built.stdout.strip()
    save = ["docker", "save", image]

    def bare() -> float:
        began = time.monotonic()
        subprocess.run(save, env=environ, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - began

    second_looks: list[float] = []
    peaks: list[float] = []

    def ours() -> float:
        first, second, peak = _index(home, docker_host, image)
        second_looks.append(second)
        peaks.append(peak)
        return first

    def dive() -> float:
        began = time.monotonic()
        # Its verdict is its exit code; what counts here is the time.
        subprocess.run([_dive(), "--ci", image], env=environ, capture_output=True, check=False)
        return time.monotonic() - began

    bare()
    yield ratio("single-stage image indexed, against docker save", alternating(ROUNDS, ours, bare), 1.10)
    yield ratio("single-stage image indexed, against dive", alternating(ROUNDS, ours, dive), 0.8)
    # dive asks the engine the same thing: whoever does cannot be done before the engine is.
    yield floor("docker save alone, against dive", alternating(ROUNDS, bare, dive))
    yield at_most("second look at the same image", max(second_looks), "s", 0.5)
    yield at_most("peak memory of indexing it", max(peaks) / 1e6, "MB", 120)
    yield from _many_files(home)
    yield _to_the_files(docker_host, home)
    jettison("clean", "--yes", **environ)


def _index(home: Path, source: str, name: str) -> list[float]:
    folder = tempfile.mkdtemp(dir=home)
    command = [sys.executable, "-c", INDEX, folder, source, name]
    return list(map(float, subprocess.run(command, capture_output=True, check=True).stdout.split()))


def _dive() -> str:
    return str(Path(sys.executable).with_name("dive"))


def _many_files(home: Path) -> Iterator[Figure]:
    """One layer of 200,000 small files."""
    layer = tar_of(*(Entry(f"data/{n % 400:03}/{n:06}.txt", b"%d" % n) for n in range(MANY_FILES)))
    archive = home / "many.tar"
    archive.write_bytes(docker_archive([layer]))
    first, second, peak = _index(home, "-", str(archive))
    yield at_most(f"{MANY_FILES:,} files in one layer, indexed", first, "s", 3)
    yield at_most("second look at them", second, "s", 2)
    yield at_most("peak memory of that", peak / 1e6, "MB", 120)


def _to_the_files(docker_host: str, home: Path) -> Figure:
    """From the key to the files on the screen, again and again."""
    os.environ["DOCKER_HOST"] = docker_host
    program = terminal.run(("-c", "import sys; sys.argv[:] = ['jettison']; from tui.start import main; main()"), home)
    program.wait_for(b"overlay2")
    program.write(b"b")
    program.wait_for(b"Both are built")
    program.write(b"i")
    program.wait_for(b"Left behind")
    program.drain(2.0)
    latencies: list[float] = []
    for _ in range(OPENINGS):
        program.forget()
        pressed = program.write(b"v")
        latencies.append(program.wait_for(b"another list", b"root/") - pressed)
        program.write(b"p")
        program.drain(0.4)
    program.end()
    return at_most(f"key to opened file explorer, p95 of {OPENINGS}", p95(latencies) * 1000, "ms", 150)
