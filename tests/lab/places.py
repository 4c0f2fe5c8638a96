"""Where the lab keeps its things, and the addresses at which its parts answer."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

REGISTRY_ADDRESS = "10.213.9.1"
"""Not a loopback address: engines do not check the certificates of registries on those."""
REGISTRY_PORT = 5443
UNTRUSTED_PORT = 5444
"""The same registry, with a certificate of an authority that nobody trusts."""
REFUSING_PROXY_PORT = 5445
"""A proxy that answers every request with 407."""
SILENT_PORT = 5446
"""Nobody listens here."""
STORE_PORT = 5447
"""Debian's docker-registry itself, on the loopback address, behind our front."""

REGISTRY_HOST = f"{REGISTRY_ADDRESS}:{REGISTRY_PORT}"
HUB_NAMES = ("registry-1.docker.io", "auth.docker.io", "index.docker.io")
"""Names of Docker Hub that, looked up by the lab's engines, lead to the lab's registry on the port for https."""


class LabError(Exception):
    """The lab cannot do what was asked; the message says why and what to do."""


def lab_folder() -> Path:
    """The lab's own folder: `$JETTISON_LAB`, or one in the user's cache. Everything in it may be deleted."""
    named = os.environ.get("JETTISON_LAB")
    return Path(named).resolve() if named else Path(platformdirs.user_cache_dir("jettison-lab"))


def short_folder() -> Path:
    """Where sockets lie: their paths have at most 107 characters."""
    return Path(tempfile.gettempdir())


def authority_file(lab: Path) -> Path:
    """The certificate of the authority that signed the registry's, as PEM."""
    return lab / "registry" / "authority.pem"


def trust_registry() -> None:
    """Let this process and its children trust the lab's registry, as on a machine whose system knows its authority."""
    os.environ["SSL_CERT_FILE"] = str(authority_file(lab_folder()))
