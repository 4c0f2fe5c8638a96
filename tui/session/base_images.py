"""What a build will have to pull, known before it starts: which images are here, and what the others weigh."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tui.engine.api import Engine
from tui.engine.cause import Cause
from tui.engine.dockerfile import parse
from tui.engine.errors import EngineError, ImageNotFound
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.offer import Offer
from tui.engine.registry.patience import all_within, within
from tui.engine.registry.pull_words import SYNTAX
from tui.engine.registry.reference import parse_reference, registry_title
from tui.engine.request import Builder
from tui.session import format

ANSWER_SECONDS = 3.0
UNPACKED_FACTOR = 3
"""How much larger layers become, about: Debian, Alpine and the Go toolchain all pack to a third."""


class BaseState(StrEnum):
    """Whether an image is at hand."""

    HERE = "here"
    CACHED = "in the build cache"
    """Pulled for an earlier build. BuildKit asks the registry all the same whether there is a newer one."""
    TO_PULL = "to be pulled"
    REFUSED = "cannot be pulled"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class WantedImage:
    """An image that Dockerfiles name."""

    name: str
    is_frontend: bool = False
    """Whether a `# syntax=` line names it, and not a FROM or a --from."""


@dataclass(frozen=True, slots=True)
class BaseImage:
    """One image from outside, as it stands."""

    wanted: WantedImage
    state: BaseState
    size_bytes: int | None = None
    """What the engine says of one that is here; unpacked layers where it is in the build cache."""
    stand_in: str | None = None
    offer: Offer | None = None
    """What the registry has, for one that is to be pulled."""
    what: str = ""
    """Why it cannot be had, or why nothing is known."""
    advice: str = ""
    cause: Cause | None = None

    @property
    def name(self) -> str:
        """As the Dockerfile names it."""
        return self.wanted.name

    @property
    def origin(self) -> str:
        """Who has it and as whom it was asked, for one that is to be pulled: `from Docker Hub (anonymous)`."""
        return _origin(self.offer).strip() if self.offer is not None else ""

    @property
    def words(self) -> str:
        """How it stands, to follow its name: `to be pulled, 312 MB in 7 layers from Docker Hub (anonymous)`."""
        match self.state:
            case BaseState.HERE:
                stand_in = f", a stand-in ({self.stand_in})" if self.stand_in else ""
                return f"here{f', {format.size(self.size_bytes)}' if self.size_bytes else ''}{stand_in}"
            case BaseState.CACHED:
                return f"in the build cache, {format.size(self.size_bytes or 0)} unpacked"
            case BaseState.TO_PULL:
                assert self.offer is not None
                return f"to be pulled{_weight(self.offer)}{_origin(self.offer)}"
            case BaseState.REFUSED:
                return f"cannot be pulled. {self.what}"
        return f"not known: {self.what}"


@dataclass(frozen=True, slots=True)
class Room:
    """What the pulls need of the engine's disk. An estimate: registries do not tell what layers unpack to."""

    packed_bytes: int
    """What is transferred, of the images whose weight is known."""
    unweighed: int
    """How many images that are to be pulled have no known weight."""

    @property
    def needed_bytes(self) -> int:
        """Packed layers, which containerd's store keeps, and unpacked ones."""
        return self.packed_bytes * (1 + UNPACKED_FACTOR)

    def is_enough(self, free_bytes: int) -> bool:
        """Whether they fit, as far as is known."""
        return free_bytes > self.needed_bytes


def images_wanted(
    dockerfiles: Iterable[Path], builder: Builder, build_args: Mapping[str, str] | None = None
) -> tuple[WantedImage, ...]:
    """The images from outside that these Dockerfiles name, each once. Raises OSError.

    The classic builder takes `# syntax=` for a comment.
    """
    found: dict[WantedImage, None] = {}
    for file in dockerfiles:
        dockerfile = parse(file.read_text("utf-8", "replace"), build_args)
        found |= dict.fromkeys(WantedImage(name) for name in dockerfile.external_bases())
        if dockerfile.syntax and builder is Builder.BUILDKIT:
            found[WantedImage(dockerfile.syntax, is_frontend=True)] = None
    return tuple(found)


def look_up_bases(
    engine: Engine,
    wanted: Iterable[WantedImage],
    *,
    platform: str = "",
    seconds: float = ANSWER_SECONDS,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[BaseImage, ...]:
    """How each of these stands. Blocks for the engine's answers, and for the registries' no longer than `seconds`."""
    bases: dict[WantedImage, BaseImage | None] = {one: _on_engine(engine, one, platform) for one in wanted}
    if None in bases.values():
        cached = within(seconds, lambda: _cached(engine), stopped) or {}
        bases = {one: base or _in_cache(one, cached) for one, base in bases.items()}
    missing = [one for one, base in bases.items() if base is None]

    def asking(one: WantedImage) -> Callable[[], BaseImage]:
        return lambda: _at_registry(engine, one, platform)

    answers = all_within(seconds, [asking(one) for one in missing], stopped)
    for one, answer in zip(missing, answers, strict=True):
        bases[one] = answer or _silent(one, seconds)
    return tuple(base for base in bases.values() if base is not None)


def engine_free_bytes(engine: Engine) -> int | None:
    """What is free where the engine keeps its data, if that is on this machine."""
    folder = engine.info.root_folder
    return shutil.disk_usage(folder).free if folder and Path(folder).is_dir() else None


def room_for(bases: Iterable[BaseImage]) -> Room:
    """What pulling all that is missing takes."""
    offers = [base.offer for base in bases if base.offer is not None]
    weights = [offer.packed_bytes for offer in offers if offer.packed_bytes is not None]
    return Room(sum(weights), len(offers) - len(weights))


def _on_engine(engine: Engine, wanted: WantedImage, platform: str) -> BaseImage | None:
    """The image if the engine lists it, for this platform. BuildKit keeps frontends elsewhere."""
    if wanted.is_frontend:
        return None
    try:
        image = engine.inspect(wanted.name)
    except ImageNotFound:
        return None
    except EngineError as error:
        return BaseImage(wanted, BaseState.UNKNOWN, what=error.what, advice=error.advice)
    if platform and image.platform.split("/")[:2] != platform.split("/")[:2]:
        return None
    return BaseImage(wanted, BaseState.HERE, image.size_bytes, image.stand_in)


def _cached(engine: Engine) -> Mapping[str, int]:
    try:
        return engine.cached_bases()
    except EngineError:
        # Then the registry is asked, as if there were no cache.
        return {}


def _in_cache(wanted: WantedImage, cached: Mapping[str, int]) -> BaseImage | None:
    try:
        size_bytes = cached.get(parse_reference(wanted.name).full_name)
    except ValueError:
        return None
    return BaseImage(wanted, BaseState.CACHED, size_bytes) if size_bytes else None


def _at_registry(engine: Engine, wanted: WantedImage, platform: str) -> BaseImage:
    try:
        return BaseImage(wanted, BaseState.TO_PULL, offer=engine.look_up(wanted.name, platform))
    except PullRefused as refused:
        told = refused.named_by(SYNTAX) if wanted.is_frontend else refused
        return BaseImage(wanted, BaseState.REFUSED, what=told.what, advice=told.advice, cause=told.cause)
    except EngineError as error:
        return BaseImage(wanted, BaseState.UNKNOWN, what=error.what, advice=error.advice)


def _silent(wanted: WantedImage, seconds: float) -> BaseImage:
    what = f"its registry did not answer in {seconds:.0f} s"
    return BaseImage(wanted, BaseState.UNKNOWN, what=what)


def _weight(offer: Offer) -> str:
    if offer.packed_bytes is None or offer.layers is None:
        return ""
    return f", {format.size(offer.packed_bytes)} in {offer.layers} layer{'' if offer.layers == 1 else 's'}"


def _origin(offer: Offer) -> str:
    registry = offer.reference.registry
    if not offer.answered_by:
        return f" from {registry}, asked by the engine"
    who = f"as {offer.user}" if offer.user else "with your login" if offer.user is not None else "anonymous"
    mirror = "" if registry_title(offer.answered_by) == registry else f" by way of {offer.answered_by}"
    return f" from {registry}{mirror} ({who})"
