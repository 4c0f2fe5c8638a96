"""Docker engines of our own: their data, sockets, processes and bridges are nobody else's."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import docker
import docker.errors

from tests.lab.modern import inside, lab_environ, modern_root
from tests.lab.places import REGISTRY_HOST, LabError, lab_folder, short_folder
from tests.lab.waiting import is_running, until, wait_for_end

START_SECONDS = 60.0


class EngineKind(StrEnum):
    """Which Docker it is, and how it keeps images."""

    CONTAINERD = "modern-containerd"
    """The default of a fresh installation since Docker 29: containerd's store, sizes packed and unpacked."""
    OVERLAY2 = "modern-overlay2"
    """The default until Docker 28, and of what was updated from there."""
    CLASSIC = "classic-20.10"
    """Debian bookworm's docker.io on the machine itself, for its classic builder."""


_OPTIONS = {
    EngineKind.CONTAINERD: ("--feature=containerd-snapshotter=true",),
    EngineKind.OVERLAY2: ("--feature=containerd-snapshotter=false", "--storage-driver=overlay2"),
    EngineKind.CLASSIC: ("--storage-driver=overlay2",),
}


@dataclass(frozen=True, slots=True)
class EngineParts:
    """The folders and names that make up one private engine."""

    folder: Path
    bridge: str
    """Name of its network bridge, at most 15 characters."""
    subnet: str
    """The bridge's own address with its prefix: `10.213.7.1/24`."""
    kind: EngineKind = EngineKind.CONTAINERD

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return short_folder() / f"{self.bridge}.sock"

    @property
    def exec_root(self) -> Path:
        """State of its running containers, and of its own containerd; it holds sockets too."""
        return short_folder() / f"{self.bridge}.exec"

    @property
    def docker_host(self) -> str:
        """Its URL."""
        return f"unix://{self.socket}"

    @property
    def pid_file(self) -> Path:
        """Who it is, while it runs."""
        return self.folder / "dockerd.pid"

    @property
    def data(self) -> Path:
        """Images, containers, build cache."""
        return self.folder / "data"


def lab_engine_parts(kind: EngineKind) -> EngineParts:
    """The lab's engine of this kind."""
    number = list(EngineKind).index(kind)
    return EngineParts(lab_folder() / kind.value, f"jetlab{number}", f"10.213.{number}.1/24", kind)


def why_not(kind: EngineKind = EngineKind.CONTAINERD) -> str | None:
    """What keeps this machine from running a private engine of this kind, or None."""
    if os.geteuid() != 0:
        return "a private engine needs root"
    if kind is EngineKind.CLASSIC and shutil.which("dockerd") is None:
        return "dockerd is not installed (Debian: apt-get install docker.io)"
    if kind is not EngineKind.CLASSIC and not modern_root(lab_folder()).is_dir():
        return "run make lab first"
    if shutil.which("ip") is None:
        return "ip is not installed (Debian: apt-get install iproute2)"
    return None


def start(parts: EngineParts, *extra: str, environ: Mapping[str, str] | None = None) -> None:
    """Start it and wait until it answers. Raises LabError with the end of its log where it does not.

    `environ` is added to its environment: proxies, for instance.
    """
    if (reason := why_not(parts.kind)) is not None:
        raise LabError(f"No private engine here: {reason}.")
    parts.folder.mkdir(parents=True, exist_ok=True)
    _make_bridge(parts)
    lab = lab_folder()
    command = [
        "dockerd",
        f"--data-root={parts.data}",
        f"--exec-root={parts.exec_root}",
        f"--pidfile={parts.pid_file}",
        f"--host={parts.docker_host}",
        f"--bridge={parts.bridge}",
        # Containers of the lab need no way out, and the host's rules are not ours to change.
        *("--iptables=false", "--ip6tables=false", "--ip-masq=false"),
        f"--registry-mirror=https://{REGISTRY_HOST}",
        *_OPTIONS[parts.kind],
        *extra,
    ]
    root = Path("/") if parts.kind is EngineKind.CLASSIC else modern_root(lab)
    log = parts.folder / "dockerd.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            inside(lab, command, root),
            env={**lab_environ(lab), **(environ or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    wait_until_it_answers(parts, process, log)


def wait_until_it_answers(parts: EngineParts, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return as soon as the engine answers a ping."""
    until(lambda: answers(parts.docker_host) or process.poll() is not None, START_SECONDS)
    if process.poll() is not None or not answers(parts.docker_host):
        raise LabError(f"dockerd did not start. The end of its log:\n{log.read_text()[-2000:]}")


def answers(docker_host: str) -> bool:
    """Whether an engine answers at this URL."""
    try:
        client = docker.DockerClient(base_url=docker_host, timeout=10)
    except docker.errors.DockerException:
        return False
    with contextlib.closing(client):
        return bool(client.ping())


def pull(docker_host: str, image: str, login: tuple[str, str] | None = None) -> None:
    """Have an engine pull an image, unless it is there. Raises LabError with the engine's words."""
    repository, _, tag = image.rpartition(":")
    auth = {"username": login[0], "password": login[1]} if login is not None else None
    with contextlib.closing(docker.DockerClient(base_url=docker_host, timeout=600)) as client:
        if any(image in one.tags for one in client.images.list()):
            return
        try:
            said = list(client.api.pull(repository, tag, stream=True, decode=True, auth_config=auth))
        except docker.errors.APIError as error:
            raise LabError(f"{image}: {error.explanation}") from error
    # An engine that has begun to answer tells the rest within its answer.
    if errors := [line["error"] for line in said if "error" in line]:
        raise LabError(f"{image}: {errors[0]}")


def stop(parts: EngineParts) -> None:
    """End it, by its process id, and take its bridge away. Its data stays. Nothing happens where it does not run."""
    if parts.pid_file.is_file():
        pid = int(parts.pid_file.read_text())
        if is_running(pid, "dockerd"):
            os.kill(pid, signal.SIGTERM)
            wait_for_end(pid, "dockerd")
    if shutil.which("ip"):
        subprocess.run(["ip", "link", "delete", parts.bridge], check=False, capture_output=True)
    parts.socket.unlink(missing_ok=True)


def kill(parts: EngineParts) -> None:
    """End it as a crash would: no goodbye to anybody."""
    pid = int(parts.pid_file.read_text())
    os.kill(pid, signal.SIGKILL)
    wait_for_end(pid, "dockerd")
    parts.pid_file.unlink(missing_ok=True)
    # Its containerd dies with it, and the next dockerd would wait for whoever has that number now.
    (parts.exec_root / "containerd" / "containerd.pid").unlink(missing_ok=True)


def discard(parts: EngineParts) -> None:
    """Stop it and take away all that it had: data, state, the minders of its containers and with them its mounts."""
    stop(parts)
    _end_shims(parts)
    shutil.rmtree(parts.folder, ignore_errors=True)
    shutil.rmtree(parts.exec_root, ignore_errors=True)
    if parts.folder.exists():
        raise LabError(f"{parts.folder} cannot be removed: something is still mounted there.")


def _end_shims(parts: EngineParts) -> None:
    """End the minders of containers that a killed engine left behind; each names its engine's state folder."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"containerd-shim" in command[0] and any(os.fsencode(parts.exec_root) in word for word in command):
                os.kill(int(process.name), signal.SIGKILL)


def _make_bridge(parts: EngineParts) -> None:
    if subprocess.run(["ip", "link", "show", parts.bridge], check=False, capture_output=True).returncode == 0:
        return
    for command in (
        ["ip", "link", "add", parts.bridge, "type", "bridge"],
        ["ip", "address", "add", parts.subnet, "dev", parts.bridge],
        ["ip", "link", "set", parts.bridge, "up"],
    ):
        subprocess.run(command, check=True, capture_output=True)
