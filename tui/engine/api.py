"""The protocol that every engine fulfils: BuildKit and classic through one Docker engine, and the replay.

Every method may block and is called from worker threads only, but for those that cancel, which return at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from tui.engine.containers import Container, ContainerRequest, LogPiece, Process, Share, Usage
from tui.engine.events import BuildEvent
from tui.engine.model import EngineInfo, Image
from tui.engine.registry.offer import Offer
from tui.engine.request import BuildRequest


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


class LogStream(Protocol):
    """A container's log on its way here."""

    def pieces(self) -> Iterator[LogPiece]:
        """What it prints, as it comes, until its end or a cancel. May be called once.

        Raises ContainerNotFound, EngineLost.
        """
        ...

    def cancel(self) -> None:
        """End it at once, in any phase. Any thread, any number of times."""
        ...


class Waiting(Protocol):
    """A container's end that is waited for."""

    def exit_code(self) -> int | None:
        """Return when it has ended; None after a cancel. Raises ContainerNotFound, EngineLost."""
        ...

    def cancel(self) -> None:
        """Wait no longer. Any thread, any number of times."""
        ...


class Containers(Protocol):
    """The containers of an engine. Its methods may be called from several threads at once."""

    def create(self, request: ContainerRequest) -> str:
        """Make a container, not yet running; its ID. Raises ImageNotFound, EngineLost."""
        ...

    def start(self, container_id: str) -> Container:
        """Start what was made; where that fails nothing is left of it.

        Raises PortTaken, StartFailed, ContainerNotFound, EngineLost.
        """
        ...

    def inspect(self, reference: str) -> Container:
        """The container of this ID or name. Raises ContainerNotFound, EngineLost."""
        ...

    def labelled(self, label: str, value: str) -> tuple[Container, ...]:
        """All containers, running or not, that carry this label; a list tells less of each than `inspect`.

        Raises EngineLost.
        """
        ...

    def log(self, container_id: str, *, follow: bool, timestamps: bool = False, last: int | None = None) -> LogStream:
        """Prepare to read what it prints, from the beginning or from its `last` lines."""
        ...

    def wait(self, container_id: str) -> Waiting:
        """Prepare to wait for its end."""
        ...

    def usage(self, container_id: str) -> Usage:
        """What it uses now. Raises ContainerNotRunning, ContainerNotFound, EngineLost."""
        ...

    def processes(self, container_id: str) -> tuple[Process, ...]:
        """What runs in it. Raises ContainerNotRunning, ContainerNotFound, EngineLost."""
        ...

    def stop(self, container_id: str, patience_seconds: float) -> float:
        """Ask it to end, and kill it when the patience is over; the seconds that it took.

        Raises ContainerNotFound, EngineLost.
        """
        ...

    def remove(self, container_id: str) -> int:
        """Remove it, running or not; the bytes that it had written. Raises ContainerNotFound, EngineLost."""
        ...

    def shell(self, container_id: str) -> str | None:
        """The path of a shell in it, or None where it has none. Raises ContainerNotFound, EngineLost."""
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

    @property
    def containers(self) -> Containers:
        """What runs on it. A recording runs nothing: there each method raises EngineError."""
        ...

    def build(self, request: BuildRequest) -> Build:
        """Prepare a build; it begins when its events are read."""
        ...

    def inspect(self, reference: str) -> Image:
        """The image of this ID or tag. Raises ImageNotFound, EngineLost."""
        ...

    def look_up(self, name: str, platform: str = "") -> Offer:
        """What a pull of this image would bring, for the engine's own platform unless one is named.

        May take as long as a registry takes to answer. Raises PullRefused, and EngineError for what is no name.
        """
        ...

    def cached_bases(self) -> Mapping[str, int]:
        """What BuildKit's cache holds of images that were pulled for builds: unpacked bytes by full name.

        Such images are in no list of images. Empty where the engine does not tell. Raises EngineLost.
        """
        ...

    def save(self, reference: str) -> ImageStream:
        """Prepare to read an image out, layers and all; it begins when its pieces are read."""
        ...

    def remove_image(self, reference: str) -> int:
        """Remove one image (ID or tag) and its untagged parents; the bytes of layers freed, as far as known.

        Raises ImageNotFound, ImageInUse, EngineLost.
        """
        ...

    def shares(self) -> Mapping[str, Share]:
        """How much of each image is its own, by image ID; without those of which the engine does not tell.

        Raises EngineLost.
        """
        ...

    def close(self) -> None:
        """Let go of all connections; running builds are cancelled, logs and waits are cut."""
        ...
