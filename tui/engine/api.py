"""The protocol that every engine fulfils: BuildKit and classic through one Docker engine, and the replay.

Every method may block and is called from worker threads only, but for `Build.cancel`, which returns at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from tui.engine.events import BuildEvent
from tui.engine.model import BuildRequest, EngineInfo, Image


class Build(Protocol):
    """One build under way."""

    def events(self) -> Iterator[BuildEvent]:
        """Everything that happens, in order, ending with exactly one `BuildEnd`. May be called once."""
        ...

    def cancel(self) -> None:
        """End it as soon as can be (within 0.5 s, in any phase). Any thread, any number of times."""
        ...


class ImageStream(Protocol):
    """One image on its way out of the engine."""

    def pieces(self) -> Iterator[bytes]:
        """The archive that `docker save` would write, in pieces as they come. May be called once.

        The first piece may take seconds: the engine spools before it sends. After a cancel there are no more pieces.
        Raises ImageNotFound, EngineLost.
        """
        ...

    def cancel(self) -> None:
        """End it at once, in any phase. Any thread, any number of times."""
        ...


class Engine(Protocol):
    """A container engine, or a recording of one."""

    @property
    def info(self) -> EngineInfo:
        """Who answers; read once, at connection."""
        ...

    @property
    def time_scale(self) -> float:
        """How many of a build's seconds pass in one real second: 1, or more in a replay."""
        ...

    def build(self, request: BuildRequest) -> Build:
        """Prepare a build; it begins when its events are read."""
        ...

    def inspect(self, reference: str) -> Image:
        """The image of this ID or tag. Raises ImageNotFound, EngineLost."""
        ...

    def save(self, reference: str) -> ImageStream:
        """Prepare to read an image out, layers and all; it begins when its pieces are read."""
        ...

    def remove_image(self, reference: str) -> int:
        """Remove one image (ID or tag) and its untagged parents; the bytes of layers freed, as far as known.

        Raises ImageNotFound, ImageInUse, EngineLost.
        """
        ...

    def close(self) -> None:
        """Let go of all connections; running builds are cancelled."""
        ...
