"""One image taken apart: where each byte came from, what it is for, and whether anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from tui.image.facts import Facts, FoundProgram, gather
from tui.image.merge import Merged, Place, merge
from tui.image.model import ImageConfig, Kind, LayerIndex, Origin
from tui.image.provenance import bringers, tie
from tui.image.purposes import PURPOSES, Purpose, PurposeRules, purposes_of


@dataclass(frozen=True, slots=True)
class Total:
    """Some files together."""

    size_bytes: int = 0
    files: int = 0
    """Files and links; folders, devices and whiteouts are not counted."""

    def __add__(self, other: Total) -> Total:
        return Total(self.size_bytes + other.size_bytes, self.files + other.files)


@dataclass(frozen=True, slots=True)
class Anatomy:
    """An image taken apart. Columns as in `LayerIndex`: one for each layer, a byte for each member."""

    config: ImageConfig
    layers: tuple[LayerIndex, ...]
    """As `Merged` has them: bytes of files with several names stand at a live one, where there is one."""
    origins: tuple[Origin | None, ...]
    """What made each layer."""
    merged: Merged
    purposes: tuple[bytes, ...]
    """What each member is for: a position in PURPOSES."""
    by_layer: tuple[dict[Purpose, Total], ...]
    """What each layer has of each purpose, copies that are waste included."""
    by_purpose: dict[Purpose, Total]
    """The same for all layers: adds up to `unpacked_bytes`."""
    facts: Facts

    @property
    def unpacked_bytes(self) -> int:
        """All copies in all layers."""
        return self.merged.unpacked_bytes

    @property
    def waste_bytes(self) -> int:
        """All copies without the live ones."""
        return self.merged.waste_bytes

    @property
    def programs(self) -> tuple[FoundProgram, ...]:
        """Your programs that a container sees, the largest first."""
        return self.facts.programs

    @property
    def program_bytes(self) -> int:
        """What your programs weigh."""
        return sum(program.size_bytes for program in self.programs)

    def purpose(self, place: Place) -> Purpose:
        """What a member is for."""
        return PURPOSES[self.purposes[place.layer][place.member]]


def dissect(
    config: ImageConfig,
    layers: Sequence[LayerIndex],
    chain: Sequence[Origin] = (),
    rules: PurposeRules | None = None,
) -> Anatomy:
    """Take an image apart. `layers` are those of `config.diff_ids`, empty and repeated ones included.

    `chain` is what the Dockerfile says in the stages that the image descends from, as for `tie`. Raises ValueError
    where the layers are not as many as the configuration says.
    """
    origins = tie(config, chain)
    if len(origins) != len(layers):
        raise ValueError(f"The image has {len(origins)} layers, and {len(layers)} were given.")
    merged = merge(layers)
    purposes = purposes_of(merged.layers, bringers(origins), config.environment, rules)
    by_layer = tuple(_totals(layer, column) for layer, column in zip(merged.layers, purposes, strict=True))
    return Anatomy(
        config=config,
        layers=merged.layers,
        origins=origins,
        merged=merged,
        purposes=purposes,
        by_layer=by_layer,
        by_purpose={purpose: sum((totals[purpose] for totals in by_layer), Total()) for purpose in PURPOSES},
        facts=gather(config, merged, purposes),
    )


COUNTED = (Kind.FILE, Kind.SYMLINK, Kind.HARDLINK)
_IS_COUNTED = bytes(int(kind in COUNTED) for kind in range(256))


def _totals(layer: LayerIndex, purposes: bytes) -> dict[Purpose, Total]:
    files = bytes(compress(purposes, layer.kinds.translate(_IS_COUNTED)))
    return {
        purpose: Total(sum(compress(layer.sizes, purposes.translate(_picks(number)))), files.count(number))
        if number in purposes
        else Total()
        for number, purpose in enumerate(PURPOSES)
    }


def _picks(number: int) -> bytes:
    """For `translate`: 1 where a column has this number, else 0."""
    return bytes(int(other == number) for other in range(256))
