"""A bar that fills."""

from __future__ import annotations

from textual.content import Content


def progress_bar(share: float, cells: int, colour: str = "$accent") -> Content:
    """So many cells, filled as far as `share` (from 0 to 1) goes."""
    filled = round(cells * share)
    return Content.assemble(("━" * filled, colour), ("━" * (cells - filled), "$foreground 15%"))
