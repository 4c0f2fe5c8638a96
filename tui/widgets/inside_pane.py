"""What is inside the images: a picture, the layers, the files; and on the way there, how far the reading is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.engine.model import Image
from tui.image.file_kinds import FileKind, kinds_in
from tui.image.file_tree import Mark
from tui.image.listing import Listing, Source, list_comparison, list_image, list_layer
from tui.image.purposes import PURPOSES, Purpose
from tui.image.tree_view import Order
from tui.session import format
from tui.session.inside_record import InsideRecord, Progress
from tui.session.insight import Insight
from tui.widgets.clickable import clickable
from tui.widgets.file_explorer import FileExplorer
from tui.widgets.inside_picture import InsidePicture
from tui.widgets.layer_list import LayerChoice, LayerList
from tui.widgets.purpose_looks import GROUP_COLOURS
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


@dataclass(frozen=True, slots=True)
class FileList:
    """One set of files that can be listed."""

    title: str
    layer: LayerChoice | None = None
    """The layer whose files these are."""
    image: int | None = None
    """The image whose files these are; None, as is `layer`, for the comparison of both."""


@dataclass(frozen=True, slots=True)
class ListedFiles:
    """The files of a list, and the kinds that there are among them."""

    listing: Listing
    kinds: tuple[FileKind, ...]


class InsidePane(Vertical):
    """Shows one `InsideRecord`; `show` after each news of it."""

    DEFAULT_CSS = """
    InsidePane { height: 1fr; background: $background; }
    InsidePane > .empty { height: auto; width: 100%; padding: 1; }
    InsidePane > TabBar { height: 1; }
    InsidePane > .list { height: 1; width: 100%; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    InsidePane > FileExplorer { height: 1fr; }
    """

    class FileWanted(Message):
        """A file was chosen, to be looked at."""

        def __init__(self, source: Source, path: str) -> None:
            super().__init__()
            self.source = source
            self.path = path

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._record: InsideRecord | None = None
        self._insight: Insight | None = None
        self._view = View.PICTURE
        self._lists: list[FileList] = []
        self._listed = 0
        self._listings: dict[FileList, ListedFiles] = {}
        self._kind: FileKind | None = None
        """The kind of files that is listed alone, in each list that has it."""
        self._empty = Static(classes="empty")
        self._tabs = TabBar(TABS, id="inside-tabs")
        self._picture = InsidePicture(id="inside-picture")
        self._layers = LayerList(id="inside-layers")
        self._list_name = Static(classes="list")
        self.explorer = FileExplorer(id="inside-files")

    def compose(self) -> ComposeResult:
        """What to do or how far it is; or the tabs with what is behind them."""
        yield from (self._empty, self._tabs, self._picture, self._layers, self._list_name, self.explorer)

    def on_mount(self) -> None:
        """Nothing was looked into yet. What is large matters most."""
        self.explorer.set_order(Order.SIZE)
        self._arrange()

    def show(self, record: InsideRecord | None, images: Sequence[Image]) -> None:
        """Show how far the looking is, or what was found; `images` are those that are built."""
        self._record = record
        insight = record.insight if record is not None else None
        if insight is None:
            self._empty.update(_invitation(record, has_images=bool(images)))
        elif insight is not self._insight:
            self._picture.show(insight, images)
            self._layers.show(insight)
            self._lists = _lists_of(insight)
            self._listed = 0
            self._listings.clear()
            self._insight = insight
            self._list_files()
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
            return self.explorer
        return self._picture if self._view is View.PICTURE else self._layers

    @property
    def chosen_file(self) -> tuple[Source, str] | None:
        """The file at the explorer's cursor, while the files are shown."""
        there = self._listings.get(self._lists[self._listed]) if self._lists else None
        entry = self.explorer.entry_at_cursor if there is not None else -1
        if there is None or entry < 0 or self._view is not View.FILES:
            return None
        return there.listing.sources[entry], self.explorer.path_at_cursor

    def act(self, action: str) -> str | None:
        """Carry out what a key of this pane asks for; a sentence where that cannot be done."""
        if self._insight is None:
            return "Nobody has looked inside yet. i looks."
        if action in tuple(View):
            self._show_view(View(action))
            return None
        problem = self._act_on_files(action)
        if problem is None:
            self._show_view(View.FILES)
        return problem

    def _act_on_files(self, action: str) -> str | None:
        explorer = self.explorer
        match action:
            case "list":
                self._listed = (self._listed + 1) % len(self._lists)
                self._list_files()
            case "sort":
                explorer.set_order(Order.NAME if explorer.order is Order.SIZE else Order.SIZE)
            case "only" if not self._keep_next_kind():
                return "All files of this list are of one kind; a shows another one."
            case "largest" if not self._jump(explorer.go_to_largest):
                return "There is no file here."
            case "wasted" if not self._jump(lambda: explorer.go_to_marked(Mark.WASTED)):
                return "No wasted copy in this list; a shows another one."
            case "program" if not self._jump(lambda: explorer.go_to_group(PURPOSES.index(Purpose.YOUR_PROGRAM))):
                return "Your program is not in this list; a shows another one."
        return None

    def _jump(self, jump: Callable[[], bool]) -> bool:
        """Go to a file; among all of them where the kind that is listed alone has none such."""
        if jump():
            return True
        if self.explorer.kept is None:
            return False
        self._keep(None)
        return jump()

    def _keep(self, kind: FileKind | None) -> None:
        """List the files of this kind alone; None lists all."""
        self._kind = kind
        self.explorer.keep(kind)
        self._name_list()

    def _show_view(self, view: View) -> None:
        self._view = view
        self._arrange()
        self.front.focus()

    def _arrange(self) -> None:
        is_there = self._insight is not None
        self._empty.display = not is_there
        self._tabs.display = is_there
        self._tabs.chosen = self._view
        for view, widget in ((View.PICTURE, self._picture), (View.LAYERS, self._layers), (View.FILES, self.explorer)):
            widget.display = is_there and view is self._view
        self._list_name.display = self.explorer.display

    # Files.

    @on(LayerList.Chosen)
    def _layer_chosen(self, event: LayerList.Chosen) -> None:
        """List the files of a layer, and keep that list among the others."""
        event.stop()
        assert self._insight is not None
        self._lists = _lists_of(self._insight)
        title = self._insight.images[event.choice.image].title
        self._lists.append(FileList(f"layer {event.choice.layer + 1} of {title}", layer=event.choice))
        self._listed = len(self._lists) - 1
        self._list_files()
        self._show_view(View.FILES)

    @on(FileExplorer.Chosen)
    def _file_chosen(self, event: FileExplorer.Chosen) -> None:
        event.stop()
        chosen = self.chosen_file
        if chosen is not None:
            self.post_message(self.FileWanted(*chosen))

    @on(InsidePicture.PurposeChosen)
    def _purpose_chosen(self, event: InsidePicture.PurposeChosen) -> None:
        """List what such a figure of the picture is made of."""
        event.stop()
        group = PURPOSES.index(event.purpose)
        self._kind, self._listed = FileKind(event.purpose.label, group=group), 0
        self._list_files()
        self._show_view(View.FILES)

    @on(InsidePicture.FolderChosen)
    def _folder_chosen(self, event: InsidePicture.FolderChosen) -> None:
        """Go to a folder that the picture names."""
        event.stop()
        self._kind, self._listed = None, 0
        self._list_files(event.path)
        self._show_view(View.FILES)

    def _keep_next_kind(self) -> bool:
        """Of all kinds of files in turn, and then all again; False where there is only one."""
        there = self._listings.get(self._lists[self._listed])
        if there is None or not there.kinds:
            return False
        kept = self.explorer.kept
        place = there.kinds.index(kept) + 1 if kept in there.kinds else 0
        self._keep(there.kinds[place] if place < len(there.kinds) else None)
        return True

    @work(exclusive=True)
    async def _list_files(self, go_to: str | None = None) -> None:
        """Make the tree of the list that is wanted, off the event loop: it may have some hundred thousand files."""
        insight, wanted = self._insight, self._lists[self._listed]
        assert insight is not None
        if wanted not in self._listings:
            self._list_name.update(Content.styled(f"{wanted.title}: sorting its files…", DIM))
            self._listings[wanted] = await asyncio.to_thread(_listed_files, insight, wanted)
        there = self._listings[wanted]
        self.explorer.show(there.listing.tree, title="/", colours=GROUP_COLOURS)
        if self._kind in there.kinds:
            self.explorer.keep(self._kind)
        if go_to is not None:
            self.explorer.go_to_path(go_to)
        self._name_list()

    def _name_list(self) -> None:
        """Say what is listed, and with which keys something else is."""
        there, kept = self._listings.get(self._lists[self._listed]), self.explorer.kept
        if there is None:
            return
        files, size_bytes = self.explorer.shown_files
        next_kind = clickable("I", "inside-only", "bold $accent")
        self._list_name.update(
            Content.assemble(
                (self._lists[self._listed].title, "bold"),
                (f": {kept.title}", "bold $accent") if kept is not None else "",
                (f"  {format.files(files)}, {format.size(size_bytes)}   ", DIM),
                *((next_kind, (" one kind   ", DIM)) if there.kinds else ()),
                clickable("a", "inside-list", "bold $accent"),
                (" another list   ", DIM),
                clickable("O", "inside-sort", "bold $accent"),
                (" sort", DIM),
            )
        )


def _lists_of(insight: Insight) -> list[FileList]:
    """What can be listed without choosing a layer: the comparison first, where there are two images."""
    own = [FileList(one.title, image=number) for number, one in enumerate(insight.images)]
    return [FileList("Both compared"), *own] if len(own) > 1 else own


def _listed_files(insight: Insight, wanted: FileList) -> ListedFiles:
    listing = _listing_of(insight, wanted)
    return ListedFiles(listing, kinds_in(listing.tree, [purpose.label for purpose in PURPOSES]))


def _listing_of(insight: Insight, wanted: FileList) -> Listing:
    anatomies = [one.anatomy for one in insight.images]
    if wanted.layer is not None:
        return list_layer(anatomies[wanted.layer.image], wanted.layer.layer, wanted.layer.image)
    if wanted.image is not None:
        return list_image(anatomies[wanted.image], wanted.image)
    return list_comparison(anatomies[0], anatomies[1])


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
