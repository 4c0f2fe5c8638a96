"""Both images to scale, the ratio in big digits, what must be known to read the figures, and the layers of each."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.engine.model import HistoryLayer, Image
from tui.printable import printable
from tui.session import format
from tui.session.comparison import ARTICLE_MULTISTAGE_BYTES, ARTICLE_SIMPLE_BYTES, BASIS_WORDS, Built, Comparison
from tui.widgets.big_figure import BigFigure
from tui.widgets.clickable import clickable
from tui.widgets.size_bars import Bar, SizeBars, bar_cells

COLOURS = ("$stage-builder", "$stage-production")
LAYER_FIGURE_CELLS = 9
LAYER_BAR_CELLS = 8
NOTE_NAME_CELLS = 9


class SizesPane(VerticalScroll, can_focus=True):
    """Shows one `Comparison`."""

    DEFAULT_CSS = """
    SizesPane { padding: 0 1; scrollbar-size: 1 1; background: $background; }
    SizesPane > .empty { height: auto; width: 100%; margin-top: 1; }
    SizesPane > #figures { height: 5; margin-top: 1; }
    SizesPane > SizeBars { margin-top: 1; }
    SizesPane > .notes { height: auto; width: 100%; margin-top: 1; }
    SizesPane > #layers { height: auto; margin-top: 1; }
    SizesPane > #layers > Static { width: 1fr; height: auto; margin-right: 2; }
    SizesPane .first Digits { color: $stage-builder; }
    SizesPane .second Digits { color: $stage-production; }
    SizesPane .ratio Digits { color: $accent; text-style: bold; }
    SizesPane.-slim > #layers { layout: vertical; }
    SizesPane.-slim > #layers > Static { width: 100%; margin-bottom: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._comparison: Comparison | None = None
        self._stages: tuple[Built, ...] = ()
        self._empty = Static(classes="empty")
        self._first = BigFigure(classes="first")
        self._ratio = BigFigure(classes="ratio")
        self._second = BigFigure(classes="second")
        self._bars = SizeBars()
        self._notes = Static(classes="notes")
        self._left = Static()
        self._right = Static()

    def compose(self) -> ComposeResult:
        """Figures, bars, notes, layers."""
        yield self._empty
        with Horizontal(id="figures"):
            yield self._first
            yield self._ratio
            yield self._second
        yield self._bars
        yield self._notes
        with Horizontal(id="layers"):
            yield self._left
            yield self._right

    def on_mount(self) -> None:
        """Nothing is built yet."""
        self.show(None, None)

    def on_resize(self) -> None:
        """Layers go below each other where there is little room."""
        self.set_class(self.size.width < 84, "-slim")
        if self._comparison is not None and self._comparison.built:
            self._draw(self._comparison)

    def show(self, comparison: Comparison | None, stages: Comparison | None) -> None:
        """Show what is built of it, and the stages that were built alone."""
        self._comparison = comparison
        self._stages = stages.built if stages is not None else ()
        built = comparison.built if comparison is not None else ()
        self._empty.display = len(built) < 2
        self._empty.update(_invitation(built))
        for part in ("#figures", SizeBars, ".notes", "#layers"):
            self.query_one(part).display = bool(built)
        if comparison is not None and built:
            self._draw(comparison)

    def _draw(self, comparison: Comparison) -> None:
        built = comparison.built
        _set_figure(self._first, built[0])
        both = len(built) > 1
        self._ratio.display = self._second.display = both
        if both and comparison.ratio is not None:
            _set_figure(self._second, built[-1])
            self._ratio.set("ratio", format.times(comparison.ratio), "times as large")
        self._bars.set_bars(
            [_bar(one, COLOURS[min(i, 1)]) for i, one in enumerate(built)] + [_bar(s, COLOURS[0]) for s in self._stages]
        )
        self._notes.update(_notes(comparison, max(30, self.size.width - 3)))
        width = self.size.width - 3 if self.has_class("-slim") else (self.size.width - 6) // 2
        largest = max((layer.size_bytes for one in built for layer in one.image.layers), default=0)
        for pane, index in ((self._left, 0), (self._right, 1)):
            pane.display = index < len(built)
            if index < len(built):
                pane.update(_layers(built[index], largest, max(30, width), COLOURS[index]))


def _invitation(built: tuple[Built, ...]) -> Content:
    """What to do while there is nothing to compare."""
    if not built:
        return Content.assemble(
            "Nothing is built yet. ", clickable("b", "build-both", "bold $accent"), " builds both variants."
        )
    return Content.assemble(
        "One of the variants is built. ", clickable("b", "build-both", "bold $accent"), " builds both."
    )


def _set_figure(figure: BigFigure, built: Built) -> None:
    number, unit = format.size_parts(built.image.size_bytes)
    figure.set(built.variant.title, number, unit)


def _bar(built: Built, colour: str) -> Bar:
    return Bar(built.variant.title, built.image.size_bytes, format.size(built.image.size_bytes), colour)


def _notes(comparison: Comparison, width: int) -> Content:
    """The metric, stand-ins, the recording, and the article's figures as history, in lines of `width` cells."""
    image = comparison.built[0].image
    notes = [("Metric", "$foreground 60%", BASIS_WORDS[image.size_basis])]
    if len({built.image.size_basis for built in comparison.built}) > 1:
        notes.append(("", "", "the two figures count different things: do not compare them"))
    notes += [("Stand-in", "$warning", words) for words in comparison.stand_ins]
    if comparison.engine.recorded_on is not None:
        words = f"on {comparison.engine.recorded_on:%Y-%m-%d}; nothing was built here"
        notes.append(("Recorded", "$warning", words))
    then = f"{format.size(ARTICLE_SIMPLE_BYTES)} against {format.size(ARTICLE_MULTISTAGE_BYTES)}"
    ratio = format.times(ARTICLE_SIMPLE_BYTES / ARTICLE_MULTISTAGE_BYTES)
    notes.append(("History", "$foreground 60%", f"the article of 2019 reported {then}, which is {ratio}"))
    return Content("\n").join(line for note in notes for line in _note_lines(*note, width))


def _note_lines(name: str, style: str, words: str, width: int) -> list[Content]:
    """A note whose further lines stand below its first."""
    rows = Content(words).wrap(width - NOTE_NAME_CELLS)
    names = [name, *[""] * (len(rows) - 1)]
    return [Content.assemble((n.ljust(NOTE_NAME_CELLS), style), row) for n, row in zip(names, rows, strict=True)]


def _layers(built: Built, largest: int, width: int, colour: str) -> Content:
    """A table of the layers that hold anything, the newest last; and how many hold nothing."""
    image: Image = built.image
    room = max(8, width - LAYER_FIGURE_CELLS - LAYER_BAR_CELLS - 2)
    lines = [Content.assemble((f"Layers of {built.variant.title}", "bold"))]
    full = [layer for layer in image.layers if layer.size_bytes]
    lines += [_layer_line(layer, largest, room, colour) for layer in full]
    empty = len(image.layers) - len(full)
    if empty:
        lines.append(
            Content.styled(
                f"{'0 B':>{LAYER_FIGURE_CELLS}} {'':{LAYER_BAR_CELLS}} {empty} more, settings only", "$foreground 60%"
            )
        )
    return Content("\n").join(lines)


def _layer_line(layer: HistoryLayer, largest: int, room: int, colour: str) -> Content:
    name = printable(" ".join(layer.created_by.split())) or "base image, imported"
    shown = name if len(name) <= room else name[: room - 1] + "…"
    return Content.assemble(
        (format.size(layer.size_bytes).rjust(LAYER_FIGURE_CELLS), "bold"),
        " ",
        (bar_cells(layer.size_bytes, largest, LAYER_BAR_CELLS).ljust(LAYER_BAR_CELLS), colour),
        " ",
        shown,
    )
