"""What builds move, where a log has nothing to show: the layers of base images, the context, the image itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import set_cell_size
from textual.content import Content
from textual.widgets import Static

from tui.engine.events import Activity
from tui.session import format
from tui.session.build_record import Step
from tui.session.step_load import Layer, Load
from tui.widgets.progress_bar import progress_bar

NAMES = (12, 7)
"""Characters of a layer's digest; the second where the first leave no room for a bar."""
LEAST_BAR = 8
GREY = "$foreground 60%"


class LayersView(Static):
    """One line a layer: its short digest, a bar, how much of it is here. It takes no room where nothing moves."""

    DEFAULT_CSS = """
    LayersView {
        display: none; height: auto; max-height: 60%; width: 100%; padding: 0 1;
        background: $surface; text-wrap: nowrap;
    }
    LayersView.shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = Content()

    def show(self, steps: Iterable[Step], width: int) -> None:
        """Show what these steps move; where that is nothing, hide."""
        moved = [(step, step.load) for step in steps if step.load is not None]
        pulls = [step for step, load in moved if load.is_pull]
        lines: list[Content] = []
        for step, load in moved:
            if len(pulls) > 1 and load.is_pull:
                lines.append(Content.styled(set_cell_size(step.title, width).rstrip(), GREY))
            lines += _layer_lines(load.layers, width) if load.is_pull else _sentence(load, width)
        content = Content("\n").join(lines)
        self.set_class(bool(lines), "shown")
        if not content.is_same(self._shown):
            is_resized = content.plain.count("\n") != self._shown.plain.count("\n")
            self._shown = content
            self.update(content, layout=is_resized)


def _sentence(load: Load, width: int) -> list[Content]:
    match load.activity:
        case Activity.TRANSFERRING:
            words = f"files sent: {format.progress(load.current_bytes, load.total_bytes)}"
        case Activity.EXPORTING:
            words = f"image: {load.detail.split(' sha256:')[0]}"
        case _:
            return []
    return [Content.styled(words if len(words) <= width else words[: max(1, width - 1)] + "…", GREY)]


def _layer_lines(layers: Sequence[Layer], width: int) -> list[Content]:
    words = [_words(layer) for layer in layers]
    longest = max(map(len, words))
    name_cells = next((cells for cells in NAMES if width - cells - longest - 4 >= LEAST_BAR), NAMES[-1])
    bar_cells = width - name_cells - longest - 4
    lines = []
    for layer, text in zip(layers, words, strict=True):
        name = layer.name.removeprefix("sha256:")[:name_cells].ljust(name_cells)
        colour = "$success" if layer.is_extracted else "$accent"
        bar = (progress_bar(_share(layer), bar_cells, colour), "  ") if bar_cells >= LEAST_BAR else ()
        lines.append(
            Content.assemble((name, GREY), "  ", *bar, (text.rjust(longest), "$success" if layer.is_extracted else ""))
        )
    return lines


def _words(layer: Layer) -> str:
    if layer.is_extracting and not layer.is_extracted:
        return "extracting"
    if layer.is_downloaded or layer.is_extracted:
        size = format.size(layer.total_bytes) if layer.total_bytes else "here"
        return f"✓ {size}" if layer.is_extracted else size
    return format.progress(layer.current_bytes, layer.total_bytes) if layer.total_bytes else "waiting"


def _share(layer: Layer) -> float:
    if layer.is_downloaded or layer.is_extracted:
        return 1.0
    return min(1.0, layer.current_bytes / layer.total_bytes) if layer.total_bytes else 0.0
