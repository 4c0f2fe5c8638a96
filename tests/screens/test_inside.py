"""Looking inside the images: the picture, the layers, the files; on a scripted engine that hands out small archives."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedEngine
from tests.sample_archives import MULTISTAGE_ARCHIVE, SIMPLE_ARCHIVE
from tests.screens.conftest import Driven, Start
from tui.image.anatomy import dissect
from tui.image.archive import read_archive
from tui.image.purposes import Purpose
from tui.screens.file_view import FileScreen
from tui.screens.messages import EngineFound
from tui.session import format
from tui.session.insight import Inside, gain_insight
from tui.widgets import inside_files
from tui.widgets.inside_picture import InsidePicture


def let_go() -> threading.Event:
    """What an engine stops at once it is cleared."""
    hold = threading.Event()
    hold.set()
    return hold


async def look(it: Driven) -> None:
    """Build both, and look inside."""
    await it.build("b")
    await it.press("i")
    await it.until(lambda: (record := it.app.learner.inside()) and record.insight, "the insight")
    await it.until(lambda: it.app.walk.inside.files.explorer.file_tree.files[0], "the list of files")


async def test_one_key_shows_what_the_bytes_of_both_images_are(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        for words in ("your program", "toolchain", "build cache", "Left behind", "/usr/local/go", "unpacked", "wasted"):
            assert words in it.text
        await it.press("6", "end")
        for words in ("runs as root", "runs as nobody", "/app/main: 21.1 kB, static", "no shell"):
            assert words in it.text


async def test_without_images_it_says_what_to_do_first(start: Start) -> None:
    async with start() as it:
        await it.press("6")
        assert "Nothing is built yet." in it.text
        await it.press("i")
        assert "There is no image yet" in it.toasts[-1]
        await it.press("v")
        assert "Nobody has looked inside yet." in it.toasts[-1]


async def test_layers_stand_beside_each_other_with_line_and_what_was_dropped(start: Start) -> None:
    async with start(size=(200, 40)) as it:
        await look(it)
        await it.press("l")
        for words in ("4: COPY . .", "5: RUN go build -o main .", "dropped", "13: COPY --from=builder"):
            assert words in it.text


async def test_a_layer_lists_its_files_by_keys_alone(start: Start) -> None:
    async with start(size=(140, 40)) as it:
        await look(it)
        await it.press("l", "end", "up", "up", "enter")
        await it.until(lambda: "layer" in it.text and "root/" in it.text, "the files of the layer")
        assert "of Single stage" in it.text


async def test_the_layers_of_either_image_are_chosen_by_arrows_and_by_the_mouse(start: Start) -> None:
    async with start(size=(200, 40)) as it:
        await look(it)
        await it.press("l")
        assert "▸Single stage" in it.text
        await it.press("right")
        assert "▸Multi-stage" in it.text
        await it.press("home", "enter")
        assert "FROM golang" in it.toasts[-1]
        assert "left behind" in it.toasts[-1]
        await it.press("end", "enter")
        await it.until(lambda: "layer 2 of Multi-stage" in it.text, "the layer on the right")
        await it.press("l")
        await it.click("4: COPY . .")
        await it.until(lambda: "layer 3 of Single stage" in it.text, "the layer on the left")


async def test_files_are_listed_sorted_and_jumped_to(start: Start) -> None:
    async with start(size=(140, 40)) as it:
        await look(it)
        await it.press("v")
        assert "Both compared" in it.text
        await it.press("a")
        await it.until(lambda: "wasted" in it.text or "Single stage" in it.text, "the single-stage image's files")
        await it.press("P")
        assert it.app.walk.inside.files.explorer.path_at_cursor == "app/main"
        await it.press("W")
        assert it.app.walk.inside.files.explorer.path_at_cursor == "app/draft.txt"
        await it.press("L")
        assert it.app.walk.inside.files.explorer.path_at_cursor == "usr/local/go/bin/go"


async def test_one_sort_of_files_is_listed_alone_by_a_key_and_from_the_picture(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        await it.press("I")
        await it.until(lambda: "Both compared: base system" in it.text, "the first sort")
        seen: set[str | None] = set()
        explorer = it.app.walk.inside.files.explorer
        while explorer.kept is not None:
            assert explorer.kept.title not in seen
            seen.add(explorer.kept.title)
            await it.press("I")
        assert {"toolchain", "only in the first image"} <= seen
        assert "Both compared  " in it.text, "and then all again"


async def test_behind_each_figure_are_the_files_that_add_up_to_it(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        record = it.app.learner.inside()
        assert record is not None and record.insight is not None and record.insight.left_behind is not None
        simple, left = record.insight.images[0].anatomy, record.insight.left_behind
        explorer = it.app.walk.inside.files.explorer
        await it.click("toolchain  ", within="#inside-picture")
        await it.until(lambda: "Single stage: toolchain" in it.text, "the files behind the figure")
        toolchain = simple.by_purpose[Purpose.TOOLCHAIN]
        assert explorer.shown_files == (toolchain.files, toolchain.size_bytes)
        assert "▾ go/" in it.text
        assert "app/" not in it.text.partition("Single stage:")[2]
        await it.press("L", "P")
        assert "Single stage  " in it.text, "going to a file of another kind shows all"
        await it.press("p", "end")
        await it.click(format.size(simple.waste_bytes), within="#inside-picture")
        await it.until(lambda: "Single stage: wasted copies" in it.text, "the copies behind the figure")
        assert explorer.shown_files == (1, simple.waste_bytes)
        await it.press("p", "home")
        await it.click("/usr/local/go/bin", within="#inside-picture")
        await it.until(lambda: explorer.path_at_cursor == "usr/local/go/bin", "the folder that was left behind")
        assert "Left behind of Single stage" in it.text
        assert explorer.shown_files[1] == left.size_bytes


async def test_the_title_tells_of_what_is_looked_for_until_that_ends(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        await it.press("v", "slash", *"main", "enter")
        await it.until(lambda: "Both compared with “main”" in it.text, "what is looked for")
        await it.press("W")
        await it.until(lambda: it.app.walk.inside.files.explorer.path_at_cursor == "app/draft.txt", "a wasted copy")
        assert "“main”" not in it.text
        await it.press("slash", *"main", "enter", "escape")
        assert "“main”" not in it.text


async def test_signs_are_told_below_the_title(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        await it.press("v")
        assert "< only Single stage" in it.text
        assert "> only Multi-stage" in it.text
        await it.press("a")
        await it.until(lambda: "✗ wasted copies" in it.text, "the sign of a list of one image")


async def test_what_is_asked_of_files_that_are_still_sorted_is_not_done_to_others(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        await it.press("v")
        hold = threading.Event()
        monkeypatch.setattr(inside_files, "_listed_files", _held(hold, inside_files._listed_files))
        await it.press("a")
        await it.until(lambda: "sorting its files" in it.text, "the wait")
        await it.press("I")
        assert "still being sorted" in it.toasts[-1]
        assert it.app.walk.inside.files.chosen_file is None
        hold.set()
        await it.until(lambda: "✗ wasted copies" in it.text, "the list")


def _held(hold: threading.Event, done: Callable[..., object]) -> Callable[..., object]:
    def wait(*args: object) -> object:
        assert hold.wait(30)
        return done(*args)

    return wait


async def test_a_file_is_shown_as_it_is_and_its_escapes_do_nothing(start: Start) -> None:
    async with start(size=(140, 40)) as it:
        await look(it)
        await it.press("v", "a")
        explorer = it.app.walk.inside.files.explorer
        await it.until(lambda: explorer.go_to_path("app/draft.txt"), "the file")
        await it.press("enter")
        await it.until(lambda: "replaced below" in it.text, "the text of a file that a later layer removed")
        await it.press("escape")
        assert explorer.go_to_path("app/notes \x1b[31m[bold]")
        await it.press("enter")
        await it.until(lambda: "xxxx" in it.text, "the text")
        assert r"/app/notes \x1b[31m[bold]" in it.text
        await it.press("slash", *"xxx")
        assert " found" in it.text
        await it.press("enter", "n")
        assert isinstance(it.app.screen, FileScreen), "letters are typed, and keys again afterwards"
        await it.press("escape")
        assert not isinstance(it.app.screen, FileScreen)


async def test_what_is_no_text_says_so_and_can_be_saved(start: Start) -> None:
    async with start(size=(140, 40)) as it:
        await look(it)
        await it.press("v", "P", "enter")
        await it.until(lambda: "no text" in it.text, "what is known of the file")


async def test_reading_can_be_cancelled_and_begun_again(start: Start) -> None:
    hold = let_go()
    async with start(ScriptedEngine(hold=hold)) as it:
        await it.build("b")
        hold.clear()
        await it.press("i")
        await it.until(lambda: "x cancels" in it.text, "how far it is")
        await it.press("x")
        await it.until(lambda: "cancelled" in it.text, "the end")
        await it.press("i")
        await it.until(lambda: "your program" in it.text, "the insight")


async def test_what_was_found_stays_while_the_images_are_read_once_more(start: Start) -> None:
    hold = let_go()
    async with start(ScriptedEngine(hold=hold), size=(140, 44)) as it:
        await look(it)
        hold.clear()
        await it.press("h")
        await it.until(lambda: "x cancels" in it.text, "how far it is")
        assert "your program" in it.text
        await it.press("l")
        assert "4: COPY . ." in it.text
        await it.press("x")
        await it.until(lambda: "x cancels" not in it.text, "the end")
        assert "4: COPY . ." in it.text
        hold.set()
        await it.press("h", "p", "end")
        await it.until(lambda: "measures it" not in it.text and "packed" in it.text, "what a registry would hold")


async def test_another_engine_is_not_looked_for_while_this_one_is_asked(start: Start) -> None:
    hold = let_go()
    async with start(ScriptedEngine(hold=hold)) as it:
        await it.build("b")
        hold.clear()
        await it.press("i")
        bench = it.app.learner.bench
        await it.press("r")
        assert it.toasts[-1] == "The images are being looked into. x cancels it."
        it.app.post_message(EngineFound(ScriptedEngine()))
        await it.pilot.pause()
        assert it.app.learner.bench is bench, "an engine that was found meanwhile waits to be asked for again"
        hold.set()
        await it.until(lambda: "your program" in it.text, "the insight")
        await it.press("r")
        await it.until(lambda: it.app.learner.bench is not bench, "the engine once more")


async def test_layers_that_came_while_others_were_looked_at_are_as_wide_as_their_column(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await look(it)
        await it.press("l")
        before = it.text
        await it.press("v", "5", "h")
        await it.until(lambda: not it.app.learner.is_looking, "the end")
        await it.press("6", "l")
        assert it.text.partition("Single stage")[2] == before.partition("Single stage")[2]


async def test_a_damaged_archive_is_told_as_such(start: Start) -> None:
    engine = ScriptedEngine()
    engine.archives[SIMPLE_IMAGE.image_id] = engine.archives[SIMPLE_IMAGE.image_id][:-30_000]
    async with start(engine) as it:
        await it.build("b")
        await it.press("i")
        await it.until(lambda: "i tries again" in it.text, "the reason")
        assert "✗" in it.text


async def test_the_mouse_alone_is_enough(start: Start) -> None:
    async with start(size=(140, 44)) as it:
        await it.build("b")
        await it.click("6 Inside")
        await it.click("i looks inside")
        await it.until(lambda: "Left behind" in it.text, "the insight")
        await it.click("l Layers")
        await it.click("5: RUN go")
        await it.until(lambda: "layer 4" in it.text, "the files of the layer")
        await it.click("p Picture")
        assert "Left behind" in it.text


async def test_a_new_build_asks_for_a_new_look(start: Start) -> None:
    async with start() as it:
        await look(it)
        assert it.app.learner.bench is not None
        it.app.learner.bench.insides["current"].image_ids = ("sha256:other", "sha256:images")
        await it.build("b")
        await it.press("6")
        assert "i looks inside" in it.text


@pytest.mark.parametrize(
    ("titles", "head"),
    [
        (("Dockerfile", "Dockerfile.small"), "What the bytes are" + " " * 12 + "Dockerfile  Dockerfile.small"),
        (("One", "Two"), "What the bytes are" + " " * 14 + "One" + " " * 10 + "Two"),
        (("Dockerfile.of-the-whole-company", "B"), "What the bytes are      Dockerfile.of-th…" + " " * 18 + "B"),
    ],
)
async def test_titles_of_own_files_have_room_above_their_figures(titles: tuple[str, str], head: str) -> None:
    picture = InsidePicture()
    archives = [read_archive([data]).images[0] for data in (SIMPLE_ARCHIVE, MULTISTAGE_ARCHIVE)]
    insides = [
        Inside(title, title, one.config.image_id, dissect(one.config, one.layers))
        for title, one in zip(titles, archives, strict=True)
    ]

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield picture

    async with Bare().run_test(size=(66, 30), notifications=True) as pilot:
        picture.show(gain_insight(insides), (SIMPLE_IMAGE, MULTISTAGE_IMAGE))
        await pilot.pause()
        lines = [strip.text.strip() for strip in pilot.app.screen._compositor.render_strips()]
    assert head in lines
    assert f"of {titles[0]} that {titles[1]} does not carry" in " ".join(lines)
