"""What a build starts from, as a pane shows it before there is a build."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui.session import format
from tui.session.base_images import BaseImage, BaseState, room_for

SIGNS = {
    BaseState.HERE: ("✓", "$success"),
    BaseState.CACHED: ("✓", "$success"),
    BaseState.TO_PULL: ("↓", "$accent"),
    BaseState.REFUSED: ("✗", "$error"),
    BaseState.UNKNOWN: ("?", "$foreground 60%"),
}


def bases_content(bases: Sequence[BaseImage], free_bytes: int | None) -> Content:
    """Each image with how it stands below it; then whether the disk has room, and what to do about those that cannot
    be had."""
    advised: dict[str, None] = {}
    lines: list[Content] = [Content.styled("it starts from", "$foreground 60%")]
    for base in bases:
        sign, style = SIGNS[base.state]
        frontend = " (frontend)" if base.wanted.is_frontend else ""
        lines.append(Content.assemble((sign, style), f" {base.name}{frontend}"))
        lines.append(
            Content.styled(f"  {_words(base)}", "$error" if base.state is BaseState.REFUSED else "$foreground 60%")
        )
        if base.state is BaseState.TO_PULL:
            origin = base.origin
            if " by way of " in origin:
                # The pane is narrow: a mirror has a line of its own, and so has the login.
                origin = origin.replace(" by way of ", "\n  by way of ").replace(" (", "\n  (")
            lines.append(Content.styled(f"  {origin}", "$foreground 60%"))
        if base.state is BaseState.REFUSED:
            advised[base.advice] = None
    if (room := _room(bases, free_bytes)) is not None:
        lines.append(room)
    lines += [Content.styled(advice, "bold") for advice in advised]
    return Content("\n").join(lines)


def _room(bases: Sequence[BaseImage], free_bytes: int | None) -> Content | None:
    """Whether what is to be pulled fits on the engine's disk; None where that is not known."""
    room = room_for(bases)
    if free_bytes is None or not room.packed_bytes:
        return None
    words = f"about {format.size(room.needed_bytes)} of {format.size(free_bytes)} free"
    if room.is_enough(free_bytes):
        return Content.assemble(("✓", "$success"), (f" {words}", "$foreground 60%"))
    return Content.styled(f"✗ {words}: make room on the engine's disk first", "$error")


def _words(base: BaseImage) -> str:
    """In fewer words than on a whole line of a terminal."""
    if base.state is BaseState.TO_PULL and base.offer is not None and base.offer.packed_bytes is not None:
        layers = f"{base.offer.layers} layer{'' if base.offer.layers == 1 else 's'}"
        return f"will be pulled: {format.size(base.offer.packed_bytes)}, {layers}"
    return base.what if base.state is BaseState.REFUSED else base.words
