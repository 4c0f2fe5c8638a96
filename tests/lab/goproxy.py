"""A Go module proxy made of files, holding the one module that goapp needs.

The module's sources are Debian's upstream tarball of it, which go.sum's hash proves to be the released ones.
Layout: https://go.dev/ref/mod#goproxy-protocol
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

from tests.lab.debian import STABLE, archive_url
from tests.lab.places import LabError

MODULE = "github.com/gorilla/websocket"
VERSION = "v1.5.0"
SOURCE_PACKAGE = "golang-github-gorilla-websocket"


def make_proxy(folder: Path) -> Path:
    """Lay the proxy out below `folder`, unless it is there; its root. Raises LabError."""
    root = folder / "goproxy"
    versions = root / MODULE / "@v"
    if (versions / f"{VERSION}.zip").is_file():
        return root
    shutil.rmtree(versions, ignore_errors=True)
    versions.mkdir(parents=True)
    tarball = _upstream_tarball(folder / "source")
    files = _files_of(tarball)
    (versions / "list").write_text(f"{VERSION}\n")
    (versions / f"{VERSION}.info").write_text(json.dumps({"Version": VERSION, "Time": "2022-02-16T00:00:00Z"}))
    (versions / f"{VERSION}.mod").write_bytes(files["go.mod"])
    unfinished = versions / "unfinished.zip"
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(f"{MODULE}@{VERSION}/{name}", content)
    unfinished.rename(versions / f"{VERSION}.zip")
    return root


def _upstream_tarball(folder: Path) -> Path:
    """Fetch it with a package list of our own, as the system's may lack the sources. Raises LabError."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    sources.write_text(f"deb-src {archive_url()} {STABLE} main\n")
    options = [
        "-o", f"Dir::Etc::SourceList={sources}",
        "-o", "Dir::Etc::SourceParts=-",
        "-o", f"Dir::State::Lists={folder / 'lists'}",
        "-o", f"Dir::Cache={folder / 'cache'}",
        "-o", "APT::Sandbox::User=root",
    ]  # fmt: skip
    for command in (["update"], ["source", "--download-only", "--only-source", SOURCE_PACKAGE]):
        whole = ["apt-get", "-qq", *options, *command]
        done = subprocess.run(whole, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError(f"apt-get {command[0]} failed: {done.stderr.strip()}")
    found = sorted(folder.glob(f"{SOURCE_PACKAGE}_{VERSION.removeprefix('v')}*.orig.tar.*"))
    if not found:
        raise LabError(f"Debian {STABLE} has no {SOURCE_PACKAGE} {VERSION} any more.")
    return found[0]


def _files_of(tarball: Path) -> dict[str, bytes]:
    """The tarball's regular files without its top folder."""
    files: dict[str, bytes] = {}
    with tarfile.open(tarball) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                files[member.name.split("/", 1)[1]] = content.read()
    return files
