"""One gRPC call that a BuildKit daemon makes in its client's session, as the thread that answers it sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Protocol, TypeVar

from google.protobuf.message import DecodeError, Message

Request = TypeVar("Request", bound=Message)


class Status(IntEnum):
    """gRPC's status codes, as far as they are used: https://grpc.io/docs/guides/status-codes/."""

    OK = 0
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    NOT_FOUND = 5
    RESOURCE_EXHAUSTED = 8
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14


class CallRefused(Exception):
    """A handler raises it to answer a call with a status other than OK. The daemon shows the message to the user."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


class CallGone(Exception):
    """The daemon has withdrawn the call, or the connection was cut: nobody waits for an answer any more."""


class Call(Protocol):
    """What a handler may do with its call."""

    @property
    def metadata(self) -> Mapping[str, Sequence[str]]:
        """The call's headers by their lower-case names; each may have been sent several times."""
        ...

    def receive(self) -> bytes | None:
        """The daemon's next message; None once it has sent its last. Raises CallGone."""
        ...

    def send(self, message: bytes, *, more: bool = False) -> None:
        """Send a message, waiting while too much is waiting to be sent already. Raises CallGone.

        With `more` it may be held back for a moment, as another one will follow.
        """
        ...


Handler = Callable[[Call], None]
"""Answers one call, on a thread of its own: it returns when the answer is complete, or raises `CallRefused`."""

Handlers = Mapping[str, Handler]
"""By the method's full path: `/grpc.health.v1.Health/Check`."""


def read_request(call: Call, kind: type[Request]) -> Request:
    """The one message of a call. Raises CallRefused where it is none of this kind."""
    try:
        return kind.FromString(call.receive() or b"")
    except DecodeError as error:
        raise CallRefused(Status.INVALID_ARGUMENT, f"not a {kind.__name__}") from error
