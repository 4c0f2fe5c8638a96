"""What a Docker engine tells of a container for as long as it runs: its log, and its end. Each can be cut at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.engine.boundary import LOST_ADVICE, engine_errors
from tui.engine.container_errors import check
from tui.engine.containers import LogPiece
from tui.engine.errors import EngineLost
from tui.engine.frames import FrameReader
from tui.engine.transport import Wire

if TYPE_CHECKING:
    import requests
    from docker import APIClient

PIECE_BYTES = 1 << 16


class _Stream:
    """One long conversation with the engine about one container."""

    def __init__(self, connect: Callable[[Wire], APIClient], container_id: str) -> None:
        self._connect = connect
        self._container_id = container_id
        self.wire = Wire()

    def cancel(self) -> None:
        """Cut the socket: it ends within moments. Any thread, any number of times."""
        self.wire.cut()

    @contextmanager
    def _answer(self, method: str, what: str, parameters: dict[str, str], doing: str) -> Iterator[requests.Response]:
        """The engine's answer while it lasts."""
        with engine_errors(f"{self._container_id[:12]} {doing}"):
            client = self._connect(self.wire)
            try:
                url = f"{client.base_url}/v{client.api_version}/containers/{self._container_id}/{what}"
                with client.request(method, url, params=parameters, stream=True, timeout=None) as response:
                    check(response)
                    yield response
            finally:
                client.close()


class DockerLog(_Stream):
    """A container's log being read; fulfils `tui.engine.api.LogStream`."""

    def __init__(
        self,
        connect: Callable[[Wire], APIClient],
        container_id: str,
        *,
        follow: bool,
        timestamps: bool,
        last: int | None,
    ) -> None:
        super().__init__(connect, container_id)
        self._timestamps = timestamps
        self._parameters = {
            "stdout": "1",
            "stderr": "1",
            "follow": "1" if follow else "0",
            "timestamps": "1" if timestamps else "0",
            "tail": "all" if last is None else str(last),
        }

    def pieces(self) -> Iterator[LogPiece]:
        """What it prints, as it comes, until it ends or is cancelled. Raises ContainerNotFound, EngineLost."""
        reader = FrameReader(timestamps=self._timestamps)
        try:
            with self._answer("GET", "logs", self._parameters, "was being listened to") as response:
                for piece in response.raw.stream(PIECE_BYTES):
                    yield from reader.feed(piece)
                yield from reader.finish()
        except EngineLost:
            # A socket that was cut looks like an engine that went away.
            if not self.wire.is_cut:
                raise


class DockerWait(_Stream):
    """A container's end being waited for; fulfils `tui.engine.api.Waiting`."""

    def exit_code(self) -> int | None:
        """Return when it has ended; None where the wait was cancelled. Raises ContainerNotFound, EngineLost."""
        doing = "was being waited for"
        try:
            with self._answer("POST", "wait", {"condition": "not-running"}, doing) as response:
                return _status_code(response.content)
        except EngineLost:
            if not self.wire.is_cut:
                raise
        return None


def _status_code(answer: bytes) -> int:
    try:
        return int(json.loads(answer)["StatusCode"])
    except ValueError as error:
        raise EngineLost(
            "The engine's answer broke off while a container was being waited for.", LOST_ADVICE
        ) from error
