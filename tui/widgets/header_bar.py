"""The line on top: where the learner is, and which engine answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from tui.engine.model import EngineInfo


class HeaderBar(Widget):
    """One line: title, step and progress, engine. Drops the least important parts where it is narrow.

    A click on the step leads to the list of steps, one on the bar to what the learner has so far.
    """

    DEFAULT_CSS = """
    HeaderBar { height: 1; dock: top; background: $panel; color: $foreground; padding: 0 1; }
    """

    course: reactive[str] = reactive("")
    step: reactive[int] = reactive(0)
    """1-based; 0 while there is no course."""
    steps: reactive[int] = reactive(0)
    engine: reactive[str] = reactive("looking for an engine…")
    recorded: reactive[bool] = reactive(False)
    """Whether the figures come from a recording: said in a warning colour."""

    _BAR_CELLS = 14
    _places: tuple[tuple[range, str], ...] = ()
    """Columns that can be clicked, each with the id of its action."""

    def render(self) -> Content:
        """The line, fitted to the width by leaving parts out: first the bar, then the course's title."""
        engine = Content.styled(self.engine, "bold $warning" if self.recorded else "$foreground 60%")
        name = Content.styled("Jettison", "bold $accent")
        where = Content(f"step {self.step} of {self.steps}") if self.steps else Content("")
        course = Content.styled(f"   {self.course}", "$foreground 60%") if self.course else Content("")
        bar = Content.assemble("  ", self._progress()) if self.steps else Content("")
        for left, middle in (
            (Content.assemble(name, course), Content.assemble(where, bar)),
            (Content.assemble(name, course), where),
            (name, where),
            (name, Content("")),
        ):
            used = left.cell_length + middle.cell_length + engine.cell_length
            gaps = 2 if middle.cell_length else 1
            free = self.size.width - used
            if free >= gaps * 3 or middle.cell_length == 0:
                before = max(1, free - 3) if middle.cell_length else max(1, free)
                after = 3 if middle.cell_length else 0
                start = left.cell_length + before
                ends = start + where.cell_length, start + middle.cell_length
                self._places = ((range(start, ends[0]), "find-step"), (range(*ends), "ending"))
                return Content.assemble(left, " " * before, middle, " " * after, engine)
        return engine

    async def on_click(self, event: events.Click) -> None:
        """Go where the click leads; the line has a margin of one column."""
        for columns, action in self._places:
            if event.x - 1 in columns:
                event.stop()
                await self.run_action(f"app.act('{action}')")

    def show_engine(self, info: EngineInfo) -> None:
        """Name the engine that answers."""
        self.engine, self.recorded = engine_words(info), info.recorded_on is not None

    def _progress(self) -> Content:
        filled = round(self._BAR_CELLS * self.step / self.steps) if self.steps else 0
        return Content.assemble(
            ("━" * filled, "$accent"),
            ("━" * (self._BAR_CELLS - filled), "$foreground 20%"),
        )


def engine_words(info: EngineInfo) -> str:
    """Who answers, as short as it can be said; a recording always says that it is one."""
    words = f"{info.name} {info.version.partition('+')[0]} · {info.builder} · {info.storage_driver}"
    return f"recorded on {info.recorded_on:%Y-%m-%d} · {words}" if info.recorded_on is not None else words
