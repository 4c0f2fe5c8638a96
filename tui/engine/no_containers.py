"""The containers of an engine that only replays: there are none, and none can be made."""

from __future__ import annotations

from typing import NoReturn

from tui.engine.containers import Container, ContainerRequest
from tui.engine.errors import EngineError


class NothingRuns(EngineError):
    """A recording was asked to run something."""


class NoContainers:
    """Refuses everything but the question what is there; fulfils `tui.engine.api.Containers`."""

    def create(self, request: ContainerRequest) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def start(self, container_id: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def inspect(self, reference: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def labelled(self, label: str, value: str) -> tuple[Container, ...]:
        """Nothing carries a label."""
        return ()

    def log(self, container_id: str, *, follow: bool, timestamps: bool = False, last: int | None = None) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def wait(self, container_id: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def usage(self, container_id: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def processes(self, container_id: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def stop(self, container_id: str, patience_seconds: float) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def remove(self, container_id: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def shell(self, container_id: str) -> NoReturn:
        """Raises NothingRuns."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise NothingRuns(
            "A recorded build cannot be run: there is no engine to run it.",
            "Start a Docker engine, and build it there.",
        )
