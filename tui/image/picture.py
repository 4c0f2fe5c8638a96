"""The picture of images by purpose, to take along: as an SVG or as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tui.figures import files
from tui.image.anatomy import Anatomy
from tui.image.purposes import Purpose
from tui.printable import printable, shortened

COLOURS = {
    Purpose.YOUR_PROGRAM: "#0b7568",
    Purpose.BASE_SYSTEM: "#71829a",
    Purpose.TOOLCHAIN: "#d98c46",
    Purpose.BUILD_CACHE: "#c9b04a",
    Purpose.MODULE_CACHE: "#8a6fd0",
    Purpose.PACKAGE_LEFTOVERS: "#b0668a",
    Purpose.SOURCES: "#88a34a",
    Purpose.OTHER: "#9aa3ad",
}
"""In the order in which they are drawn."""

WIDTH, LEFT, BAR_WIDTH, BAR_HEIGHT, ROW_HEIGHT = 900, 16, 740, 34, 76
NAME_HEIGHT = 24
"""A name stands on a line of its own, above its bar."""
LONGEST_NAME = 60
"""So many characters fit into the width whichever they are, as none is wider than it is high."""
TEXT = 'font-family="sans-serif" font-size="14" fill="#1d242d"'

NamedAnatomy = tuple[str, Anatomy]


def as_csv(images: Sequence[NamedAnatomy]) -> str:
    """A line for each purpose of each image: name, purpose, bytes, files."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("image", "purpose", "bytes", "files"))
    for name, anatomy in images:
        for purpose, total in anatomy.by_purpose.items():
            writer.writerow((printable(name), purpose.value, total.size_bytes, total.files))
    return text.getvalue()


def as_svg(images: Sequence[NamedAnatomy], figures: Sequence[str]) -> str:
    """Bars on one scale, each stacked by purpose, with a legend; `figures` are the sizes as they are printed."""
    largest = max((anatomy.unpacked_bytes for _, anatomy in images), default=0) or 1
    shown = [purpose for purpose in COLOURS if any(a.by_purpose[purpose].size_bytes for _, a in images)]
    height = 24 + ROW_HEIGHT * len(images) + 26 * len(shown) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>',
    ]
    for row, ((name, anatomy), figure) in enumerate(zip(images, figures, strict=True)):
        parts += _bar(printable(name), anatomy, figure, largest, 24 + row * ROW_HEIGHT)
    for row, purpose in enumerate(shown):
        y = 24 + ROW_HEIGHT * len(images) + 26 * row
        parts.append(f'<rect x="{LEFT}" y="{y}" width="16" height="16" fill="{COLOURS[purpose]}"/>')
        parts.append(f'<text x="{LEFT + 26}" y="{y + 13}" {TEXT}>{escape(purpose.label)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _bar(name: str, anatomy: Anatomy, figure: str, largest: int, top: int) -> list[str]:
    title = f"<title>{escape(name)}</title>"
    parts = [f'<text x="{LEFT}" y="{top + 14}" {TEXT}>{title}{escape(shortened(name, LONGEST_NAME))}</text>']
    x, y = float(LEFT), top + NAME_HEIGHT
    for purpose, colour in COLOURS.items():
        total = anatomy.by_purpose[purpose]
        width = total.size_bytes * BAR_WIDTH / largest
        if width:
            title = f"<title>{escape(purpose.label)}: {total.size_bytes:,} bytes in {files(total.files)}</title>"
            parts.append(
                f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="{BAR_HEIGHT}" fill="{colour}">{title}</rect>'
            )
        x += width
    parts.append(f'<text x="{x + 10:.2f}" y="{y + 22}" {TEXT} font-weight="bold">{escape(figure)}</text>')
    return parts
