"""`python -m tests.lab.registry LAB`: the registry's process. It serves until it gets SIGTERM."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.lab.places import (
    REFUSING_PROXY_PORT,
    REGISTRY_ADDRESS,
    REGISTRY_HOST,
    REGISTRY_PORT,
    STORE_PORT,
    UNTRUSTED_PORT,
)
from tests.lab.registry.certificates import ensure_certificates
from tests.lab.registry.front import Front
from tests.lab.registry.process import RegistryParts
from tests.lab.registry.store import Store
from tests.lab.registry.tokens import ISSUER, SERVICE, TokenServer

HTTPS_PORT = 443


class RefusingProxy(BaseHTTPRequestHandler):
    """A proxy that wants a login which nobody has."""

    def do_CONNECT(self) -> None:
        self.send_error(407, "Proxy Authentication Required")

    do_GET = do_HEAD = do_CONNECT  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to note."""


def main(lab: Path) -> None:
    """Start docker-registry and what stands before it."""
    parts = RegistryParts(lab)
    certificates = ensure_certificates(lab)
    parts.log.unlink(missing_ok=True)
    configuration = parts.folder / "registry.json"
    configuration.write_text(json.dumps(store_configuration(parts.store_root, certificates.authority)))
    # With setpriv it ends when we do, whatever ends us.
    store = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "docker-registry", "serve", configuration])
    tokens = TokenServer(certificates, Store(parts.store_root))
    servers = [
        Front((REGISTRY_ADDRESS, REGISTRY_PORT), certificates.server, tokens, parts.log),
        Front((REGISTRY_ADDRESS, HTTPS_PORT), certificates.server, tokens, parts.log),
        Front((REGISTRY_ADDRESS, UNTRUSTED_PORT), certificates.untrusted, tokens, parts.log),
        ThreadingHTTPServer((REGISTRY_ADDRESS, REFUSING_PROXY_PORT), RefusingProxy),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    store.terminate()
    store.wait()


def store_configuration(root: Path, authority: Path) -> dict[str, object]:
    """docker-registry's configuration; its parser takes JSON, as YAML does."""
    token = {
        "realm": f"https://{REGISTRY_HOST}/token",
        "service": SERVICE,
        "issuer": ISSUER,
        "rootcertbundle": str(authority),
    }
    return {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(root)}, "maintenance": {"readonly": {"enabled": True}}},
        "http": {"addr": f"127.0.0.1:{STORE_PORT}"},
        "auth": {"token": token},
    }


if __name__ == "__main__":
    # Blocked before any thread begins, so that only sigwait gets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(Path(sys.argv[1]))
