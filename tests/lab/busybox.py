"""Small root file systems: one like alpine's, and one of nothing but a shell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.lab.debian import STABLE, bootstrap
from tests.lab.modern import modern_root
from tests.lab.places import LabError

FOLDERS = (
    *("bin", "sbin", "lib", "usr/bin", "usr/sbin", "usr/lib", "usr/local/bin", "usr/share", "etc/apk", "etc/ssl/certs"),
    *(
        "root",
        "home",
        "var/tmp",
        "var/log",
        "var/cache",
        "opt",
        "srv",
        "mnt",
        "media",
        "proc",
        "sys",
        "dev",
        "run",
        "tmp",
    ),
)
APK = """#!/bin/sh
# A stand-in for apk: this base image has no packages to add, and its Go modules come from files.
echo "apk: nothing is added on a stand-in base image"
"""
PASSWD = """root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
"""
GROUP = """root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
users:x:100:
nogroup:x:65533:
nobody:x:65534:
"""
APPLETS = ("sh", "sleep", "cat", "echo", "dd", "yes", "head", "ls", "printf", "seq", "rm", "date", "true")
"""What the smallest base has."""


def busybox() -> Path:
    """Debian's static busybox. Raises LabError."""
    found = shutil.which("busybox")
    if found is None:
        raise LabError("busybox is not installed (Debian: apt-get install busybox-static).")
    return Path(found)


def alpine_root(root: Path, lab: Path, version: str) -> None:
    """What alpine has: busybox, musl, apk, certificates, the usual users; and what it has not: glibc, time zones."""
    for name in FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("tmp", "var/tmp"):
        (root / name).chmod(0o1777)
    _executable(root / "bin/busybox", busybox().read_bytes())
    listed = subprocess.run([busybox(), "--list-full"], capture_output=True, text=True, check=True).stdout.split()
    for link in (root / applet for applet in listed):
        if not link.exists() and link.parent.is_dir():
            link.symlink_to("/bin/busybox")
    _executable(root / "sbin/apk", APK.encode())
    _add_musl(root, lab)
    (root / "etc/passwd").write_text(PASSWD)
    (root / "etc/group").write_text(GROUP)
    (root / "etc/alpine-release").write_text(f"{version}\n")
    (root / "etc/os-release").write_text(
        f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={version}\nPRETTY_NAME="A stand-in for Alpine Linux"\n'
    )
    # Debian's bundle, and not this machine's, which may have authorities of its own.
    shutil.copy(modern_root(lab) / "etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs")
    (root / "etc/ssl/cert.pem").symlink_to("certs/ca-certificates.crt")


def _add_musl(root: Path, lab: Path) -> None:
    """Alpine's C library, from Debian's package of it. A program that was linked against glibc finds no loader."""
    package = lab / "musl"
    if not package.is_dir():
        bootstrap(package, STABLE, ["musl"], variant="extract")
    loaders = list(package.rglob("ld-musl-*.so.1"))
    if not loaders:
        raise LabError(f"Debian's package musl has no loader below {package}.")
    for loader in loaders:
        _executable(root / "lib" / loader.name, loader.resolve().read_bytes() if loader.exists() else _libc(package))


def _libc(package: Path) -> bytes:
    """The loader is a link to the library, and may be one with an absolute name."""
    return next(path for path in package.rglob("libc.so") if path.is_file()).read_bytes()


def shell_root(root: Path) -> None:
    """A root of nothing but a shell, for tests of the builders themselves."""
    (root / "bin").mkdir()
    _executable(root / "bin/busybox", busybox().read_bytes())
    for applet in APPLETS:
        (root / "bin" / applet).symlink_to("/bin/busybox")


def _executable(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o755)
