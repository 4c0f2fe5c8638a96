"""A root file system with the Docker of today: engine, command line and buildx, out of Debian's next release."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from tests.lab.debian import bootstrap
from tests.lab.mounts import with_own_mounts
from tests.lab.places import HUB_NAMES, REGISTRY_ADDRESS, authority_file, short_folder

SUITE = "forky"
PACKAGES = (
    *("docker.io", "containerd", "runc", "iptables", "ca-certificates", "docker-cli", "docker-buildx"),
    # The engine calls ps for the processes of a container, and buildx calls git for the provenance of a build.
    *("procps", "git"),
)


def modern_root(lab: Path) -> Path:
    """Where it lies; another choice of packages is another root."""
    return lab / f"{SUITE}-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:8]}"


def ensure_modern(lab: Path) -> None:
    """Make it unless it is there. Raises LabError."""
    if not modern_root(lab).is_dir():
        bootstrap(modern_root(lab), SUITE, PACKAGES)


def hosts_file(lab: Path) -> Path:
    """The lab's /etc/hosts, in which Docker Hub's names lead to the lab's registry."""
    file = lab / "hosts"
    wanted = f"127.0.0.1 localhost\n{REGISTRY_ADDRESS} {' '.join(HUB_NAMES)}\n"
    if not file.is_file() or file.read_text() != wanted:
        lab.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted)
    return file


def inside(lab: Path, command: Sequence[str], root: Path | None = None, shared: Sequence[Path] = ()) -> list[str]:
    """The command line that runs `command` in the modern root, or in `root`, with the lab's names of hosts."""
    return with_own_mounts(command, root or modern_root(lab), hosts_file(lab), (short_folder(), lab, *shared))


def lab_environ(lab: Path) -> dict[str, str]:
    """The environment of engines and clients that trust the lab's registry; the machine's proxies are left out."""
    kept = {name: os.environ[name] for name in ("HOME", "TERM", "LANG", "DOCKER_CONFIG") if name in os.environ}
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {**kept, "PATH": path, "SSL_CERT_FILE": str(authority_file(lab))}
