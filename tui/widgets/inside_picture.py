"""The picture of one or two images: bars by purpose, what the second FROM left behind, honest figures, and facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.engine.model import Image
from tui.image.anatomy import Anatomy
from tui.image.leftover import LeftBehind
from tui.image.purposes import Purpose
from tui.printable import printable
from tui.session import format
from tui.session.comparison import BASIS_WORDS
from tui.session.fact_words import fact_words
from tui.session.insight import Inside, Insight
from tui.session.inspection_report import packed_bytes
from tui.widgets.clickable import clickable, clicked_action
from tui.widgets.purpose_looks import DRAWN_ORDER, PURPOSE_COLOURS, glyph
from tui.widgets.stacked_bars import Part, StackedBar, StackedBars

NAME_CELLS = 22
FIGURE_CELLS = 13
"""What a figure needs; a column is wider where the title of its image is."""
LEFT_FOLDERS = 6
UNMEASURED = "?"
PURPOSE, WASTE, LEFT_BEHIND = "purpose", "waste", "left"
"""What a click asks for begins with: `purpose:1:sources` and `waste:1` of the second image, `left:usr/lib`."""
DIM = "$foreground 60%"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line of the table of figures: a figure for each image, and what it means."""

    name: str
    figures: tuple[str | Content, ...]
    meaning: str


class InsidePicture(VerticalScroll, can_focus=True):
    """Shows one `Insight`. A click on a purpose or on a folder asks for the files behind its figure."""

    DEFAULT_CSS = """
    InsidePicture { padding: 0 1; scrollbar-size: 1 1; background: $background; }
    InsidePicture > * { margin-top: 1; height: auto; width: 100%; }
    """

    class PurposeChosen(Message):
        """The files that an image has of this purpose are wanted."""

        def __init__(self, image: int, purpose: Purpose) -> None:
            super().__init__()
            self.image = image
            self.purpose = purpose

    class WasteChosen(Message):
        """The copies that an image carries for nothing are wanted."""

        def __init__(self, image: int) -> None:
            super().__init__()
            self.image = image

    class LeftBehindChosen(Message):
        """What was left behind in this folder is wanted."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._insight: Insight | None = None
        self._images: tuple[Image, ...] = ()
        self._bars = StackedBars()
        self._table = Static()
        self._left = Static()
        self._figures = Static()
        self._facts = Static()

    def compose(self) -> ComposeResult:
        """Bars, their legend, what was left behind, figures, facts."""
        yield from (self._bars, self._table, self._left, self._figures, self._facts)

    def show(self, insight: Insight, images: Sequence[Image]) -> None:
        """Show this insight; `images` are the engine's own words on the same images."""
        self._insight, self._images = insight, tuple(images)
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """A click on a figure, or on a name, leads to the files behind it."""
        what, _, of = (clicked_action(event) or "").partition(":")
        if what == PURPOSE:
            image, _, name = of.partition(":")
            message: Message = self.PurposeChosen(int(image), Purpose(name))
        elif what == WASTE:
            message = self.WasteChosen(int(of))
        elif what == LEFT_BEHIND:
            message = self.LeftBehindChosen(of)
        else:
            return
        event.stop()
        self.post_message(message)

    def on_resize(self) -> None:
        """Other widths break notes elsewhere."""
        self._draw()

    def _draw(self) -> None:
        if self._insight is None:
            return
        insight = self._insight
        is_plain = self.app.no_color
        width = max(40, self.size.width - 3)
        self._bars.bars = tuple(_bar(one, is_plain) for one in insight.images)
        cells = _column_cells(insight, width)
        self._table.update(_purposes(insight, cells, is_plain))
        self._left.display = insight.left_behind is not None
        if insight.left_behind is not None:
            self._left.update(_left_behind(insight, insight.left_behind, width))
        self._figures.update(_figure_table(insight, self._images, cells, width))
        self._facts.update(_facts(insight, width))


def _bar(inside: Inside, is_plain: bool) -> StackedBar:
    by_purpose = inside.anatomy.by_purpose
    parts = tuple(
        Part(by_purpose[purpose].size_bytes, glyph(purpose, is_plain=is_plain), PURPOSE_COLOURS[purpose])
        for purpose in DRAWN_ORDER
    )
    return StackedBar(inside.title, format.size(inside.anatomy.unpacked_bytes), parts)


def _column_cells(insight: Insight, width: int) -> int:
    """How wide each column of figures is."""
    longest = max(cell_len(one.title) for one in insight.images) + 2
    room = (width - NAME_CELLS) // len(insight.images)
    return max(FIGURE_CELLS, min(longest, room))


def _row(name: Content, figures: Sequence[str | Content], cells: int, rest: Content | None = None) -> Content:
    shown = [Content.assemble("  ", figure).truncate(cells, ellipsis=True).right(cells) for figure in figures]
    return Content.assemble(name.pad_right(max(0, NAME_CELLS - name.cell_length)), *shown, rest or "")


def _purposes(insight: Insight, cells: int, is_plain: bool) -> Content:
    """The legend, with the bytes of each purpose."""
    head = _row(Content.styled("What the bytes are", "bold"), [one.title for one in insight.images], cells)
    lines = [head]
    for purpose in DRAWN_ORDER:
        totals = [one.anatomy.by_purpose[purpose].size_bytes for one in insight.images]
        if any(totals):
            sign = glyph(purpose, is_plain=is_plain) * 2
            actions = [f"{PURPOSE}:{number}:{purpose}" for number in range(len(totals))]
            of_name = next(action for action, total in zip(actions, totals, strict=True) if total)
            name = Content.assemble((sign, PURPOSE_COLOURS[purpose]), " ", clickable(purpose.label, of_name))
            figures = [
                clickable(format.size(total), action) if total else "–"
                for action, total in zip(actions, totals, strict=True)
            ]
            lines.append(_row(name, figures, cells))
    return Content("\n").join(lines)


def _left_behind(insight: Insight, left: LeftBehind, width: int) -> Content:
    """How much of the larger image the smaller one does not carry, and in which folders that lies."""
    head = Content.assemble(
        (f"Left behind: {format.size(left.size_bytes)}", "bold"),
        (f" of {insight.larger.title} that {insight.smaller.title} does not carry", DIM),
    )
    lines = [head]
    parts = left.by_directory()
    for part in parts[:LEFT_FOLDERS]:
        path = printable(part.label)
        files = format.files(part.files)
        room = max(8, width - FIGURE_CELLS - len(files) - 4)
        shown = path if len(path) <= room else f"…{path[1 - room :]}"
        name = clickable(shown, f"{LEFT_BEHIND}:{part.path}")
        lines.append(Content.assemble(format.size(part.size_bytes).rjust(FIGURE_CELLS), "  ", name, "  ", (files, DIM)))
    if len(parts) > LEFT_FOLDERS:
        more = sum(part.size_bytes for part in parts[LEFT_FOLDERS:])
        words = f"  in {len(parts) - LEFT_FOLDERS} more folders"
        lines.append(Content.styled(format.size(more).rjust(FIGURE_CELLS) + words, DIM))
    return Content("\n").join(lines)


def figure_lines(insight: Insight, images: Sequence[Image]) -> list[FigureLine]:
    """All figures that are called the size of an image, each with its meaning."""
    anatomies = [one.anatomy for one in insight.images]
    lines = [
        FigureLine(
            "on this engine",
            tuple(format.size(image.size_bytes) for image in images),
            BASIS_WORDS[images[0].size_basis],
        ),
        FigureLine("unpacked", _sizes(a.unpacked_bytes for a in anatomies), "all files in all layers"),
        FigureLine(
            "packed", tuple(map(_packed_words, anatomies)), "as a registry would hold it: computed here, by gzip"
        ),
    ]
    if len(anatomies) > 1:
        shared = insight.shared_bytes
        lines += [
            FigureLine("shared", _sizes(shared for _ in anatomies), "in layers that both images have"),
            FigureLine("unique", _sizes(a.unpacked_bytes - shared for a in anatomies), "in layers of its own"),
        ]
    lines.append(
        FigureLine(
            "wasted", tuple(_waste(number, a) for number, a in enumerate(anatomies)), "copies that no container can see"
        )
    )
    return lines


def _waste(image: int, anatomy: Anatomy) -> str | Content:
    words = format.size(anatomy.waste_bytes)
    return clickable(words, f"{WASTE}:{image}") if anatomy.waste_bytes else words


def _sizes(values: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(format.size, values))


def _packed_words(anatomy: Anatomy) -> str:
    packed = packed_bytes(anatomy)
    return format.size(packed) if packed is not None else UNMEASURED


def _figure_table(insight: Insight, images: Sequence[Image], cells: int, width: int) -> Content:
    lines = figure_lines(insight, images)
    rows = [_row(Content.styled("How large it is", "bold"), [one.title for one in insight.images], cells)]
    room = width - NAME_CELLS - cells * len(insight.images) - 2
    for line in lines:
        is_below = room < len(line.meaning)
        meaning = Content.styled(f"  {line.meaning}", DIM)
        rows.append(_row(Content(line.name), line.figures, cells, None if is_below else meaning))
        if is_below:
            rows.append(meaning)
        if UNMEASURED in line.figures:
            rows.append(Content.assemble("  ", clickable("h", "measure-packed", "bold $accent"), (" measures it", DIM)))
    return Content("\n").join(rows)


def _facts(insight: Insight, width: int) -> Content:
    """What can be said of each image in a word."""
    rows = [Content.styled("Facts", "bold")]
    for inside in insight.images:
        rows.append(Content.styled(inside.title, "bold"))
        for words in fact_words(inside.anatomy):
            wrapped = Content(words).wrap(max(20, width - 4))
            rows += [Content.assemble("  • " if number == 0 else "    ", line) for number, line in enumerate(wrapped)]
    return Content("\n").join(rows)
