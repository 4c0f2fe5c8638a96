"""Debian root file systems, made by mmdebstrap out of the archive that this machine is set up with."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.lab.places import LabError

STABLE = "bookworm"
"""The release that the base images are made of, whichever this machine has."""
SUITES = ("bookworm", "trixie", "forky", "sid", "stable", "testing", "unstable")
"""Names by which Debian's own archive is told from other archives in the list of sources."""
NO_SERVICES = "#!/bin/sh\nexit 101\n"
"""A policy-rc.d that lets no package start a service."""


def archive_url() -> str:
    """The URL of Debian's archive in this machine's list of sources, so that no other is asked. Raises LabError."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.split() for line in listed.splitlines()]
    found = sorted(words[0] for words in lines if len(words) == 3 and words[1] in SUITES and words[2] == "main")
    if not found:
        raise LabError("apt's list of sources names no Debian archive.")
    return found[0]


def bootstrap(root: Path, suite: str, packages: Sequence[str], variant: str = "minbase") -> None:
    """Make a root file system with these packages and what they depend on. Raises LabError.

    Packages in the archive are signed; its index may be older than it allows itself to be, as mirrors lag.
    """
    if shutil.which("mmdebstrap") is None or os.geteuid() != 0:
        raise LabError("mmdebstrap is needed, and root to run it (Debian: apt-get install mmdebstrap).")
    unfinished = root.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *("mmdebstrap", "--quiet", "--mode=root", f"--variant={variant}", "--format=directory"),
        *("--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Check-Valid-Until "false"'),
        *((f"--include={','.join(packages)}",) if packages else ()),
        *(suite, str(unfinished), archive_url()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"mmdebstrap failed: {(done.stdout + done.stderr)[-1500:]}")
    # mmdebstrap copies these from this machine.
    for name in ("etc/hostname", "etc/resolv.conf"):
        (unfinished / name).unlink(missing_ok=True)
    (unfinished / "usr/sbin").mkdir(parents=True, exist_ok=True)
    policy = unfinished / "usr/sbin/policy-rc.d"
    policy.write_text(NO_SERVICES)
    policy.chmod(0o755)
    unfinished.rename(root)


def install(root: Path, packages: Sequence[str]) -> None:
    """Add packages to a root that apt manages, and leave no package lists behind. Raises LabError."""
    apt = "apt-get -qq -o Acquire::Check-Valid-Until=false -o DPkg::Options::=--force-unsafe-io"
    script = (
        f"{apt} update && DEBIAN_FRONTEND=noninteractive {apt} install -y --no-install-recommends {' '.join(packages)}"
        " && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt"
    )
    resolver = root / "etc/resolv.conf"
    shutil.copy("/etc/resolv.conf", resolver)
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$0" sh -c "$1"', root, script],
        capture_output=True,
        text=True,
        check=False,
    )
    resolver.unlink()
    if done.returncode:
        raise LabError(f"apt-get install {' '.join(packages)} failed: {(done.stdout + done.stderr)[-1500:]}")
