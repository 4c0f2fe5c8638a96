"""What is inside the images: a picture, the layers, the files; and on the way there, how far the reading is."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.engine.model import Image
from tui.session import format
from tui.session.inside_record import InsideRecord, Progress
from tui.session.insight import Insight
from tui.widgets.clickable import clickable
from tui.widgets.file_explorer import FileExplorer
from tui.widgets.inside_files import InsideFiles
from tui.widgets.inside_picture import InsidePicture
from tui.widgets.layer_list import LayerList
from tui.widgets.tab_bar import Tab, TabBar

PROGRESS_CELLS = 40
DIM = "$foreground 60%"


class View(StrEnum):
    """What of the inside is shown."""

    PICTURE = "picture"
    LAYERS = "layers"
    FILES = "files"


TABS = (
    Tab(View.PICTURE, "p", "Picture", "inside-picture"),
    Tab(View.LAYERS, "l", "Layers", "inside-layers"),
    Tab(View.FILES, "v", "Files", "inside-files"),
)


class InsidePane(Vertical):
    """Shows one `InsideRecord`; `show` after each news of it."""

    DEFAULT_CSS = """
    InsidePane { height: 1fr; background: $background; }
    InsidePane > .state { height: auto; width: 100%; padding: 1; }
    InsidePane > TabBar { height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._record: InsideRecord | None = None
        self._insight: Insight | None = None
        self._view = View.PICTURE
        self._state = Static(classes="state")
        self._tabs = TabBar(TABS, id="inside-tabs")
        self._picture = InsidePicture(id="inside-picture")
        self._layers = LayerList(id="inside-layers")
        self.files = InsideFiles(id="inside-files")

    def compose(self) -> ComposeResult:
        """What to do or how far it is; or the tabs with what is behind them."""
        yield from (self._state, self._tabs, self._picture, self._layers, self.files)

    def on_mount(self) -> None:
        """Nothing was looked into yet."""
        self._arrange()

    def show(self, record: InsideRecord | None, images: Sequence[Image]) -> None:
        """Show how far the looking is, or what was found; `images` are those that are built."""
        self._record = record
        insight = record.insight if record is not None else None
        if insight is None or (record is not None and _is_news(record)):
            self._state.update(_invitation(record, has_images=bool(images)))
        if insight is not None and insight is not self._insight:
            self._picture.show(insight, images)
            self._layers.show(insight)
            self.files.show(insight)
        self._insight = insight
        self._arrange()

    @property
    def view(self) -> View:
        """What of the inside is shown."""
        return self._view

    @property
    def front(self) -> InsidePicture | LayerList | FileExplorer:
        """What takes the keyboard."""
        if self._view is View.FILES:
            return self.files.explorer
        return self._picture if self._view is View.PICTURE else self._layers

    def act(self, action: str) -> str | None:
        """Carry out what a key of this pane asks for; a sentence where that cannot be done."""
        if self._insight is None:
            is_looking = self._record is not None and not self._record.is_over
            return "The images are still being looked into." if is_looking else "Nobody has looked inside yet. i looks."
        if action in tuple(View):
            self._show_view(View(action))
            return None
        problem = self.files.act(action)
        if problem is None:
            self._show_view(View.FILES)
        return problem

    def _show_view(self, view: View) -> None:
        self._view = view
        self._arrange()
        self.front.focus()

    def _arrange(self) -> None:
        is_there = self._insight is not None
        self._state.display = not is_there or (self._record is not None and _is_news(self._record))
        self._tabs.display = is_there
        self._tabs.chosen = self._view
        for view, widget in ((View.PICTURE, self._picture), (View.LAYERS, self._layers), (View.FILES, self.files)):
            widget.display = is_there and view is self._view

    @on(LayerList.Chosen)
    def _layer_chosen(self, event: LayerList.Chosen) -> None:
        event.stop()
        self.files.list_layer(event.choice)
        self._show_view(View.FILES)

    @on(InsidePicture.PurposeChosen)
    def _purpose_chosen(self, event: InsidePicture.PurposeChosen) -> None:
        event.stop()
        self.files.list_purpose(event.image, event.purpose)
        self._show_view(View.FILES)

    @on(InsidePicture.WasteChosen)
    def _waste_chosen(self, event: InsidePicture.WasteChosen) -> None:
        event.stop()
        self.files.list_waste(event.image)
        self._show_view(View.FILES)

    @on(InsidePicture.LeftBehindChosen)
    def _left_behind_chosen(self, event: InsidePicture.LeftBehindChosen) -> None:
        event.stop()
        self.files.list_left_behind(event.path)
        self._show_view(View.FILES)


def _is_news(record: InsideRecord) -> bool:
    """Whether there is something to say of it beside what was found before."""
    return not record.is_over or record.failure is not None


def _invitation(record: InsideRecord | None, *, has_images: bool) -> Content:
    """What to do, how far it is, or why there is nothing to see."""
    look = clickable("i", "look-inside", "bold $accent")
    if not has_images:
        return Content.assemble(
            "Nothing is built yet. ", clickable("b", "build-both", "bold $accent"), " builds both variants."
        )
    if record is None:
        words = " looks inside: it reads the layers and sorts every byte by what it is there for."
        return Content.assemble(look, words)
    if record.failure is not None:
        failed = (f"✗ {record.failure.what}\n", "bold $error")
        return Content.assemble(failed, record.failure.advice, "\n\n", look, " tries again.")
    if record.was_cancelled:
        return Content.assemble(("■ cancelled\n\n", "$warning"), look, " looks inside.")
    return _progress(record.progress)


def _progress(progress: Progress | None) -> Content:
    """The phase, and a bar where something can be measured."""
    if progress is None:
        return Content.styled("▶ asking the engine…", "$accent")
    head = Content.assemble(("▶ ", "$accent"), (progress.title, "bold"), f"  {progress.words}")
    if progress.share is None:
        note = "\nIt packs up the whole image before the first byte comes; that cannot be measured."
        bar = Content.styled(note, DIM)
    else:
        filled = round(PROGRESS_CELLS * min(1.0, progress.share))
        bar = Content.assemble(
            "\n",
            ("━" * filled, "$accent"),
            ("━" * (PROGRESS_CELLS - filled), "$foreground 15%"),
            (f" {format.size(progress.read_bytes)}" if progress.read_bytes else "", DIM),
        )
    cancel = Content.assemble("\n\n", clickable("x", "cancel", "bold $accent"), (" cancels", DIM))
    return Content.assemble(head, bar, cancel)
