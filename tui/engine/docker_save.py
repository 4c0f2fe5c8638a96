"""Reading an image out of a Docker engine, as `docker save` does, with an end at any moment."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import requests
from docker.errors import create_api_error_from_http_exception

from tui.engine.boundary import LOST_ADVICE, engine_errors
from tui.engine.errors import EngineLost
from tui.engine.read_ahead import read_ahead
from tui.engine.transport import Wire

if TYPE_CHECKING:
    from docker import APIClient

PIECE_BYTES = 4 << 20
"""Large pieces: each costs a turn at the interpreter's lock, for which whoever reads ahead must wait."""
END_MARK = bytes(1024)
"""A tar archive ends with two empty blocks."""


class DockerSave:
    """One image being read out; fulfils `tui.engine.api.ImageStream`."""

    def __init__(self, connect: Callable[[Wire], APIClient], reference: str) -> None:
        self._connect = connect
        self._reference = reference
        self._wire = Wire()

    def cancel(self) -> None:
        """Cut the socket; there are no more pieces within moments."""
        self._wire.cut()

    def pieces(self) -> Iterator[bytes]:
        """The archive, piece by piece. Raises ImageNotFound, EngineLost."""
        for piece in read_ahead(self._pieces(), self._wire.cut):
            if self._wire.is_cut:
                return
            yield piece

    def _pieces(self) -> Generator[bytes]:
        try:
            with engine_errors(f"{self._reference} was being read out"):
                yield from self._read()
        except EngineLost:
            # A socket that was cut looks like an engine that went away.
            if not self._wire.is_cut:
                raise

    def _read(self) -> Iterator[bytes]:
        client = self._connect(self._wire)
        try:
            url = f"{client.base_url}/v{client.api_version}/images/{self._reference}/get"
            with client.get(url, stream=True, timeout=None) as response:
                try:
                    response.raise_for_status()
                except requests.HTTPError as error:
                    create_api_error_from_http_exception(error)
                yield from self._whole(response.raw.stream(PIECE_BYTES))
        finally:
            client.close()

    def _whole(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces. Raises EngineLost where they stop before the archive's end."""
        tail = b""
        for piece in pieces:
            tail = piece[-len(END_MARK) :] if len(piece) >= len(END_MARK) else (tail + piece)[-len(END_MARK) :]
            yield piece
        if tail != END_MARK:
            raise EngineLost(f"The engine stopped in the middle of {self._reference}.", LOST_ADVICE)
