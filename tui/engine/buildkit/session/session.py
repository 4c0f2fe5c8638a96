"""The session of one build: what the daemon may ask of us while it builds, and nothing longer.

A session that outlives its build is asked for its health; unanswered, it makes builds of others fail that share a
step with this one. So it ends with the build, however that ends.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.engine.buildkit.session.grpc_server import GrpcServer
from tui.engine.buildkit.session.hijack import hijack_session

if TYPE_CHECKING:
    from tui.engine.buildkit.session.call import Handlers
    from tui.engine.endpoint import Endpoint
    from tui.engine.transport import Wire

METHOD_HEADER = "X-Docker-Expose-Session-Grpc-Method"


@contextmanager
def open_session(
    endpoint: Endpoint, api_version: str, wire: Wire, handlers: Sequence[Handlers], shared_key: str
) -> Iterator[str]:
    """A session that answers by these handlers, as its name for `POST /build?session=`.

    `shared_key` tells the daemon which of its copies of a context to compare with: the same key, the same folder.
    Cutting `wire` ends it. Raises SessionRefused, and OSError as connecting does.
    """
    methods = {method: handler for service in handlers for method, handler in service.items()}
    name = secrets.token_hex(16)
    headers = [
        ("X-Docker-Expose-Session-Uuid", name),
        ("X-Docker-Expose-Session-Name", "jettison"),
        ("X-Docker-Expose-Session-Sharedkey", shared_key),
        # A line for each: a list with commas would be one unknown method.
        *((METHOD_HEADER, method) for method in methods),
    ]
    sock, early = hijack_session(endpoint, api_version, wire, headers)
    with sock:
        server = GrpcServer(sock, early, methods)
        thread = threading.Thread(target=server.serve, name="session", daemon=True)
        thread.start()
        try:
            yield name
        finally:
            server.cut()
            thread.join()
