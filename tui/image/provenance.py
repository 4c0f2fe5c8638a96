"""Which instruction of a Dockerfile made which layer: the image's history, tied to the instructions as written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.image.instructions import cleaned, is_from_context, keyword, likeness
from tui.image.model import ImageConfig, Origin
from tui.image.pairing import best_pairs

PASSED_OVER = 0.3
"""What it costs to leave out a line of history between, or after, lines that have a partner: less than any pair earns,
enough that the end of a history is preferred to a base image that reads a little more alike."""


@dataclass(frozen=True, slots=True)
class Bringer:
    """How a layer came into the image: what rules on purposes may ask for."""

    keyword: str = ""
    """Of the instruction that made it: `COPY`; empty where that is not known, or the base image's own matter."""
    from_context: bool = False
    """It brought files of the build context."""
    is_written: bool = False
    """The instruction stands in the Dockerfile at hand."""
    is_base: bool = False
    """There is a Dockerfile at hand, and the layer is none of its own."""


def tie(config: ImageConfig, chain: Sequence[Origin]) -> tuple[Origin | None, ...]:
    """The origin of each layer, the lowest first.

    `chain` is what the Dockerfile says, in order, in the stages that the image descends from, FROM left out. A line of
    history that has no partner in it comes from the base image and tells of itself: no line, no stage. None where the
    history says nothing, or does not fit the layers.
    """
    history = config.history
    if sum(not entry.is_empty for entry in history) != len(config.diff_ids):
        return (None,) * len(config.diff_ids)
    told = [cleaned(entry.created_by) for entry in history]
    pairs = best_pairs([[_worth(text, origin) for origin in chain] for text in told], PASSED_OVER)
    partners = {line: chain[instruction] for line, instruction in pairs}
    return tuple(
        partners.get(index) or (Origin(told[index], None, "") if told[index] else None)
        for index, entry in enumerate(history)
        if not entry.is_empty
    )


def bringers(origins: Sequence[Origin | None]) -> tuple[Bringer, ...]:
    """How each layer came. Where no line of a Dockerfile is known, the history has to speak for all layers."""
    has_dockerfile = any(origin is not None and origin.line is not None for origin in origins)
    return tuple(_bringer(origin, has_dockerfile) for origin in origins)


def _bringer(origin: Origin | None, has_dockerfile: bool) -> Bringer:
    is_written = origin is not None and origin.line is not None
    if origin is None or (has_dockerfile and not is_written):
        return Bringer(is_base=has_dockerfile)
    text = origin.instruction
    return Bringer(keyword(text), is_from_context(text, is_written=is_written), is_written)


def _worth(told: str, origin: Origin) -> float:
    """What a pair earns; 0 where there can be none.

    The keyword alone is worth something: builders fill in variables, so that no other word needs to be left.
    """
    alike = likeness(told, origin.instruction)
    if keyword(told):
        return 1 + alike if keyword(told) == keyword(origin.instruction) else 0.0
    # A command that went through no shell, as the classic builder writes it down.
    return alike if alike >= 0.5 else 0.0
