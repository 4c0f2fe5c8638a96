"""Starting and stopping the registry."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

from tests.lab.places import REGISTRY_ADDRESS, REGISTRY_PORT, LabError, authority_file
from tests.lab.waiting import is_running, until, wait_for_end

START_SECONDS = 20.0
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class RegistryParts:
    """The files of the lab's registry."""

    lab: Path

    @property
    def folder(self) -> Path:
        """All that it has."""
        return self.lab / "registry"

    @property
    def store_root(self) -> Path:
        """Where docker-registry keeps images."""
        return self.folder / "store"

    @property
    def log(self) -> Path:
        """Every request that reached it, one JSON object a line."""
        return self.folder / "requests.jsonl"

    @property
    def pid_file(self) -> Path:
        """Who it is, while it runs."""
        return self.folder / "registry.pid"


def start(parts: RegistryParts) -> None:
    """Start it unless it answers. Raises LabError with the end of its output where it does not."""
    if answers(parts.lab):
        return
    if shutil.which("docker-registry") is None:
        raise LabError("docker-registry is not installed (Debian: apt-get install docker-registry).")
    address = ["ip", "address", "replace", f"{REGISTRY_ADDRESS}/32", "dev", "lo"]
    subprocess.run(address, check=True, capture_output=True)
    parts.folder.mkdir(parents=True, exist_ok=True)
    output = parts.folder / "registry.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.registry", parts.lab],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    parts.pid_file.write_text(str(process.pid))
    if not until(lambda: answers(parts.lab) or process.poll() is not None, START_SECONDS) or process.poll() is not None:
        raise LabError(f"The registry did not start. The end of its output:\n{output.read_text()[-2000:]}")


def stop(parts: RegistryParts) -> None:
    """End it, by its process id. What it holds stays."""
    if parts.pid_file.is_file():
        pid = int(parts.pid_file.read_text())
        if is_running(pid, "tests.lab.registry"):
            os.kill(pid, signal.SIGTERM)
            wait_for_end(pid, "tests.lab.registry")
        parts.pid_file.unlink()
    if shutil.which("ip"):
        gone = ["ip", "address", "delete", f"{REGISTRY_ADDRESS}/32", "dev", "lo"]
        subprocess.run(gone, check=False, capture_output=True)


def answers(lab: Path) -> bool:
    """Whether the registry and its docker-registry answer."""
    if not authority_file(lab).is_file():
        return False
    trusted = ssl.create_default_context(cafile=authority_file(lab))
    connection = HTTPSConnection(REGISTRY_ADDRESS, REGISTRY_PORT, timeout=5, context=trusted)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status == 401
    except OSError:
        return False
    finally:
        connection.close()
