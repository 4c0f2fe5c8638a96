"""The layers of base images that are pulled, where a log has nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui.session import format
from tui.session.step_load import Layer, Load
from tui.widgets.progress_bar import progress_bar

NAME_CELLS = 12
LEAST_BAR = 8
GREY = "$foreground 60%"


class LayersView(Static):
    """One line a layer: its short digest, a bar, how much of it is here. It takes no room where nothing is pulled."""

    DEFAULT_CSS = """
    LayersView { display: none; height: auto; max-height: 60%; width: 100%; padding: 0 1; text-wrap: nowrap; }
    LayersView.shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = Content()

    def show(self, pulls: Sequence[Load], width: int) -> None:
        """Show these from now on; none hides it."""
        lines = [_layer_line(layer, width) for pull in pulls for layer in pull.layers]
        content = Content("\n").join(lines)
        self.set_class(bool(lines), "shown")
        if not content.is_same(self._shown):
            resized = content.plain.count("\n") != self._shown.plain.count("\n")
            self._shown = content
            self.update(content, layout=resized)


def _layer_line(layer: Layer, width: int) -> Content:
    name = layer.name.removeprefix("sha256:")[:NAME_CELLS].ljust(NAME_CELLS)
    words = _words(layer)
    cells = width - NAME_CELLS - 2 - len(words) - 2
    bar = progress_bar(_share(layer), cells, "$success" if layer.is_extracted else "$accent")
    parts = (bar, "  ") if cells >= LEAST_BAR else ()
    return Content.assemble((name, GREY), "  ", *parts, (words, "$success" if layer.is_extracted else ""))


def _words(layer: Layer) -> str:
    if layer.is_extracted:
        return f"✓ {format.size(layer.total_bytes)}" if layer.total_bytes else "✓"
    if layer.is_extracting:
        return "extracting"
    if layer.is_downloaded:
        return f"downloaded {format.size(layer.total_bytes)}" if layer.total_bytes else "downloaded"
    return format.progress(layer.current_bytes, layer.total_bytes) if layer.total_bytes else "waiting"


def _share(layer: Layer) -> float:
    if layer.is_downloaded or layer.is_extracted:
        return 1.0
    return min(1.0, layer.current_bytes / layer.total_bytes) if layer.total_bytes else 0.0
