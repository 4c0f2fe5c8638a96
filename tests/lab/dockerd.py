"""A Docker engine of our own: its data, sockets, process and bridge are nobody else's."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import docker
import docker.errors

START_SECONDS = 60.0
STOP_SECONDS = 30.0


class LabError(Exception):
    """The lab cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class EngineParts:
    """The folders and names that make up one private engine."""

    folder: Path
    bridge: str
    """Name of its network bridge, at most 15 characters."""
    subnet: str
    """The bridge's own address with its prefix: `10.213.7.1/24`."""

    @property
    def socket(self) -> Path:
        """Where it listens. Sockets have short names only, so it lies under the system's temporary folder."""
        return Path(tempfile.gettempdir()) / f"{self.bridge}.sock"

    @property
    def exec_root(self) -> Path:
        """State of its running containers; it holds sockets too, whose paths have at most 107 characters."""
        return Path(tempfile.gettempdir()) / f"{self.bridge}.exec"

    @property
    def docker_host(self) -> str:
        """Its URL."""
        return f"unix://{self.socket}"

    @property
    def pid_file(self) -> Path:
        """Who it is, while it runs."""
        return self.folder / "dockerd.pid"


def why_not() -> str | None:
    """What keeps this machine from running a private engine, or None."""
    if shutil.which("dockerd") is None:
        return "dockerd is not installed (Debian: apt-get install docker.io)"
    if os.geteuid() != 0:
        return "a private engine needs root"
    if shutil.which("ip") is None:
        return "ip is not installed (Debian: apt-get install iproute2)"
    return None


def start(parts: EngineParts, *extra: str) -> None:
    """Start it and wait until it answers. Raises LabError with the end of its log where it does not."""
    if (reason := why_not()) is not None:
        raise LabError(f"No private engine here: {reason}.")
    parts.folder.mkdir(parents=True, exist_ok=True)
    _make_bridge(parts)
    log = parts.folder / "dockerd.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                "dockerd",
                f"--data-root={parts.folder / 'data'}",
                f"--exec-root={parts.exec_root}",
                f"--pidfile={parts.pid_file}",
                f"--host={parts.docker_host}",
                f"--bridge={parts.bridge}",
                # Containers of the lab need no way out, and the host's rules are not ours to change.
                "--iptables=false",
                "--ip-masq=false",
                *extra,
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    wait_until_it_answers(parts, process, log)


def wait_until_it_answers(parts: EngineParts, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return as soon as the engine answers a ping."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if answers(parts.docker_host):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise LabError(f"dockerd did not start. The end of its log:\n{log.read_text()[-2000:]}")


def answers(docker_host: str) -> bool:
    """Whether an engine answers there."""
    try:
        client = docker.DockerClient(base_url=docker_host, timeout=10)
    except docker.errors.DockerException:
        return False
    with contextlib.closing(client):
        return bool(client.ping())


def stop(parts: EngineParts) -> None:
    """End it, by its pid, and take its bridge away. Its data stays. Nothing happens where it does not run."""
    if parts.pid_file.is_file():
        pid = int(parts.pid_file.read_text())
        if _is_dockerd(pid):
            os.kill(pid, signal.SIGTERM)
            _wait_for_end(pid)
    if shutil.which("ip"):
        subprocess.run(["ip", "link", "delete", parts.bridge], check=False, capture_output=True)
    parts.socket.unlink(missing_ok=True)


def kill(parts: EngineParts) -> None:
    """End it as a crash would: no goodbye to anybody."""
    pid = int(parts.pid_file.read_text())
    os.kill(pid, signal.SIGKILL)
    _wait_for_end(pid)
    parts.pid_file.unlink(missing_ok=True)
    # Its containerd dies with it, and the next dockerd would wait for whoever has that number now.
    (parts.exec_root / "containerd" / "containerd.pid").unlink(missing_ok=True)


def discard(parts: EngineParts) -> None:
    """Stop it and take away all that it had: data, mounts, state."""
    stop(parts)
    _end_shims(parts)
    folders = (f"{parts.folder}/", f"{parts.exec_root}/")
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for mount in reversed(mounts):
        if mount.startswith(folders):
            subprocess.run(["umount", "--lazy", mount], check=True)
    shutil.rmtree(parts.folder)
    shutil.rmtree(parts.exec_root, ignore_errors=True)


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


def _is_dockerd(pid: int) -> bool:
    comm = Path(f"/proc/{pid}/comm")
    return comm.is_file() and comm.read_text().strip() == "dockerd"


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while _is_dockerd(pid):
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline:
            raise LabError(f"dockerd (pid {pid}) does not end.")
        _pause()


def _pause() -> None:
    """A moment between two looks at a process that is no child of ours and so cannot be waited for."""
    with contextlib.suppress(TimeoutError):
        signal.sigtimedwait([], 0.05)
