"""What is inside one image, or two, as tables on stdout: cut to the width of a terminal, whole into a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from tui.commands.say import print_table, terminal_columns
from tui.engine.model import Image
from tui.image.anatomy import Anatomy, Total
from tui.image.leftover import LeftBehind
from tui.image.purposes import PURPOSES, Purpose
from tui.image.waste import largest_waste
from tui.printable import printable, shortened
from tui.session import format
from tui.session.fact_words import fact_words
from tui.session.insight import Inside, Insight
from tui.session.inspection_report import image_size, packed_bytes

LISTED_LAYERS = 40
LISTED_WASTE = 5
UNMEASURED = "not measured"
NAME_COLUMNS = 26
"""What stands before the figures needs no more."""
PATH_SHARE = 0.4
"""So much of a terminal a path may take where something else is told beside it."""


def print_tables(insight: Insight, images: Sequence[Image | None]) -> None:
    """Sizes by purpose; of each image its layers, the largest waste and the facts; what the smaller one lacks."""
    most = terminal_columns()
    _print_sizes(insight, images, most)
    for inside in insight.images:
        title = printable(inside.title)
        _print_layers(title, inside.anatomy, _shared(inside, insight), most)
        _print_waste(title, inside.anatomy, most)
        _print_facts(title, inside.anatomy, most)
    if insight.left_behind is not None:
        _print_left_behind(insight.left_behind, printable(insight.larger.title), printable(insight.smaller.title), most)


def _print_sizes(insight: Insight, images: Sequence[Image | None], most: int | None) -> None:
    anatomies = [one.anatomy for one in insight.images]
    packed = [packed_bytes(anatomy) for anatomy in anatomies]
    rows = [
        _sizes("size", [image_size(i, a)[0] for i, a in zip(images, anatomies, strict=True)]),
        _sizes("unpacked", [a.unpacked_bytes for a in anatomies]),
        _sizes("packed (computed)", packed),
    ]
    if len(anatomies) > 1:
        rows.append(_sizes("shared", [insight.shared_bytes for _ in anatomies]))
    rows.append(_sizes("wasted", [a.waste_bytes for a in anatomies]))
    rows += (
        _sizes(f"  {purpose.label}", [anatomy.by_purpose[purpose].size_bytes for anatomy in anatomies])
        for purpose in PURPOSES
        if any(anatomy.by_purpose[purpose].size_bytes for anatomy in anatomies)
    )
    titles = [printable(one.title) for one in insight.images]
    if most is not None:
        room = max(len(UNMEASURED), (most - NAME_COLUMNS) // len(titles) - 2)
        titles = [shortened(title, room) for title in titles]
    print_table(("", *titles), rows, right=range(1, len(anatomies) + 1))
    if None in packed:
        print("--packed measures what a registry would hold of it.")


def _sizes(name: str, sizes: Sequence[int | None]) -> tuple[str, ...]:
    return (name, *(UNMEASURED if size is None else format.size(size) for size in sizes))


def _shared(inside: Inside, insight: Insight) -> set[str]:
    """The layers of an image that the other one has, too."""
    others = [one.anatomy for one in insight.images if one is not inside]
    return {layer.diff_id for other in others for layer in other.layers}


def _print_layers(title: str, anatomy: Anatomy, shared: set[str], most: int | None) -> None:
    _print_title(f"layers of {title}", most)
    if not anatomy.layers:
        print("none: only settings")
        return
    pairs = list(zip(anatomy.layers, anatomy.origins, strict=True))
    shown = pairs if most is None else pairs[:LISTED_LAYERS]
    rows = [
        (
            format.size(layer.size_bytes),
            "shared" if layer.diff_id in shared else "",
            str(origin.line) if origin is not None and origin.line is not None else "",
            origin.stage if origin is not None else "",
            origin.shown if origin is not None else "base image",
        )
        for layer, origin in shown
    ]
    head = ("SIZE", "SHARED", "LINE", "STAGE", "INSTRUCTION")
    # A column in which nothing stands only takes the room of the last.
    used = [column for column in range(len(head)) if any(row[column] for row in rows)]
    right = [position for position, column in enumerate(used) if head[column] in ("SIZE", "LINE")]
    print_table([head[column] for column in used], [[row[c] for c in used] for row in rows], right, most)
    if len(shown) < len(pairs):
        print(f"… and {len(pairs) - len(shown)} more; into a pipe all of them are printed.")


def _print_waste(title: str, anatomy: Anatomy, most: int | None) -> None:
    found = largest_waste(anatomy, LISTED_WASTE)
    if not found:
        return
    _print_title(f"largest waste in {title}", most)
    paths = [printable(f"/{one.path}") for one in found]
    if most is not None:
        paths = [shortened(path, round(most * PATH_SHARE)) for path in paths]
    rows = [(format.size(one.size_bytes), path, one.why) for one, path in zip(found, paths, strict=True)]
    print_table(("SIZE", "PATH", "WHY"), rows, right=(0,), most=most)


def _print_facts(title: str, anatomy: Anatomy, most: int | None) -> None:
    _print_title(f"facts of {title}", most)
    for words in fact_words(anatomy):
        _print_wrapped(words, most, "  ")


def _print_left_behind(left: LeftBehind, larger: str, smaller: str, most: int | None) -> None:
    folders = left.by_directory()
    if not folders:
        _print_title(f"{larger} has nothing that {smaller} does not carry.", most)
        return
    _print_title(f"{format.size(left.size_bytes)} of {larger} that {smaller} does not carry, by purpose", most)
    print_table(("SIZE", "FILES", "PURPOSE"), _purpose_rows(left.by_purpose), right=(0, 1))
    _print_title("the same by folder", most)
    rows = [(format.size(one.size_bytes), f"{one.files:,}", one.label) for one in folders]
    print_table(("SIZE", "FILES", "FOLDER"), rows, right=(0, 1), most=most)


def _purpose_rows(totals: Mapping[Purpose, Total]) -> list[tuple[str, str, str]]:
    found = sorted(totals.items(), key=lambda item: -item[1].size_bytes)
    return [(format.size(t.size_bytes), f"{t.files:,}", purpose.label) for purpose, t in found if t.size_bytes]


def _print_title(text: str, most: int | None) -> None:
    """A blank line, and what the table below is about."""
    print()
    _print_wrapped(text, most)


def _print_wrapped(text: str, most: int | None, indent: str = "") -> None:
    if most is None:
        print(f"{indent}{text}")
        return
    for line in textwrap.wrap(text, most, initial_indent=indent, subsequent_indent=indent * 2):
        print(line)
