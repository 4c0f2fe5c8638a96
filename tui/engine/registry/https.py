"""HTTP sessions with registries, which trust whom the system trusts, and whom Docker was told to trust for one host."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Any

import requests
import requests.adapters
import truststore

CERTIFICATE_FOLDERS = (Path("/etc/docker/certs.d"), Path.home() / ".docker" / "certs.d")
"""Where Docker looks for `HOST/*.crt`: https://docs.docker.com/engine/security/certificates/."""
USER_AGENT = "jettison"
HOST = re.compile(r"[\w\[][\w.:\]-]*")


class _TrustingAdapter(requests.adapters.HTTPAdapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)


class _RegistrySession(requests.Session):
    """Does not send what ~/.netrc has for a host to which a registry redirects."""

    def rebuild_auth(self, prepared_request: Any, response: requests.Response) -> None:
        """Take the token off a request to another host, and put nothing in its place."""
        headers, url = prepared_request.headers, str(response.request.url)
        if "Authorization" in headers and self.should_strip_auth(url, prepared_request.url):  # type: ignore[no-untyped-call]
            del headers["Authorization"]


def registry_session(host: str) -> requests.Session:
    """A session for questions to the registry at `host` (with its port, if any) and to its token server.

    Raises ssl.SSLError and OSError where a certificate that Docker was given cannot be read.
    """
    # requests brings a list of authorities of its own and does not know those that an organisation has installed.
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for folder in CERTIFICATE_FOLDERS:
        # The name comes from an engine, and must not lead out of the folder.
        for authority in sorted((folder / host).glob("*.crt")) if HOST.fullmatch(host) else ():
            context.load_verify_locations(authority)
    session = _RegistrySession()
    session.headers["User-Agent"] = USER_AGENT
    session.mount("https://", _TrustingAdapter(context))
    return session
