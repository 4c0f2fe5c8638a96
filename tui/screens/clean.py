"""What is ours on the engine and in the cache: what it weighs, and its removal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.engine.errors import EngineError
from tui.screens.messages import OursFound, OursRefused, OursRemoved
from tui.session import format
from tui.session.belongings import Ours, Removed, find_ours, remove_ours
from tui.widgets.choice_list import Choice, ChoiceList

if TYPE_CHECKING:
    from tui.engine.api import Engine
    from tui.engine.containers import Container
    from tui.session.ledger import Ledger


class CleanScreen(ModalScreen[None]):
    """Lists what is ours, and removes what is chosen of it. Nothing else is ever touched."""

    CSS_PATH = "clean.tcss"
    BINDINGS = [
        Binding("escape,q,X", "close", "Close"),
        # Before the list takes it as a choice.
        Binding("enter", "remove", "Remove", priority=True),
    ]

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        super().__init__()
        self._engine = engine
        self._ledger = ledger
        self._ours: Ours | None = None
        self._asked: Ours | None = None
        """What the learner was asked about, and may agree to."""
        self._is_removing = False

    def compose(self) -> ComposeResult:
        """What it is about, the list, what came of it, two buttons."""
        with Vertical(id="card"):
            yield Static("What Jettison made", id="title")
            yield Static(Content("▶ asking the engine…"), id="state")
            yield ChoiceList(id="ours")
            with Horizontal(id="buttons"):
                yield Button("Remove what is chosen (Enter)", id="remove", variant="primary", disabled=True)
                yield Button("Close (Escape)", id="close")

    def on_mount(self) -> None:
        """Ask in a thread: an engine may take its time."""
        self._work(lambda: OursFound(find_ours(self._engine, self._ledger, cache=True, work=True)))

    def _work(self, work: Callable[[], OursFound | OursRemoved]) -> None:
        def run() -> None:
            try:
                self.post_message(work())
            except (EngineError, OSError) as error:
                self.post_message(OursRefused(str(error)))

        threading.Thread(target=run, name="clean", daemon=True).start()

    @on(OursFound)
    def _found(self, message: OursFound) -> None:
        self._ours = message.ours
        choices = self.query_one(ChoiceList)
        choices.offer(_choices(message.ours))
        has_any = bool(message.ours)
        self._say(
            "Space chooses; cached files only cost time when they are made again."
            if has_any
            else "Nothing here is ours."
        )
        self.query_one("#remove", Button).disabled = not has_any
        if has_any:
            choices.highlighted = 0
            choices.focus()

    def action_remove(self) -> None:
        """Enter does what the button with the focus says; from the list, it removes."""
        if self.focused is self.query_one("#close"):
            self.action_close()
        else:
            self._remove()

    @on(Button.Pressed, "#remove")
    def _remove(self) -> None:
        if self._ours is None or self._is_removing:
            return
        chosen = _chosen(self._ours, self.query_one(ChoiceList).chosen)
        if not chosen:
            self._say("Nothing is chosen.")
            return
        if chosen != self._asked:
            self._asked = chosen
            self._say(f"Remove {chosen.count}? Enter again removes, Escape leaves all as it is.")
            return
        self._is_removing = True
        self._say("▶ removing…")
        self._work(lambda: OursRemoved(remove_ours(self._engine, self._ledger, chosen)))

    @on(OursRemoved)
    def _removed(self, message: OursRemoved) -> None:
        self._is_removing = False
        self._say("\n".join(removal_words(message.removed)))
        self.query_one(ChoiceList).offer(())
        self.query_one("#remove", Button).disabled = True
        self.query_one("#close", Button).focus()

    @on(OursRefused)
    def _refused(self, message: OursRefused) -> None:
        self._is_removing = False
        self._say(f"✗ {message.why}")

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Close; what is being removed goes on."""
        self.dismiss(None)

    def _say(self, words: str) -> None:
        self.query_one("#state", Static).update(Content(words))


def _choices(ours: Ours) -> list[Choice]:
    """A line for each thing, chosen but for the cache and what the learner wrote."""
    found = [
        Choice(
            left.container.container_id,
            f"container  {left.container.name}  {left.container.state}{_written(left.container)}  ({left.subject})",
            True,
        )
        for left in ours.containers
    ]
    for one in ours.images:
        share = ours.shares.get(one.image.image_id)
        alone = (
            f", {format.size(share.unique_bytes)} of it its own"
            if share is not None and share.unique_bytes is not None
            else ""
        )
        tag = one.image.tags[0] if one.image.tags else "<none>"
        words = f"image      {one.title}  {format.size(one.image.size_bytes)}{alone}  {tag}"
        found.append(Choice(one.image.image_id, words, True))
    for cached in ours.cached:
        words = f"cache      {cached.name}  {format.size(cached.size_bytes)} in {format.files(cached.files)}"
        found.append(Choice(str(cached.path), words, False))
    for written in ours.work:
        words = f"your work  {written.name}  {format.size(written.size_bytes)} in {format.files(written.files)}"
        found.append(Choice(str(written.path), words, False))
    return found


def _written(container: Container) -> str:
    return f"  {format.size(container.written_bytes)} written" if container.written_bytes is not None else ""


def _chosen(ours: Ours, chosen: Set[str]) -> Ours:
    return replace(
        ours,
        containers=tuple(one for one in ours.containers if one.container.container_id in chosen),
        images=tuple(one for one in ours.images if one.image.image_id in chosen),
        cached=tuple(one for one in ours.cached if str(one.path) in chosen),
        work=tuple(one for one in ours.work if str(one.path) in chosen),
    )


def removal_words(removed: Removed) -> list[str]:
    """What came of it, one sentence a line."""
    words = []
    for name, gone in (("container", removed.containers), ("image", removed.images)):
        if gone:
            well = [one for one in gone if one.error is None]
            freed = format.size(sum(one.freed_bytes for one in gone))
            things = name if len(gone) == 1 else f"{name}s"
            words.append(f"{len(well)} of {len(gone)} {things} removed, {freed} freed.")
    if removed.cache_bytes:
        words.append(f"Cached files deleted, {format.size(removed.cache_bytes)} freed.")
    if removed.work_bytes:
        words.append(f"Your work deleted, {format.size(removed.work_bytes)} freed.")
    errors = [*(one.error for one in removed.containers), *(one.error for one in removed.images)]
    words += [f"✗ {error.what} {error.advice}" for error in errors if error is not None]
    words += [f"✗ {kept}" for kept in removed.kept_files]
    if removed.images:
        words.append("Layers that the build cache still holds stay until you say: docker builder prune")
    return words
