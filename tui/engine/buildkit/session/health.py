"""`grpc.health.v1.Health`: asked every second or every five; a session that does not answer in time ends its build."""

from __future__ import annotations

from tui.engine.buildkit.session.call import Call, Handlers
from tui.engine.buildkit.session.session_pb2 import HealthCheckResponse

SERVING = 1


def health_handlers() -> Handlers:
    """The service's one method."""
    return {"/grpc.health.v1.Health/Check": _check}


def _check(call: Call) -> None:
    call.receive()
    call.send(HealthCheckResponse(status=SERVING).SerializeToString())
