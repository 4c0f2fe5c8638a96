"""The layers of one image, or of two beside each other: what made each, and how much it holds."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.image.alignment import AlignedLayer, AlignedRow
from tui.image.model import Origin
from tui.printable import printable
from tui.session import format
from tui.session.insight import Insight
from tui.widgets.purpose_looks import DRAWN_ORDER, PURPOSE_COLOURS, glyph
from tui.widgets.stacked_bars import part_cells

FIGURE_CELLS = 9
BAR_CELLS, SHORT_BAR_CELLS = 8, 3
ROOMY_CELLS = 48
"""A column of this width has room for long bars."""
GAP = " │ "
DIM = "$foreground 60%"


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """One layer of one image."""

    image: int
    layer: int


class LayerList(OptionList):
    """A row a layer, or a pair of layers; Enter or a click asks for the files of it. Left and right go from image to
    image.
    """

    BINDINGS = [
        Binding("left", "image(0)", show=False),
        Binding("right", "image(1)", show=False),
    ]

    DEFAULT_CSS = """
    LayerList {
        height: 1fr; border: none; padding: 0; background: $background; scrollbar-size: 1 1; text-wrap: nowrap;
    }
    LayerList:focus { border: none; }
    LayerList > .option-list--option-highlighted { background: $accent 12%; color: $foreground; text-style: none; }
    LayerList:focus > .option-list--option-highlighted { background: $accent 30%; }
    LayerList > .option-list--option-disabled { color: $foreground; }
    """

    class Chosen(Message):
        """The files of a layer are wanted."""

        def __init__(self, choice: LayerChoice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._insight: Insight | None = None
        self._rows: tuple[AlignedRow, ...] = ()
        self._image = 0
        """The image whose layers Enter means."""

    def show(self, insight: Insight) -> None:
        """Show the layers of this insight."""
        self._insight = insight
        self._image = 0
        self._rows = insight.rows or tuple(AlignedRow(layer) for layer in _all_layers(insight))
        self._draw()

    def on_resize(self) -> None:
        """Other widths cut the instructions elsewhere."""
        if self._insight is not None:
            self._draw()

    def _draw(self) -> None:
        assert self._insight is not None
        highlighted = self.highlighted
        images = self._insight.images
        columns, width = len(images), self._column_cells
        largest = max((layer.size_bytes for one in images for layer in one.anatomy.layers), default=0)
        self.clear_options()
        self.add_option(Option(self._heads(), disabled=True))
        for row in self._rows:
            cells = [self._layer(0, row.left, width, largest, is_shared=row.is_shared)]
            if columns > 1 and row.discarded is not None:
                cells.append(_discarded(row.discarded, width))
            elif columns > 1:
                cells.append(self._layer(1, row.right, width, largest, is_shared=row.is_shared))
            self.add_option(Option(_joined(cells)))
        self.highlighted = highlighted if highlighted is not None else 1

    @property
    def _column_cells(self) -> int:
        assert self._insight is not None
        columns = len(self._insight.images)
        return max(20, (self.size.width - 2 - len(GAP) * (columns - 1)) // columns)

    def _heads(self) -> Content:
        """The titles; that of the image which Enter means is singled out."""
        assert self._insight is not None
        heads = []
        for number, one in enumerate(self._insight.images):
            is_meant = number == self._image and len(self._insight.images) > 1
            sign, look = ("▸", "bold $accent") if is_meant else (" ", "bold")
            heads.append(_fitted(Content.styled(f"{sign}{printable(one.title)}", look), self._column_cells))
        return _joined(heads)

    def action_image(self, image: int) -> None:
        """Let Enter mean the layers of this image."""
        if self._insight is not None and image < len(self._insight.images) and image != self._image:
            self._image = image
            self.replace_option_prompt_at_index(0, self._heads())

    def on_click(self, event: events.Click) -> None:
        """A click means the image in whose column it is; what it chooses there is chosen afterwards."""
        if self._insight is not None:
            self.action_image(min(event.x // (self._column_cells + len(GAP)), len(self._insight.images) - 1))

    def _layer(self, image: int, layer: AlignedLayer | None, width: int, largest: int, *, is_shared: bool) -> Content:
        """Size, bar by purpose, and the instruction with its line."""
        if layer is None:
            return Content(" " * width)
        assert self._insight is not None
        totals = self._insight.images[image].anatomy.by_layer[layer.index]
        bar_cells = _bar_cells(width)
        counts = part_cells([totals[purpose].size_bytes for purpose in DRAWN_ORDER], largest, bar_cells)
        is_plain = self.app.no_color
        bar = [
            (glyph(purpose, is_plain=is_plain) * count, PURPOSE_COLOURS[purpose])
            for purpose, count in zip(DRAWN_ORDER, counts, strict=True)
        ]
        room = width - FIGURE_CELLS - bar_cells - 2
        return Content.assemble(
            (format.size(layer.size_bytes).rjust(FIGURE_CELLS), "bold" if layer.size_bytes else DIM),
            " ",
            *bar,
            " " * (bar_cells - sum(counts) + 1),
            _fitted(_origin_words(layer.origin, is_shared=is_shared), room),
        )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        row = self._rows[event.option_index - 1]
        layers = (row.left, row.right)
        if self._image and row.discarded is not None:
            self.notify(f"{row.discarded.shown}: its stage was left behind, and with it what it made.", markup=False)
            return
        # Where one image has nothing in this row, the other one's layer can only be meant.
        image = self._image if layers[self._image] is not None else 1 - self._image
        layer = layers[image]
        if layer is not None:
            self.post_message(self.Chosen(LayerChoice(image, layer.index)))


def _all_layers(insight: Insight) -> list[AlignedLayer]:
    anatomy = insight.images[0].anatomy
    return [
        AlignedLayer(index, layer.size_bytes, origin)
        for index, (layer, origin) in enumerate(zip(anatomy.layers, anatomy.origins, strict=True))
    ]


def _origin_words(origin: Origin | None, *, is_shared: bool) -> Content:
    """Line and instruction; what came with the base image has no line."""
    shared = Content.styled("= ", "$accent") if is_shared else Content("")
    if origin is None:
        return Content.assemble(shared, ("base image", DIM))
    words = origin.shown or "base image, imported"
    line = f"{origin.line}: " if origin.line is not None else ""
    return Content.assemble(shared, (line, DIM), (words, "" if origin.line is not None else DIM))


def _discarded(origin: Origin, width: int) -> Content:
    """An instruction whose stage was left behind: it made no layer of this image."""
    words = f"{origin.line}: {origin.shown}"
    bar_cells = _bar_cells(width)
    return Content.assemble(
        (f"{'dropped':>{FIGURE_CELLS}} ", DIM),
        " " * (bar_cells + 1),
        _fitted(Content.styled(words, "$stage-builder 70%"), width - FIGURE_CELLS - bar_cells - 2),
    )


def _bar_cells(width: int) -> int:
    return BAR_CELLS if width >= ROOMY_CELLS else SHORT_BAR_CELLS


def _fitted(words: Content, room: int) -> Content:
    """Exactly so many cells."""
    return words.truncate(max(1, room), ellipsis=True).pad_right(max(0, room - words.cell_length))


def _joined(cells: list[Content]) -> Content:
    return Content.styled(GAP, "$foreground 25%").join(cells)
