"""HTTP sessions with registries, which trust whom the system trusts, and whom Docker was told to trust for one host."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import requests
import requests.adapters
import truststore

CERTIFICATE_FOLDERS = (Path("/etc/docker/certs.d"), Path.home() / ".docker" / "certs.d")
"""Where Docker looks for `HOST/*.crt`: https://docs.docker.com/engine/security/certificates/."""


USER_AGENT = "jettison"


class _TrustingAdapter(requests.adapters.HTTPAdapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)


def registry_session(host: str) -> requests.Session:
    """A session for questions to the registry at `host` (with its port, if any) and to its token server.

    Raises ssl.SSLError and OSError where a certificate that Docker was given cannot be read.
    """
    # requests brings a list of authorities of its own and does not know those that an organisation has installed.
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for folder in CERTIFICATE_FOLDERS:
        for authority in sorted((folder / host).glob("*.crt")):
            context.load_verify_locations(authority)
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    session.mount("https://", _TrustingAdapter(context))
    return session
