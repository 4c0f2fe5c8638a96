"""The main screen: the steps, the lesson, and the work area with Dockerfiles, builds and sizes."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import OptionList

from tui.engine.dockerfile import parse
from tui.engine.errors import EngineError
from tui.screens.key_hints import key_hints
from tui.screens.messages import BuildNews, InsideNews, ProjectShown, RunNews
from tui.session.actions import BY_ID
from tui.session.learner import Learner
from tui.session.variants import Variant
from tui.widgets.command_bar import CommandBar
from tui.widgets.dockerfile_panes import DockerfilePane, DockerfilePanes, ShownFile
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.lesson_pane import LessonPane
from tui.widgets.line_view import LineView
from tui.widgets.step_list import StepList
from tui.widgets.tab_bar import Tab, TabBar

if TYPE_CHECKING:
    from tui.widgets.builds_pane import BuildsPane, ShownBuild
    from tui.widgets.inside_pane import InsidePane
    from tui.widgets.runs_pane import RunsPane, ShownRun
    from tui.widgets.search_bar import SearchBar
    from tui.widgets.sizes_pane import SizesPane

STEPS, LESSON, DOCKERFILES, BUILD, SIZES = "steps", "lesson", "dockerfiles", "build", "sizes"
INSIDE, RUN = "inside", "run"
WORK_TABS = (DOCKERFILES, BUILD, SIZES, INSIDE, RUN)
PLACES = (STEPS, LESSON, *WORK_TABS)
"""In the order of their digits."""


def _tab(place: str) -> Tab:
    action = BY_ID[f"show-{place}"]
    return Tab(place, action.shown_key, place.capitalize(), action.id)


class WalkScreen(Screen[None]):
    """Shows one `Learner`. It asks nothing of an engine: the app builds, and tells it of the news."""

    AUTO_FOCUS = "#lesson"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (140, "-wide"), (160, "-broad")]

    def __init__(self, learner: Learner) -> None:
        super().__init__()
        self._learner = learner
        self._place = LESSON
        self._work = DOCKERFILES
        self._shown_edition = learner.project.name
        self._zoomed = False
        self.is_complete = False
        """Whether builds, sizes and search are there too."""
        self._builds: BuildsPane
        self._sizes: SizesPane
        self.inside: InsidePane
        self.runs: RunsPane
        self._search: SearchBar

    # What it is made of.

    def compose(self) -> ComposeResult:
        """Header; tabs where it is narrow; steps, lesson, Dockerfiles; command; keys."""
        self._fit_width()
        yield HeaderBar()
        yield TabBar([_tab(place) for place in PLACES], id="all-tabs")
        with Horizontal(id="panes"):
            yield StepList(self._learner.outline, id="steps")
            yield LessonPane(id="lesson")
            with Vertical(id="work"):
                yield TabBar([_tab(place) for place in WORK_TABS], id="work-tabs")
                yield DockerfilePanes(self._files(), id="dockerfiles")
        yield CommandBar()
        yield KeyBar()

    async def complete(self) -> None:
        """Add what the first screen does not show: builds, sizes, insides, search. From then on all can be done."""
        from tui.widgets.builds_pane import BuildsPane
        from tui.widgets.inside_pane import InsidePane
        from tui.widgets.runs_pane import RunsPane
        from tui.widgets.search_bar import SearchBar
        from tui.widgets.sizes_pane import SizesPane

        self._builds = BuildsPane(self._shown_builds(), id="build")
        self._sizes = SizesPane(id="sizes")
        self.inside = InsidePane(id="inside")
        self.runs = RunsPane(self._shown_runs(), id="run")
        self._search = SearchBar()
        added = (self._builds, self._sizes, self.inside, self.runs)
        for pane in added:
            pane.display = False
        await self.query_one("#work").mount(*added)
        await self.mount(self._search, before=self.query_one(CommandBar))
        self.is_complete = True
        self.refresh_builds()
        self._show_places()

    def _fit_width(self) -> None:
        """Be as wide as the terminal from the first layout on; Textual would lay all out twice."""
        classes = [name for least, name in self.HORIZONTAL_BREAKPOINTS if self.app.size.width >= least]
        self.add_class(classes[-1])

    @cached_property
    def header(self) -> HeaderBar:
        """The line on top."""
        return self.query_one(HeaderBar)

    def on_mount(self) -> None:
        """Open the step where the learner stopped."""
        self.header.course = self._learner.outline.title
        self.header.steps = len(self._learner.outline.heads)
        self.open_step(self._learner.step_index)

    # Where the learner is.

    def open_step(self, index: int) -> None:
        """Show a step, and the tab that goes with it."""
        if not self._learner.go_to(index):
            return
        head, work = self._learner.head, self._learner.work
        if head.tab is not None:
            self._work = head.tab
        if self._place in WORK_TABS:
            self._place = self._work
        if work is not None:
            work.open(self._learner.step, self._work)
        self.header.step = index + 1
        self.refresh_lesson(from_top=True)
        self.refresh_project()
        self._show_places()

    def next_step(self, by: int) -> None:
        """One step on, or back. What is gone on from is done, or skipped."""
        if by > 0 and self._learner.work is not None:
            self._learner.work.leave(self._learner.step)
            self.refresh_lesson()
        self.open_step(self._learner.step_index + by)

    def refresh_lesson(self, *, from_top: bool = False) -> None:
        """Show the page of the step that is open, and how each step stands."""
        learner = self._learner
        marks = [learner.mark(head.id) for head in learner.outline.heads]
        self.query_one(StepList).mark(learner.step_index, marks)
        self.query_one(LessonPane).show(learner.head, learner.step_index + 1, learner.page(), from_top=from_top)

    def await_change(self) -> None:
        """The page was asked for something: what comes of it is brought into sight."""
        self.query_one(LessonPane).await_change()

    def show_place(self, place: str) -> None:
        """Bring a pane to the front and give it the keyboard."""
        self._place = place
        if place in WORK_TABS:
            self._work = place
        self._show_places()
        self._focus_place(place)

    def show_work(self, tab: str) -> None:
        """Bring a tab of the work area to the front; where there is room the keyboard stays where it is."""
        if self.has_class("-narrow"):
            self.show_place(tab)
            return
        self._work = tab
        if self._place in WORK_TABS:
            self._place = tab
        self._show_places()

    def _show_places(self) -> None:
        for pane in self.query(", ".join(f"#{place}" for place in PLACES)):
            pane.set_class(pane.id == self._place, "-front")
            if pane.id in WORK_TABS:
                pane.display = pane.id == self._work
        self.query_one("#work").set_class(self._place in WORK_TABS, "-front")
        self.query_one("#all-tabs", TabBar).chosen = self._place
        self.query_one("#work-tabs", TabBar).chosen = self._work
        self.refresh_command()
        self._show_keys()

    def _focus_place(self, place: str) -> None:
        target = self.query_one(f"#{place}")
        if target is self.inside:
            target = self.inside.front
        elif not target.can_focus:
            inner = [view for view in target.query(LineView) if view.display]
            target = inner[0] if inner else target
        target.focus()

    def _show_keys(self) -> None:
        is_shown = self._place == self._work or not self.has_class("-narrow")
        hints, last = key_hints(self._learner, self._work if is_shown else None)
        self.query_one(KeyBar).set_hints(hints, last)

    def on_resize(self) -> None:
        """Other widths show other keys; where only one pane is left, it is the one with the keyboard."""
        if self.query_one("#work").has_pseudo_class("focus-within"):
            self._place = self._work
        self.call_after_refresh(self._show_places)

    @on(OptionList.OptionHighlighted, "#steps")
    def _step_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        # What is highlighted now: the list tells of its first line when it is made, whatever was marked since.
        index = event.option_list.highlighted
        if index is not None and index != self._learner.step_index:
            self.open_step(index)

    @on(OptionList.OptionSelected, "#steps")
    def _step_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.show_place(LESSON)

    # What is built.

    def refresh_project(self) -> None:
        """The edition may be another one, an engine may have come: show files, builds, sizes and the command."""
        project = self._learner.project
        if self._shown_edition != project.name:
            self._shown_edition = project.name
            self.query_one(DockerfilePanes).show(self._files())
            self.post_message(ProjectShown())
        self.refresh_builds()

    def _files(self) -> list[ShownFile]:
        project = self._learner.project
        return [ShownFile(_file_name(v, project.context), v.title, parse(_text(v))) for v in project.variants]

    def refresh_builds(self) -> None:
        """Give each build pane its record, and the sizes what is built."""
        if self.is_complete:
            self._builds.show(self._shown_builds(), self._learner.focused_variant.name)
            self._refresh_sizes()
            self.refresh_inside()
            self.refresh_runs()
        self.refresh_command()
        self._show_keys()

    def _shown_builds(self) -> list[ShownBuild]:
        from tui.widgets.builds_pane import ShownBuild

        learner = self._learner
        return [
            ShownBuild(
                p.subject(v),
                v.name,
                v.title,
                learner.record(v, p),
                learner.previous(v, p),
                learner.bases(v, p),
                learner.found.engine_free_bytes,
            )
            for p, v in learner.shown_builds()
        ]

    def refresh_command(self) -> None:
        """Show the docker command of what is looked at, or of what was dealt with last."""
        self.query_one(CommandBar).command = self._look_command() or self._learner.command()

    def _look_command(self) -> str | None:
        if not self.is_complete or self._work in (DOCKERFILES, BUILD):
            return None
        if self._work == RUN:
            return self._learner.run_command(self.runs.front.variant)
        return self._learner.look_command(self.inside.view if self._work == INSIDE else SIZES)

    @property
    def command(self) -> str:
        """The docker command that is shown."""
        return self.query_one(CommandBar).command

    def _refresh_sizes(self) -> None:
        self._sizes.show(self._learner.comparison(), self._learner.stages())

    def refresh_inside(self) -> None:
        """Show how far the looking into images is, or what was found."""
        comparison = self._learner.comparison()
        images = [built.image for built in comparison.built] if comparison is not None else []
        self.inside.show(self._learner.inside(), images)
        self._show_keys()

    def act_inside(self, action: str) -> None:
        """Carry out what a key for the inside of images asks for, and show it."""
        self.show_work(INSIDE)
        if (refusal := self.inside.act(action)) is not None:
            self.notify(refusal, markup=False, timeout=4)
        self.refresh_command()

    def _shown_runs(self) -> list[ShownRun]:
        from tui.widgets.runs_pane import ShownRun

        project = self._learner.project
        bench = self._learner.run_bench
        return [ShownRun(v.name, v.title, bench.record(project, v) if bench else None) for v in project.variants]

    def refresh_runs(self) -> None:
        """Show what runs, and whether all behave the same."""
        bench, project = self._learner.run_bench, self._learner.project
        self.runs.show(self._shown_runs(), bench.comparison(project, project.variants) if bench else None)

    @on(RunNews)
    def _run_news(self) -> None:
        self.refresh_runs()
        self.refresh_command()

    def on_descendant_focus(self) -> None:
        """Among containers, the command is that of the one that is looked at."""
        if self._work == RUN:
            self.call_after_refresh(self.refresh_command)

    @on(InsideNews)
    def _inside_news(self) -> None:
        self.refresh_inside()

    @on(BuildNews)
    def _news(self, news: BuildNews) -> None:
        """Builds went on: bring their panes up to date."""
        is_over = any(self._is_end(job.request.subject, event) for job, event in news.events)
        self._builds.refresh_records(in_turn=news.is_flood and not is_over)
        if is_over:
            self._refresh_sizes()
            self.refresh_inside()

    def _is_end(self, subject: str, event: object) -> bool:
        bench = self._learner.bench
        return bench is not None and bench.records[subject].end is event

    # What can be done in a pane.

    def line_view(self) -> LineView | None:
        """The log or file that a key means: the one with the focus, or the first in sight."""
        focused = self.focused
        while focused is not None:
            if isinstance(focused, LineView):
                return focused
            if isinstance(log := getattr(focused, "log_view", None), LineView):
                return log
            focused = focused.parent if not isinstance(focused.parent, Screen) else None  # type: ignore[assignment]
        if self._work == BUILD:
            return self._builds.front.log_view
        views = [view for view in self.query(LineView) if view.display and view.region]
        return views[0] if views else None

    def front_log(self) -> tuple[str, Path | None]:
        """The name of the log that a key means (`current/simple`), and the file that holds the whole of it."""
        if self._work == RUN:
            record = self.runs.front.record
            return f"run-{self.runs.front.variant}", record.log_file if record is not None else None
        subject, bench = self._builds.front_subject, self._learner.bench
        return subject, bench.log_file(subject) if bench is not None else None

    def zoom(self) -> None:
        """One pane over the whole width, or all side by side again."""
        self._zoomed = not self._zoomed
        panes = self.query(DockerfilePane)
        focused = next((pane for pane in panes if pane.has_pseudo_class("focus-within")), panes.first())
        for pane in panes:
            pane.display = not self._zoomed or pane is focused
        self._builds.zoom(self._zoomed)
        for part in ("#steps", "#lesson"):
            self.query_one(part).set_class(self._zoomed, "-zoomed-away")

    def open_search(self) -> None:
        """Type what to look for."""
        if (view := self.line_view()) is not None:
            self._search.open(view)

    def next_match(self, step: int) -> bool:
        """Go to the next match of the last search; False where nothing was searched or found."""
        view = self._search.searched or self.line_view()
        return view is not None and view.next_match(step)

    def set_wrap(self, wrap: bool) -> None:
        """Wrap long lines in all logs, or cut them."""
        from tui.widgets.log_view import LogView

        for view in self.query(LogView):
            view.wrap = wrap


def _file_name(variant: Variant, context: Path) -> str:
    """The Dockerfile's name as one would type it in the context."""
    file = variant.dockerfile
    return file.relative_to(context).as_posix() if file.is_relative_to(context) else str(file)


def _text(variant: Variant) -> str:
    try:
        return variant.dockerfile.read_text("utf-8", "replace")
    except OSError as error:
        raise EngineError(f"{variant.dockerfile} cannot be read: {error.strerror}.", "Check the file.") from error
