"""What is inside one image, or two, as tables on stdout."""

from __future__ import annotations

from collections.abc import Sequence

from tui.commands.say import print_table
from tui.engine.model import Image
from tui.image.leftover import LeftBehind
from tui.image.purposes import PURPOSES
from tui.session import format
from tui.session.insight import Inside, Insight
from tui.session.inspection_report import image_size, packed_bytes

LISTED_LAYERS = 40


def print_tables(insight: Insight, images: Sequence[Image | None]) -> None:
    """Sizes by purpose, the layers of each image, and what the smaller one does not carry."""
    anatomies = [one.anatomy for one in insight.images]
    columns = tuple(range(1, len(anatomies) + 1))
    rows: list[tuple[str, ...]] = [
        ("size", *(format.size(image_size(i, a)[0]) for i, a in zip(images, anatomies, strict=True))),
        ("unpacked", *(format.size(a.unpacked_bytes) for a in anatomies)),
    ]
    packed = [packed_bytes(anatomy) for anatomy in anatomies]
    if all(size is not None for size in packed):
        rows.append(("packed (computed)", *(format.size(size or 0) for size in packed)))
    rows.append(("wasted", *(format.size(a.waste_bytes) for a in anatomies)))
    rows += (
        (f"  {purpose.label}", *(format.size(anatomy.by_purpose[purpose].size_bytes) for anatomy in anatomies))
        for purpose in PURPOSES
        if any(anatomy.by_purpose[purpose].size_bytes for anatomy in anatomies)
    )
    print_table(("", *(one.title for one in insight.images)), rows, right=columns)
    for inside in insight.images:
        _print_layers(inside)
    if insight.left_behind is not None:
        _print_left_behind(insight.left_behind, insight.larger.title, insight.smaller.title)


def _print_left_behind(left: LeftBehind, larger: str, smaller: str) -> None:
    folders = left.by_directory()
    if not folders:
        print(f"\n{larger} has nothing that {smaller} does not carry.")
        return
    print(f"\n{format.size(left.size_bytes)} of {larger} that {smaller} does not carry:")
    rows = [(format.size(one.size_bytes), f"{one.files:,}", f"/{one.path}") for one in folders]
    print_table(("SIZE", "FILES", "FOLDER"), rows, right=(0, 1))


def _print_layers(inside: Inside) -> None:
    print(f"\nlayers of {inside.title}")
    pairs = list(zip(inside.anatomy.layers, inside.anatomy.origins, strict=True))
    rows = [
        (
            format.size(layer.size_bytes),
            str(origin.line) if origin is not None and origin.line is not None else "",
            origin.stage if origin is not None else "",
            origin.shown if origin is not None else "base image",
        )
        for layer, origin in pairs[:LISTED_LAYERS]
    ]
    print_table(("SIZE", "LINE", "STAGE", "INSTRUCTION"), rows, right=(0, 1))
    if len(pairs) > LISTED_LAYERS:
        print(f"… and {len(pairs) - LISTED_LAYERS} more")
