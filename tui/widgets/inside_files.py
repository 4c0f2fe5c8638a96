"""The files of images: of both compared, of one, of one of its layers, or what was left behind; as one tree each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.image.file_kinds import MARK_TITLES, FileKind, kinds_in
from tui.image.file_tree import Mark
from tui.image.listing import Listing, Source, list_comparison, list_image, list_layer, list_left_behind
from tui.image.purposes import PURPOSES, Purpose
from tui.image.tree_view import Order
from tui.printable import printable
from tui.session import format
from tui.session.insight import Insight
from tui.widgets.file_explorer import FileExplorer
from tui.widgets.file_row import SIGNS
from tui.widgets.layer_list import LayerChoice
from tui.widgets.purpose_looks import GROUP_COLOURS

DIM = "$foreground 60%"
STILL_SORTING = "The files are still being sorted: press it again in a moment."


@dataclass(frozen=True, slots=True)
class FileList:
    """One set of files that can be listed."""

    title: str
    layer: LayerChoice | None = None
    """The layer whose files these are."""
    image: int | None = None
    """The image whose files these are; None, as are the others, for the comparison of both."""
    is_left_behind: bool = False
    """What the larger image carries and the smaller one does not."""


@dataclass(frozen=True, slots=True)
class ListedFiles:
    """The files of a list, and the kinds that there are among them."""

    listing: Listing
    kinds: tuple[FileKind, ...]


class InsideFiles(Vertical):
    """Lists the files of one `Insight`; which list, and which kind of files, is chosen by `act` and the `list_…`."""

    DEFAULT_CSS = """
    InsideFiles { height: 1fr; }
    InsideFiles > Static { height: 1; width: 100%; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    InsideFiles > FileExplorer { height: 1fr; }
    """

    class FileWanted(Message):
        """A file was chosen, to be looked at."""

        def __init__(self, source: Source, path: str) -> None:
            super().__init__()
            self.source = source
            self.path = path

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._insight: Insight | None = None
        self._lists: list[FileList] = []
        self._listed = 0
        self._listings: dict[FileList, ListedFiles] = {}
        self._shown: ListedFiles | None = None
        """What the explorer shows; None while the files of another list are sorted."""
        self._kind: FileKind | None = None
        """The kind of files that is listed alone, in each list that has it."""
        self._title = Static()
        self._legend = Static()
        self.explorer = FileExplorer()

    def compose(self) -> ComposeResult:
        """What is listed; what its signs mean; the tree."""
        yield from (self._title, self._legend, self.explorer)

    def on_mount(self) -> None:
        """What is large matters most."""
        self.explorer.set_order(Order.SIZE)

    def show(self, insight: Insight) -> None:
        """List the files of this insight from now on."""
        self._insight = insight
        self._listings.clear()
        self._lists = _lists_of(insight)
        self._open(0)

    @property
    def chosen_file(self) -> tuple[Source, str] | None:
        """The file at the explorer's cursor."""
        entry = self.explorer.entry_at_cursor if self._shown is not None else -1
        if self._shown is None or entry < 0:
            return None
        return self._shown.listing.sources[entry], self.explorer.path_at_cursor

    # What can be listed.

    def list_layer(self, choice: LayerChoice) -> None:
        """List the files of a layer, and keep that list among the others."""
        assert self._insight is not None
        title = self._insight.images[choice.image].title
        self._lists = [*_lists_of(self._insight), FileList(f"layer {choice.layer + 1} of {title}", layer=choice)]
        self._open(len(self._lists) - 1)

    def list_purpose(self, image: int, purpose: Purpose) -> None:
        """List what the bytes of a purpose in an image are made of, copies that nobody sees included."""
        self._kind = FileKind(purpose.label, group=PURPOSES.index(purpose))
        self._open(self._list_of_image(image))

    def list_waste(self, image: int) -> None:
        """List the copies that an image carries for nothing."""
        self._kind = FileKind(MARK_TITLES[Mark.WASTED], mark=Mark.WASTED)
        self._open(self._list_of_image(image))

    def list_left_behind(self, folder: str) -> None:
        """Go to a folder of what was left behind."""
        self._kind = None
        place = next(number for number, one in enumerate(self._lists) if one.is_left_behind)
        self._open(place, lambda: self.explorer.go_to_path(folder))

    def _list_of_image(self, image: int) -> int:
        return next(number for number, one in enumerate(self._lists) if one.image == image)

    # What keys do.

    def act(self, action: str) -> str | None:
        """Carry out what a key asks for; a sentence where that cannot be done."""
        if self._shown is None and action != "list":
            return STILL_SORTING
        return {
            "list": self._list_next,
            "sort": self._sort_otherwise,
            "only": self._keep_next_kind,
            "largest": self._to_largest,
            "wasted": self._to_waste,
            "program": self._to_program,
        }[action]()

    def _list_next(self) -> str | None:
        if len(self._lists) < 2:
            return "This is the only list; a layer has one of its own: l shows them."
        self._open((self._listed + 1) % len(self._lists))
        return None

    def _sort_otherwise(self) -> None:
        self.explorer.set_order(Order.NAME if self.explorer.order is Order.SIZE else Order.SIZE)

    def _keep_next_kind(self) -> str | None:
        """Of all kinds of files in turn, and then all again."""
        kinds = self._shown.kinds if self._shown is not None else ()
        if not kinds:
            return "All files of this list are of one kind; a shows another one."
        kept = self.explorer.kept
        place = kinds.index(kept) + 1 if kept in kinds else 0
        self._kind = kinds[place] if place < len(kinds) else None
        self.explorer.keep(self._kind)
        return None

    def _to_largest(self) -> str | None:
        return None if self._jump(self.explorer.go_to_largest) else "There is no file here."

    def _to_waste(self) -> str | None:
        """To the next wasted copy of this list, or else of an image that has one."""
        if self._jump(self._next_waste):
            return None
        assert self._insight is not None
        images = enumerate(self._insight.images)
        wasteful = next((number for number, one in images if one.anatomy.waste_bytes), None)
        if wasteful is None:
            return "Nothing is wasted: every copy can be seen."
        if self._lists[self._listed].image == wasteful:
            return "No wasted copy in this list; a shows another one."
        self._open(self._list_of_image(wasteful), self._next_waste)
        return None

    def _next_waste(self) -> bool:
        return self.explorer.go_to_marked(Mark.WASTED)

    def _to_program(self) -> str | None:
        group = PURPOSES.index(Purpose.YOUR_PROGRAM)
        is_there = self._jump(lambda: self.explorer.go_to_group(group))
        return None if is_there else "Your program is not in this list; a shows another one."

    def _jump(self, jump: Callable[[], bool]) -> bool:
        """Go to a file; among all of them where a filter leaves none such."""
        if jump():
            return True
        if not self.explorer.is_filtered:
            return False
        self._kind = None
        self.explorer.keep_all()
        return jump()

    # What is shown.

    def _open(self, number: int, go: Callable[[], bool] | None = None) -> None:
        self._listed, self._shown = number, None
        self._list_files(self._lists[number], go)

    @work(exclusive=True)
    async def _list_files(self, wanted: FileList, go: Callable[[], bool] | None) -> None:
        """Make the tree of the list that is wanted, off the event loop: it may have some hundred thousand files."""
        assert self._insight is not None
        if wanted not in self._listings:
            self._title.update(Content.styled(f"{printable(wanted.title)}: sorting its files…", DIM))
            self._listings[wanted] = await asyncio.to_thread(_listed_files, self._insight, wanted)
        there = self._shown = self._listings[wanted]
        self.explorer.show(there.listing.tree, title="/", colours=GROUP_COLOURS)
        if self._kind in there.kinds:
            self.explorer.keep(self._kind)
        if go is not None:
            go()
        self._describe()

    @on(FileExplorer.Chosen)
    def _file_chosen(self, event: FileExplorer.Chosen) -> None:
        event.stop()
        if (chosen := self.chosen_file) is not None:
            self.post_message(self.FileWanted(*chosen))

    @on(FileExplorer.Filtered)
    def _filtered(self, event: FileExplorer.Filtered) -> None:
        event.stop()
        self._describe()

    def _describe(self) -> None:
        """Say what is listed, and what the signs mean."""
        if self._shown is None:
            return
        explorer = self.explorer
        files, size_bytes = explorer.shown_files
        self._title.update(
            Content.assemble(
                (printable(self._lists[self._listed].title), "bold"),
                (f": {explorer.kept.title}", "bold $accent") if explorer.kept is not None else "",
                (f" with “{printable(explorer.sought)}”", "bold $accent") if explorer.sought else "",
                (f"  {format.files(files)}, {format.size(size_bytes)}", DIM),
            )
        )
        signs = self._signs()
        self._legend.display = bool(signs)
        self._legend.update(Content("  ").join(signs))

    def _signs(self) -> list[Content]:
        """The signs of this list, each with its meaning."""
        assert self._insight is not None and self._shown is not None
        titles = MARK_TITLES | dict(
            zip((Mark.ONLY_LEFT, Mark.ONLY_RIGHT), (f"only {one.title}" for one in self._insight.images), strict=False)
        )
        there = set(self._shown.listing.tree.marks)
        return [
            Content.assemble(SIGNS[mark], (f" {printable(title)}", DIM))
            for mark, title in titles.items()
            if mark in there
        ]


def _lists_of(insight: Insight) -> list[FileList]:
    """What can be listed without choosing a layer: the comparison first, where there are two images."""
    own = [FileList(one.title, image=number) for number, one in enumerate(insight.images)]
    if len(own) < 2:
        return own
    return [FileList("Both compared"), *own, FileList(f"Left behind of {insight.larger.title}", is_left_behind=True)]


def _listed_files(insight: Insight, wanted: FileList) -> ListedFiles:
    listing = _listing_of(insight, wanted)
    return ListedFiles(listing, kinds_in(listing.tree, [purpose.label for purpose in PURPOSES]))


def _listing_of(insight: Insight, wanted: FileList) -> Listing:
    anatomies = [one.anatomy for one in insight.images]
    if wanted.layer is not None:
        return list_layer(anatomies[wanted.layer.image], wanted.layer.layer, wanted.layer.image)
    if wanted.image is not None:
        return list_image(anatomies[wanted.image], wanted.image)
    if wanted.is_left_behind:
        assert insight.left_behind is not None
        return list_left_behind(insight.left_behind, insight.larger_number)
    return list_comparison(anatomies[0], anatomies[1])
