"""The file explorer by keys and by mouse, in an app with nothing but it; and how it looks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from textual.app import App, ComposeResult
from textual.events import MouseDown, MouseMove, MouseUp
from textual.pilot import Pilot
from textual.widgets import Static

from tui import themes
from tui.image.file_kinds import FileKind
from tui.image.file_tree import ROOT, FileTree, Mark
from tui.image.tree_view import Order
from tui.widgets.file_explorer import FileExplorer

SnapCompare = Callable[..., bool]
TREE_AT = 19
"""Cells before the tree: the bar, the size, the mark."""
SIZES = [(80, 24), (120, 36)]
COLOURS = ("$purpose-other", "$purpose-base", "$purpose-toolchain", "$purpose-build-cache", "$purpose-program")
OTHER, BASE, TOOLCHAIN, CACHE, PROGRAM = range(5)


@dataclass
class Image:
    """A tree that is written down file by file."""

    paths: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)

    def add(self, path: str, size: int, group: int = OTHER, mark: Mark = Mark.NONE, note: str = "") -> None:
        if note:
            self.notes[len(self.paths)] = note
        self.paths.append(path)
        self.sizes.append(size)
        self.marks.append(mark)
        self.groups.append(group)

    def tree(self) -> FileTree:
        return FileTree.build(self.paths, self.sizes, marks=self.marks, groups=self.groups, notes=self.notes)


def an_image() -> FileTree:
    """What a single-stage image of a Go program is made of, and some names that nobody should give."""
    image = Image()
    for number in range(40):
        image.add(f"usr/local/go/pkg/tool/linux_amd64/tool{number:02}", 1_900_000, TOOLCHAIN)
        image.add(f"usr/local/go/src/runtime/part{number:02}.go", 31_000, TOOLCHAIN)
        image.add(f"root/.cache/go-build/{number:02}/{number:02}f3-d", 1_400_000, CACHE)
    image.add("usr/local/go/VERSION", 60, TOOLCHAIN)
    image.add("usr/lib/libc.so.6", 1_900_000, BASE)
    image.add("usr/bin/perl", 3_900_000, BASE)
    image.add("usr/bin/sh", 4, BASE, note="→ dash")
    image.add("etc/passwd", 922, BASE, Mark.CHANGED)
    image.add("etc/passwd", 890, BASE, Mark.WASTED, "replaced by layer 4")
    image.add("app/main", 12_400_000, PROGRAM, Mark.ADDED, "static, Go 1.27")
    image.add("app/main.go", 1_204, OTHER, Mark.ADDED)
    image.add("app/.env", 48, OTHER, Mark.REMOVED, "removed by layer 6")
    image.add("app/only/left", 2_048, OTHER, Mark.ONLY_LEFT)
    image.add("app/only/right", 2_048, OTHER, Mark.ONLY_RIGHT)
    image.add("srv/文档/説明.txt", 3_300, OTHER)
    image.add("srv/文档/odd-\udcff", 33, OTHER)
    image.add("srv/文档/[red]\x1b[31m", 330, OTHER)
    return image.tree()


class ExplorerApp(App[None]):
    """An explorer, and a line that tells of its messages."""

    CSS = "FileExplorer { height: 1fr; } Static { height: 1; }"

    def __init__(self, tree: FileTree, theme: str = themes.DARK) -> None:
        super().__init__()
        for one in themes.house_themes():
            self.register_theme(one)
        self.theme = theme
        self.animation_level = "none"
        self.told: list[str] = []
        self._tree = tree
        self.explorer = FileExplorer()
        self.line = Static()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.FALLBACK_VARIABLES

    def compose(self) -> ComposeResult:
        yield self.explorer
        yield self.line

    def on_mount(self) -> None:
        self.explorer.show(self._tree, title="simple", colours=COLOURS)
        self.explorer.focus()

    def on_file_explorer_chosen(self) -> None:
        self.told.append(f"chose {self.explorer.path_at_cursor}")

    def on_file_explorer_filtered(self) -> None:
        files, size_bytes = self.explorer.shown_files
        self.told.append(f"{files} files, {size_bytes} bytes")


@dataclass(frozen=True)
class Driven:
    """A running explorer and the hand that drives it."""

    app: ExplorerApp
    pilot: Pilot[None]

    @property
    def explorer(self) -> FileExplorer:
        return self.app.explorer

    async def press(self, *keys: str) -> str:
        """Press keys; the path where that leads."""
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.explorer.path_at_cursor

    async def click(self, words: str, times: int = 1) -> str:
        """Click on the first place where these words are; the path where that leads."""
        for y, line in enumerate(self.lines):
            if (x := line.find(words)) >= 0:
                await self.pilot.click(self.explorer, offset=(x, y), times=times)
                await self.pilot.pause()
                return self.explorer.path_at_cursor
        pytest.fail(f"{words!r} is not in sight: {self.lines}")

    async def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the mouse here and let it go there, with the click that the app makes of it, which Pilot leaves out."""
        for kind, (x, y) in ((MouseDown, start), (MouseMove, end), (MouseUp, end)):
            button = int(kind is not MouseMove)
            self.app.post_message(kind(None, x, y, 0, 0, button, False, False, False, x, y))
            await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        """What is drawn, each with its bar."""
        return [self.explorer.render_line(y).text.rstrip() for y in range(self.explorer.size.height)]

    @property
    def names(self) -> list[str]:
        """What is drawn, without figures."""
        return [line[TREE_AT:].lstrip("▾▸ ").split("  ")[0] for line in self.lines if line]


@asynccontextmanager
async def running(tree: FileTree | None = None, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driven]:
    app = ExplorerApp(tree or an_image())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Driven(app, pilot)


async def test_the_arrows_walk_open_and_close() -> None:
    async with running() as it:
        assert it.names == ["simple", "app/", "etc/", "root/", "srv/", "usr/"]
        assert await it.press("down", "down") == "etc"
        assert await it.press("right", "right") == "etc/passwd"
        assert it.names == ["simple", "app/", "etc/", "passwd", "passwd", "root/", "srv/", "usr/"]
        assert await it.press("left") == "etc"
        assert await it.press("left") == "etc"
        assert it.names == ["simple", "app/", "etc/", "root/", "srv/", "usr/"]
        assert await it.press("left", "left", "right") == "app"


async def test_space_and_enter_open_a_folder_and_enter_chooses_a_file() -> None:
    async with running() as it:
        assert await it.press("down", "enter", "end", "space", "home", "down", "down", "down", "down") == "app/main"
        assert it.names[1:6] == ["app/", "only/", ".env", "main", "main.go"]
        await it.press("space", "enter")
        assert it.app.told == ["chose app/main"]
        assert it.explorer.file_tree.paths[it.explorer.node_at_cursor] == "app/main"
        assert it.explorer.entry_at_cursor == 126


async def test_pages_and_ends_keep_the_cursor_in_sight() -> None:
    async with running() as it:
        it.explorer.action_open_all()
        assert await it.press("end") == "usr/local/go/VERSION"
        assert it.lines[-1].endswith("VERSION")
        await it.press("pageup")
        assert it.lines[0].endswith("part18.go")
        assert it.explorer.path_at_cursor == "usr/local/go/src/runtime/part18.go"
        await it.press("pagedown", "pagedown")
        assert it.explorer.path_at_cursor == "usr/local/go/VERSION"
        assert await it.press("home", "pageup", "up") == ""
        assert it.names[0] == "simple"


async def test_the_mouse_alone_walks_opens_and_chooses() -> None:
    async with running() as it:
        assert await it.click("etc/") == "etc"
        assert it.names[2:4] == ["etc/", "root/"], "one click only goes there"
        assert await it.click("▸ app/") == "app"
        assert it.names[1:4] == ["app/", "only/", ".env"], "the arrow opens"
        await it.click("▾ app/")
        assert it.names[1:3] == ["app/", "etc/"], "and closes"
        await it.click("app/", times=2)
        assert await it.click("main.go", times=2) == "app/main.go"
        assert it.app.told[-1] == "chose app/main.go"
        assert it.app.screen.get_selected_text() is None


async def test_a_scrolled_explorer_is_clicked_where_one_looks() -> None:
    async with running() as it:
        it.explorer.action_open_all()
        it.explorer.to_end()
        await it.pilot.pause()
        assert await it.click("part20.go") == "usr/local/go/src/runtime/part20.go"


async def test_rows_are_selected_and_copied_without_their_bars() -> None:
    async with running() as it:
        await it.drag((19, 1), (40, 2))
        selected = it.app.screen.get_selected_text()
        assert selected is not None
        first, second = selected.split("\n")
        assert first.endswith("▸ app/  5 files")
        assert second.startswith("1.81 kB ~ ▸ etc/")
        assert it.explorer.path_at_cursor == "", "selecting is no click"
        assert "151 MB ~ simple" in it.explorer.all_text()


async def test_a_filter_leaves_what_matches_and_gives_the_rest_back() -> None:
    async with running() as it:
        assert it.explorer.search("PASSWD") == 2
        await it.pilot.pause()
        assert it.names == ["simple", "etc/", "passwd", "passwd"]
        assert "2 of 134 files" in it.lines[0]
        assert it.explorer.next_match()
        assert it.explorer.next_match()
        assert it.explorer.path_at_cursor == "etc/passwd"
        assert it.explorer.search("") == 0
        await it.pilot.pause()
        assert it.explorer.path_at_cursor == "etc/passwd", "what was found stays in sight"
        assert it.names[:5] == ["simple", "app/", "etc/", "passwd", "passwd"]
        assert it.explorer.search("nowhere") == 0
        assert not it.explorer.next_match()
        assert it.names == ["simple"]


async def test_one_sort_of_files_is_kept_alone() -> None:
    async with running() as it:
        assert it.explorer.keep(FileKind("wasted copies", mark=Mark.WASTED)) == 1
        assert it.names == ["simple", "etc/", "passwd"]
        assert it.explorer.keep(FileKind("your program", group=PROGRAM)) == 1
        assert it.names == ["simple", "app/", "main"]
        assert it.explorer.shown_files == (1, 12_400_000)
        assert it.explorer.keep(None) == 0


async def test_the_largest_comes_first_when_that_is_asked_for() -> None:
    async with running() as it:
        await it.press("down", "down")
        it.explorer.set_order(Order.SIZE)
        await it.pilot.pause()
        assert it.names == ["simple", "usr/", "root/", "app/", "srv/", "etc/"]
        assert it.explorer.path_at_cursor == "etc", "the cursor stays on what it was on"
        it.explorer.show(an_image())
        assert it.explorer.order is Order.SIZE


async def test_jumps_lead_into_closed_folders() -> None:
    async with running() as it:
        assert it.explorer.go_to_largest()
        assert it.explorer.path_at_cursor == "app/main"
        assert it.explorer.go_to_marked(Mark.WASTED)
        assert it.explorer.path_at_cursor == "etc/passwd"
        assert it.explorer.go_to_group(PROGRAM, -1)
        assert it.explorer.path_at_cursor == "app/main"
        assert it.explorer.go_to_path("/usr/bin/sh")
        assert it.explorer.path_at_cursor == "usr/bin/sh"
        assert not it.explorer.go_to_path("usr/bin/absent")


async def test_closing_all_leaves_the_cursor_where_its_folder_is() -> None:
    async with running() as it:
        it.explorer.go_to_path("usr/bin/sh")
        await it.press("shift+left")
        assert it.names == ["simple", "app/", "etc/", "root/", "srv/", "usr/"]
        assert it.explorer.path_at_cursor == "usr"


async def test_names_do_nothing_to_the_terminal_and_wide_ones_are_counted_in_cells() -> None:
    async with running() as it:
        it.explorer.go_to_path("srv/文档")
        it.explorer.action_open_all()
        assert it.names[4:9] == ["srv/", "文档/", "[red]\\x1b[31m", "odd-\\xff", "説明.txt"]
        assert {it.explorer.render_line(y).cell_length for y in range(23)} == {80}


async def test_a_name_that_does_not_fit_is_cut_with_a_sign_but_copied_whole() -> None:
    long = "x" * 90
    async with running(FileTree.build([long], [1])) as it:
        assert it.lines[1].endswith("x…")
        assert it.explorer.render_line(1).cell_length == 80
        assert long in it.explorer.all_text()
        assert it.explorer.max_scroll_x == 0


async def test_each_change_of_the_filter_is_told_once_with_what_it_leaves() -> None:
    async with running() as it:
        it.explorer.search("passwd")
        await it.pilot.pause()
        it.explorer.keep(FileKind("wasted copies", mark=Mark.WASTED))
        await it.pilot.pause()
        assert it.explorer.go_to_path("usr/bin/sh"), "going to what is hidden ends both"
        await it.pilot.pause()
        assert it.app.told == ["2 files, 1812 bytes", "1 files, 890 bytes", "134 files, 151450887 bytes"]


async def test_escape_ends_the_filter_and_is_left_to_others_where_none_rules() -> None:
    async with running() as it:
        it.explorer.search("passwd")
        await it.press("escape")
        assert not it.explorer.is_filtered
        assert it.names[1:4] == ["app/", "etc/", "root/"]
        await it.press("escape")
        assert it.app.told[1:] == ["134 files, 151450887 bytes"]


async def test_folders_tell_of_what_the_filter_keeps_in_them_and_are_sorted_by_it() -> None:
    async with running() as it:
        it.explorer.set_order(Order.SIZE)
        it.explorer.search("/main")
        await it.pilot.pause()
        assert it.names == ["simple", "app/", "main", "main.go"]
        assert "12.4 MB" in it.lines[0]
        assert it.lines[1].endswith("app/  2 files")
        it.explorer.search("/etc/")
        await it.pilot.pause()
        assert "1.81 kB" in it.lines[0]


async def test_a_tree_may_be_given_before_the_explorer_is_on_the_screen() -> None:
    app = ExplorerApp(an_image())
    app.explorer.show(FileTree.build(["early"], [1]))
    app.explorer.go_to_path("early")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.explorer.file_tree.files[ROOT] == 134
        assert app.explorer.path_at_cursor == ""


async def test_an_explorer_of_nothing_has_its_root() -> None:
    async with running(FileTree.build((), ())) as it:
        assert await it.press("down", "right", "left", "enter", "space", "pagedown") == ""
        assert it.lines[0] == "             0 B   simple  0 files"
        assert not it.explorer.go_to_largest()


@pytest.fixture
def picture(snap_compare: SnapCompare) -> Callable[..., bool]:
    """Whether the explorer looks as it did: /usr is open, and what is in /app and /srv, and the cursor is in /app."""

    def compare(size: tuple[int, int], theme: str = themes.DARK, filtered: str = "") -> bool:
        app = ExplorerApp(an_image(), theme)

        async def run_before(pilot: Pilot[None]) -> None:
            explorer = app.explorer
            for path in ("etc/passwd", "srv/文档/odd-\udcff", "usr/bin/sh", "app/only/left"):
                explorer.go_to_path(path)
            explorer.go_to_path("app/main")
            if filtered:
                explorer.search(filtered)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return compare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT])
def test_how_it_looks(picture: Callable[..., bool], size: tuple[int, int], theme: str) -> None:
    assert picture(size, theme)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_how_it_looks_without_colour(
    picture: Callable[..., bool], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(size)


def test_how_a_filter_looks(picture: Callable[..., bool]) -> None:
    assert picture((80, 24), filtered="TOOL1")
