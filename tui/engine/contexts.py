"""Docker contexts: the named endpoints of `docker context ls`, read from Docker's configuration folder.

docker's own Python package falls back to the local socket where a context is unknown; a learner would then build on
another engine than the one they chose. So they are read here, and an unknown one is refused.
Layout: `contexts/meta/<sha256 of the name>/meta.json` and `contexts/tls/<sha256>/docker/*.pem`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.engine.docker_config import DockerConfig, docker_folder
from tui.engine.endpoint import Endpoint, TlsFiles


class ContextUnknown(Exception):
    """There is no context of this name, or its files cannot be read; the message says which and why."""


def current_context(environ: Mapping[str, str], config: DockerConfig) -> str | None:
    """The name of the context in force, or None for the default one."""
    named = environ.get("DOCKER_CONTEXT") or config.current_context
    return named if named != "default" else None


def context_endpoint(name: str, environ: Mapping[str, str]) -> Endpoint:
    """Where the context of this name points. Raises ContextUnknown."""
    folder = docker_folder(environ) / "contexts"
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = folder / "meta" / digest / "meta.json"
    if not meta.is_file():
        raise ContextUnknown(f'there is no docker context "{name}"; docker context ls shows those that exist')
    described = _read(meta).get("Endpoints", {}).get("docker", {})
    url = described.get("Host")
    if not url:
        raise ContextUnknown(f'the docker context "{name}" names no host: {meta}')
    tls_folder = folder / "tls" / digest / "docker"
    verify = not described.get("SkipTLSVerify", False)
    tls = tls_files(tls_folder, verify) if tls_folder.is_dir() or str(url).startswith("https") else None
    return Endpoint(str(url), f'docker context "{name}"', name, tls)


def tls_files(folder: Path, verify: bool) -> TlsFiles:
    """The certificate files of a folder, by the names that Docker gives them."""
    found = {name: folder / f"{name}.pem" for name in ("ca", "cert", "key")}
    present = {name: path if path.is_file() else None for name, path in found.items()}
    return TlsFiles(present["ca"], present["cert"], present["key"], verify)


def _read(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ContextUnknown(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ContextUnknown(f"{file} holds no JSON object")
    return content
