"""The Textual app: it holds the learner, looks for an engine, and turns keys into actions."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer

from tui import themes
from tui.screens.ending_actions import EndingApp
from tui.screens.messages import BuildNews, InsideNews, NewsArrived, RunNews
from tui.screens.walk import BUILD, INSIDE, SIZES, WalkScreen
from tui.session import format
from tui.session.actions import ACTIONS, BY_ID
from tui.session.beginning import begin
from tui.session.learner import BUILD_UNDER_WAY, LOOK_UNDER_WAY, Learner
from tui.session.options import StartOptions
from tui.session.settings import load_settings, save_settings
from tui.widgets.clickable import clicked_action

if TYPE_CHECKING:
    from tui.widgets.inside_files import InsideFiles

DRAINS_PER_SECOND = 20
THREAD_SWITCH_SECONDS = 0.001
TERMINAL_LOOKS_SECONDS = 2.0


class JettisonApp(EndingApp):
    """The app. `act` carries out any action of the registry, whoever asks for it: key, click, palette or lesson."""

    TITLE = "Jettison"
    # Textual reads a screen's own file only when it is pushed, and this one is there from the start.
    CSS_PATH = Path(__file__).parent / "screens" / "walk.tcss"
    CSS = """
    /* Above the command and the keys, which must stay in sight. */
    ToastRack { margin-bottom: 2; }
    * {
        scrollbar-color: $foreground 25%; scrollbar-color-hover: $accent; scrollbar-color-active: $accent;
        scrollbar-background: $foreground 6%; scrollbar-background-hover: $foreground 10%;
        scrollbar-background-active: $foreground 10%; scrollbar-corner-color: $surface;
    }
    """
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f2"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.key, f"act('{action.id}')", action.short, show=False)
        for action in ACTIONS
        if action.id != "palette"
    ]

    def __init__(self, options: StartOptions) -> None:
        super().__init__()
        self._settings, warning = load_settings()
        self._warnings = [warning] if warning else []
        self.beginning = begin(options.course)
        self.learner = Learner(options, self.beginning, self._settings)
        self.learner.on_news = lambda: self.post_message(NewsArrived())
        self.wrap = self._settings.wrap
        self.walk = WalkScreen(self.learner)
        self._drain_timer: Timer | None = None
        self._is_built_to_be_told = False
        """Whether the end of the builds under way is still to be announced."""
        self._typed_early: list[str] = []
        for theme in themes.house_themes():
            self.register_theme(theme)
        self.theme = self._settings.theme if self._settings.theme in self.available_themes else themes.DARK

    # Start and end.

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of the stages, for themes that are not ours."""
        return themes.FALLBACK_VARIABLES

    def get_default_screen(self) -> Screen[None]:
        """The walk-through, and no empty screen below it."""
        return self.walk

    def on_mount(self) -> None:
        """Show the screen first; everything slow comes after the first paint."""
        self._drain_timer = self.set_interval(1 / DRAINS_PER_SECOND, self._drain, pause=True)
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        if not self.bring_course():
            return
        await self.walk.complete()
        for action_id in self._typed_early:
            self.act(action_id)
        # What there is by now stays until the end: looking through it again and again would hold keys up.
        gc.freeze()
        gc.enable()
        self.walk.set_wrap(self.wrap)
        for warning in self._warnings:
            self.warn(warning)
        self.set_interval(TERMINAL_LOOKS_SECONDS, self._mind_the_terminal)
        self.look_for_engine()

    def _mind_the_terminal(self) -> None:
        """End where the terminal is gone; what runs is left as it is, as when the program is killed."""
        from tui.session.terminal import HUNG_UP, is_hung_up

        if not self.is_headless and is_hung_up(0):
            self._leave()
            # Textual's own way out draws on the terminal.
            os._exit(HUNG_UP)

    async def action_quit(self) -> None:
        """Leave: what is being built is cancelled, what runs is stopped or left, and settings are kept."""
        self.confirm_leaving(self._leave)

    def _leave(self) -> None:
        bench = self.learner.bench
        if bench is not None:
            bench.queue.cancel()
            bench.inspector.cancel()
            if bench.has_runs:
                bench.runs.runner.close()
            bench.engine.close()
        try:
            save_settings(self.learner.settings(self._settings, theme=self.theme, wrap=self.wrap))
        except OSError as error:
            self.exit(message=f"The settings could not be kept: {error.strerror}.")
            return
        self.exit()

    # Actions.

    def on_click(self, event: events.Click) -> None:
        """A click on a printed key, a tab or a link of a lesson does what it says."""
        action = clicked_action(event)
        if action is not None and action in BY_ID:
            event.stop()
            self.action_act(action)

    def action_act(self, action_id: str) -> None:
        """Carry out the action of this id: what a key asks for."""
        self.act(action_id)
        self.acted(action_id)

    def act(self, action_id: str) -> None:
        """Carry out the action of this id. What is typed before all is there is done as soon as it is."""
        if not self.walk.is_complete:
            self._typed_early.append(action_id)
            return
        if action_id in ("help", "quit", "palette") or not isinstance(self.screen, WalkScreen):
            self._act_anywhere(action_id)
        elif action_id.startswith("show-"):
            self.walk.show_place(action_id.removeprefix("show-"))
        elif action_id.startswith("run-"):
            self.act_on_runs(action_id.removeprefix("run-"))
        elif action_id.startswith("inside-"):
            self.walk.act_inside(action_id.removeprefix("inside-"))
        elif self.learner.variants_for(action_id) or action_id.startswith("build-"):
            self._build(action_id)
        else:
            self.doings[action_id]()

    @cached_property
    def doings(self) -> Mapping[str, Callable[[], None]]:
        """What the actions do that are no building, and of no pane of their own: by their ids."""
        return {
            "at-once": self._do_at_once,
            "cancel": self._do_cancel,
            "clean-up": self._do_clean_up,
            "ending": self._do_ending,
            "find-step": self._do_find_step,
            "look-inside": self._do_look_inside,
            "measure-packed": self._do_measure_packed,
            "next-step": self._do_next_step,
            "no-cache": self._do_no_cache,
            "notes": self._do_notes,
            "previous-step": self._do_previous_step,
            "retry-engine": self._do_retry_engine,
            "step-action": self._do_step_action,
            "switch-edition": self._do_switch_edition,
            "theme": self._do_theme,
            **self.pane_doings,
        }

    def _act_anywhere(self, action_id: str) -> None:
        """What a dialogue does not stand in the way of; a click in the help closes it and does what was clicked."""
        from tui.screens.help import HelpScreen

        if action_id == "quit":
            self.run_worker(self.action_quit())
        elif action_id == "palette":
            self.action_command_palette()
        elif isinstance(self.screen, HelpScreen):
            self.pop_screen()
            if action_id != "help":
                self.action_act(action_id)
        elif action_id == "help" and isinstance(self.screen, WalkScreen):
            self.push_screen(HelpScreen())

    def _build(self, action_id: str) -> None:
        variants = self.learner.variants_for(action_id)
        if not variants:
            self.tell(f"{BY_ID[action_id].title}: this project has no such variant.")
        elif self.learner.bench is None:
            self.say_there_is_no_engine()
        elif self.learner.bench.refusal:
            self.warn(self.learner.bench.refusal)
        elif self.learner.is_busy:
            self.tell(BUILD_UNDER_WAY)
        else:
            self.learner.build(variants)
            self.walk.refresh_builds()
            self.walk.show_work(BUILD)
            self._is_built_to_be_told = True
            self.wait_for_news()

    @on(NewsArrived)
    def wait_for_news(self) -> None:
        """Look for news some twenty times a second from now on."""
        assert self._drain_timer is not None
        self._drain_timer.resume()

    def _do_cancel(self) -> None:
        bench = self.learner.bench
        if bench is not None and self.learner.is_busy:
            bench.queue.cancel()
        elif bench is not None and self.learner.is_looking:
            bench.inspector.cancel()
        elif self.learner.errand is not None and self.learner.has_errand:
            self.learner.errand.cancel()
        else:
            self.tell("There is nothing under way.")

    # Inside the images.

    def _do_look_inside(self) -> None:
        self.walk.show_work(INSIDE)
        self._look_inside(measure_packed=False)

    def _do_measure_packed(self) -> None:
        self.walk.show_work(INSIDE)
        self._look_inside(measure_packed=True)

    def _look_inside(self, *, measure_packed: bool) -> None:
        if self.learner.is_looking:
            self.tell(LOOK_UNDER_WAY)
        elif self.learner.look_inside(measure_packed=measure_packed):
            self.walk.refresh_inside()
            self.wait_for_news()
        else:
            self.tell("There is no image yet to look into. b builds both.")

    def _do_no_cache(self) -> None:
        self.learner.no_cache = not self.learner.no_cache
        self.walk.refresh_command()
        self.tell("The next build uses no cache." if self.learner.no_cache else "The next build uses the cache.")

    def _do_at_once(self) -> None:
        self.learner.at_once = not self.learner.at_once
        self.tell(
            "Both build at once; their times are not comparable then."
            if self.learner.at_once
            else "Both build one after the other, so that their times can be compared."
        )

    def on_inside_files_file_wanted(self, message: InsideFiles.FileWanted) -> None:
        """Show a file of an image."""
        from tui.screens.file_view import FileScreen
        from tui.session.file_reading import FileReading

        record, bench = self.learner.inside(), self.learner.bench
        if bench is None or record is None or record.insight is None:
            return
        inside = record.insight.images[message.source.image]
        reading = FileReading(bench.engine, inside.image_id, inside.anatomy, message.source.place)
        self.push_screen(FileScreen(reading, message.path))

    def _do_switch_edition(self) -> None:
        other = self.learner.other_edition()
        if other is None:
            self.tell("This is a project of your own: it has one edition.")
        elif self.learner.is_busy:
            self.tell(BUILD_UNDER_WAY)
        else:
            self.learner.set_edition(other)
            self.walk.refresh_project()
            self.tell("The Dockerfiles of 2019." if other == "2019" else "The Dockerfiles as one writes them today.")

    def _do_next_step(self) -> None:
        if self.is_at_last_step:
            self.leave_last_step()
        else:
            self.walk.next_step(1)

    def _do_previous_step(self) -> None:
        self.walk.next_step(-1)

    def _do_step_action(self) -> None:
        self.do_what_waits()

    def _do_theme(self) -> None:
        self.theme = themes.LIGHT if self.theme == themes.DARK else themes.DARK

    def _do_retry_engine(self) -> None:
        if not self.is_tied_to_engine:
            self.look_for_engine(asked=True)

    # News.

    def _drain(self) -> None:
        from tui.engine.events import BuildEnd

        if not self.is_running:
            # On the way out the screens go first: there is nothing left to show news on.
            return
        news = self.learner.drain()
        if news.builds or self.learner.is_busy:
            self.walk.post_message(BuildNews(news.builds))
        for run, event in news.runs:
            self.take_run_news(run, event)
        if news.runs:
            self.walk.post_message(RunNews())
        if news.insides:
            self.walk.post_message(InsideNews())
        if any(isinstance(event, BuildEnd) for _, event in news.builds) or any(i.is_over for i in news.insides):
            self.went_on()
        self.take_further()
        self.take_errand_further()
        bench = self.learner.bench
        if bench is not None:
            for warnings in (bench.queue.warnings, bench.inspector.warnings):
                while warnings:
                    self.warn(warnings.popleft())
        if news or self.learner.is_busy or self.is_attempting or self.learner.has_errand:
            return
        if self._is_built_to_be_told:
            self._is_built_to_be_told = False
            self._all_built()
        if not (self.learner.is_looking or self.learner.is_running):
            assert self._drain_timer is not None
            self._drain_timer.pause()

    def _all_built(self) -> None:
        from tui.engine.events import BuildSucceeded

        comparison = self.learner.comparison()
        if comparison is None or len(comparison.built) < 2 or comparison.ratio is None:
            return
        if all(isinstance(built.record.end, BuildSucceeded) for built in comparison.built):
            ratio = "the same size" if comparison.ratio == 1 else f"a ratio of {format.times(comparison.ratio)}"
            self.tell(f"Both are built: {ratio}. {SIZES.capitalize()}: 5")

    # Palette.

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette lists our actions, and no others."""
        for action in ACTIONS:
            if action.id != "palette":
                yield SystemCommand(
                    f"{action.title}  ({action.shown_key})", action.help, lambda id=action.id: self.action_act(id)
                )


def run_app(options: StartOptions, kind: type[JettisonApp] = JettisonApp) -> int:
    """Run it (or an app that adds to it) in this terminal; the exit code."""
    # A noisy build keeps threads busy; a key must not wait five milliseconds for each of them.
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    app = kind(options)
    app.run()
    return app.return_code or 0
