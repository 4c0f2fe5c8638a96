"""Builds beside each other: a pane for each, one of them in front, and turns to draw them when both are flooded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from tui.widgets.build_pane import BuildPane

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.session.base_images import BaseImage
    from tui.session.build_record import BuildRecord
    from tui.session.history import LastBuild

BESIDE = 2


@dataclass(frozen=True, slots=True)
class ShownBuild:
    """A variant, its newest build if there was one, and what the one before took."""

    subject: str
    """Project and variant, as builds are told apart: `current/simple`."""
    variant: str
    title: str
    record: BuildRecord | None
    previous: LastBuild | None
    bases: tuple[BaseImage, ...] = ()
    """The images that it starts from, as far as that is known before it is built."""
    free_bytes: int | None = None
    """On the engine's disk, where that is known."""


class BuildsPane(Horizontal):
    """Shows at most as many builds as a project has variants, and always room for two."""

    def __init__(self, builds: Sequence[ShownBuild], *, id: str | None = None) -> None:
        super().__init__(id=id)
        titles = [(build.variant, build.title) for build in builds]
        # A lesson shows two builds beside each other, whatever the project has.
        titles += [titles[0]] * (BESIDE - len(titles))
        self._panes = [BuildPane(*title) for title in titles]
        self._builds = tuple(builds)
        self._dealt_with = ""
        self._is_zoomed = False
        self._turn = 0

    def compose(self) -> ComposeResult:
        """The panes."""
        yield from self._panes

    def show(self, builds: Sequence[ShownBuild], dealt_with: str) -> None:
        """Show these; `dealt_with` is the variant that was dealt with last."""
        self._builds, self._dealt_with = tuple(builds), dealt_with
        for pane, build in zip(self._panes, builds, strict=False):
            pane.show(build.variant, build.title, build.record, build.previous, build.bases, build.free_bytes)
        self._show_panes()

    def zoom(self, is_zoomed: bool) -> None:
        """One of them over the whole width, or all beside each other."""
        self._is_zoomed = is_zoomed
        self._show_panes()

    def _show_panes(self) -> None:
        front = self.front
        for number, pane in enumerate(self._panes):
            pane.display = number < len(self._builds) and (not self._is_zoomed or pane is front)

    def refresh_records(self, *, in_turn: bool) -> None:
        """Their records went on. In a flood they take turns, so that keys are answered in between."""
        panes = [pane for pane in self._panes if pane.display]
        if in_turn and panes:
            self._turn = (self._turn + 1) % len(panes)
            panes = panes[self._turn : self._turn + 1]
        for pane in panes:
            pane.refresh_record()

    @property
    def front(self) -> BuildPane:
        """The pane with the focus, or that of the variant dealt with last, or the first."""
        shown = self._panes[: len(self._builds)]
        for pane in shown:
            if pane.has_pseudo_class("focus-within"):
                return pane
        named = [pane for pane in shown if pane.variant == self._dealt_with]
        return named[0] if named else shown[0]

    @property
    def front_subject(self) -> str:
        """What the pane in front shows a build of."""
        return self._builds[self._panes.index(self.front)].subject
