"""What a registry has under a name."""

from __future__ import annotations

from dataclasses import dataclass

from tui.engine.registry.reference import Reference


@dataclass(frozen=True, slots=True)
class Offer:
    """An image that can be pulled, for one platform."""

    reference: Reference
    digest: str
    """Of what the name stands for: an index where there are several platforms."""
    answered_by: str
    """The host that answered: the registry's, or a mirror's; empty where the engine asked for us."""
    user: str | None = None
    """Who was logged in there; None for nobody."""
    platform: str = ""
    """Empty where the registry keeps one image only and does not say."""
    layers: int | None = None
    packed_bytes: int | None = None
    """What a pull of all layers transfers; None where it was not asked for, or not told."""
    pulls_left: int | None = None
    """How many pulls the registry still allows for now, where it tells."""
