"""How each purpose of bytes looks, wherever it is drawn: a colour, and a sign for screens without colours."""

from __future__ import annotations

from tui.image.purposes import PURPOSES, Purpose

PURPOSE_COLOURS: dict[Purpose, str] = {
    Purpose.BASE_SYSTEM: "$purpose-base",
    Purpose.TOOLCHAIN: "$purpose-toolchain",
    Purpose.BUILD_CACHE: "$purpose-build-cache",
    Purpose.MODULE_CACHE: "$purpose-module-cache",
    Purpose.PACKAGE_LEFTOVERS: "$purpose-packages",
    Purpose.SOURCES: "$purpose-sources",
    Purpose.YOUR_PROGRAM: "$purpose-program",
    Purpose.OTHER: "$purpose-other",
}
GROUP_COLOURS = tuple(PURPOSE_COLOURS[purpose] for purpose in PURPOSES)
"""By a purpose's position in PURPOSES, which is what the groups of a file tree are."""

PLAIN_GLYPHS: dict[Purpose, str] = {
    Purpose.BASE_SYSTEM: "░",
    Purpose.TOOLCHAIN: "▒",
    Purpose.BUILD_CACHE: "▓",
    Purpose.MODULE_CACHE: "▚",
    Purpose.PACKAGE_LEFTOVERS: "╱",
    Purpose.SOURCES: "▤",
    Purpose.YOUR_PROGRAM: "█",
    Purpose.OTHER: "·",
}
BLOCK = "█"

DRAWN_ORDER = (
    Purpose.YOUR_PROGRAM,
    Purpose.BASE_SYSTEM,
    Purpose.TOOLCHAIN,
    Purpose.BUILD_CACHE,
    Purpose.MODULE_CACHE,
    Purpose.PACKAGE_LEFTOVERS,
    Purpose.SOURCES,
    Purpose.OTHER,
)
"""From the left of a bar on: what must ship first, then what need not."""


def glyph(purpose: Purpose, *, is_plain: bool) -> str:
    """The sign that a purpose is drawn with; on a plain screen each has its own."""
    return PLAIN_GLYPHS[purpose] if is_plain else BLOCK
