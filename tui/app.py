"""The Textual app: it holds the learner, looks for an engine, and turns keys into actions."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer

from tui import themes
from tui.engine.errors import EngineError, NoEngine
from tui.screens.choices import NoEngineChoice
from tui.screens.messages import BuildNews, EngineFound, EngineMissing
from tui.screens.noticing import NoticingApp
from tui.screens.walk import BUILD, SIZES, WalkScreen
from tui.session import format
from tui.session.actions import ACTIONS, BY_ID
from tui.session.connect import connect, replay_engine
from tui.session.courses import open_course
from tui.session.learner import Learner
from tui.session.options import REPLAY, StartOptions
from tui.session.settings import load_settings, save_settings
from tui.widgets.clickable import clicked_action
from tui.widgets.header_bar import engine_words

DRAINS_PER_SECOND = 20
REPLAY_SPEED = 4.0
"""A recorded build of half a minute is seen in some eight seconds; its figures stay those of the recording."""
NO_ENGINE_CODE = 3
THREAD_SWITCH_SECONDS = 0.001


class JettisonApp(NoticingApp):
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
        self.learner = Learner(options, open_course(options.course).course, self._settings)
        self.wrap = self._settings.wrap
        self._walk = WalkScreen(self.learner)
        self._drain_timer: Timer | None = None
        self._typed_early: list[str] = []
        self._looking = False
        self._was_asked_to_look = False
        for theme in themes.house_themes():
            self.register_theme(theme)
        self.theme = self._settings.theme if self._settings.theme in self.available_themes else themes.DARK

    # Start and end.

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of the stages, for themes that are not ours."""
        return themes.FALLBACK_VARIABLES

    def get_default_screen(self) -> Screen[None]:
        """The walk-through, and no empty screen below it."""
        return self._walk

    def on_mount(self) -> None:
        """Show the screen first; everything slow comes after the first paint."""
        self._drain_timer = self.set_interval(1 / DRAINS_PER_SECOND, self._drain, pause=True)
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        await self._walk.complete()
        for action_id in self._typed_early:
            self.action_act(action_id)
        # What there is by now stays until the end: looking through it again and again would hold keys up.
        gc.freeze()
        gc.enable()
        self._walk.set_wrap(self.wrap)
        for warning in self._warnings:
            self.warn(warning)
        self.look_for_engine()

    async def action_quit(self) -> None:
        """Leave: what is being built is cancelled, and settings are kept."""
        if self.learner.bench is not None:
            self.learner.bench.queue.cancel()
            self.learner.bench.engine.close()
        try:
            save_settings(self.learner.settings(self._settings, theme=self.theme, wrap=self.wrap))
        except OSError as error:
            self.exit(message=f"The settings could not be kept: {error.strerror}.")
            return
        self.exit()

    # The engine.

    def look_for_engine(self) -> None:
        """Look in a thread; the answer comes as a message."""
        if self._looking:
            return
        self._looking = True
        self._walk.header.engine = "looking for an engine…"
        threading.Thread(target=self._look, name="discovery", daemon=True).start()

    def _look(self) -> None:
        options = self.learner.options
        try:
            engine = (
                replay_engine(REPLAY_SPEED) if options.engine == REPLAY else connect(options.engine, options.builder)
            )
        except EngineError as error:
            self.post_message(EngineMissing(error))
        else:
            self.post_message(EngineFound(engine))

    @on(EngineFound)
    def _engine_found(self, message: EngineFound) -> None:
        self._looking = False
        self.learner.adopt(message.engine)
        assert self.learner.bench is not None
        info = message.engine.info
        self._walk.header.show_engine(info)
        if self.learner.bench.history.warning:
            self.warn(self.learner.bench.history.warning)
        self._walk.refresh_project()
        if self._was_asked_to_look:
            self._was_asked_to_look = False
            self.tell(f"{engine_words(info)} answers.")

    @on(EngineMissing)
    def _engine_missing(self, message: EngineMissing) -> None:
        self._looking = False
        error = message.error
        self._walk.header.engine = "no engine"
        if not isinstance(error, NoEngine):
            self.exit(return_code=NO_ENGINE_CODE, message=f"{error.what} {error.advice}")
        elif error.named:
            self.exit(return_code=NO_ENGINE_CODE, message=f"jettison: {error.what}\n          {error.advice}")
        else:
            from tui.screens.no_engine import NoEngineScreen

            self.push_screen(NoEngineScreen(error), self._no_engine_answered)

    def _no_engine_answered(self, choice: NoEngineChoice | None) -> None:
        match choice:
            case NoEngineChoice.RETRY:
                self.look_for_engine()
            case NoEngineChoice.QUIT:
                self.exit(return_code=NO_ENGINE_CODE)
            case _:
                self._replay()

    def _replay(self) -> None:
        try:
            engine = replay_engine(REPLAY_SPEED)
        except EngineError as error:
            self.warn(f"{error.what} {error.advice}")
            return
        self.post_message(EngineFound(engine))

    # Actions.

    def on_click(self, event: events.Click) -> None:
        """A click on a printed key, a tab or a link of a lesson does what it says."""
        action = clicked_action(event)
        if action is not None and action in BY_ID:
            event.stop()
            self.action_act(action)

    def action_act(self, action_id: str) -> None:
        """Carry out the action of this id. What is typed before all is there is done as soon as it is."""
        if not self._walk.is_complete:
            self._typed_early.append(action_id)
            return
        if action_id in ("help", "quit", "palette") or not isinstance(self.screen, WalkScreen):
            self._act_anywhere(action_id)
        elif action_id.startswith("show-"):
            self._walk.show_place(action_id.removeprefix("show-"))
        elif self.learner.variants_for(action_id) or action_id.startswith("build-"):
            self._build(action_id)
        else:
            getattr(self, f"_do_{action_id.replace('-', '_')}")()

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
            self.warn("There is no engine yet. r looks for one again.")
        elif self.learner.is_busy:
            self.tell("A build is under way. x cancels it.")
        else:
            self.learner.build(variants)
            self._walk.refresh_builds()
            self._walk.show_work(BUILD)
            assert self._drain_timer is not None
            self._drain_timer.resume()

    def _do_cancel(self) -> None:
        if self.learner.is_busy and self.learner.bench is not None:
            self.learner.bench.queue.cancel()
        else:
            self.tell("Nothing is being built.")

    def _do_no_cache(self) -> None:
        self.learner.no_cache = not self.learner.no_cache
        self._walk.refresh_command()
        self.tell("The next build uses no cache." if self.learner.no_cache else "The next build uses the cache.")

    def _do_at_once(self) -> None:
        self.learner.at_once = not self.learner.at_once
        self.tell(
            "Both build at once; their times are not comparable then."
            if self.learner.at_once
            else "Both build one after the other, so that their times can be compared."
        )

    def _do_switch_edition(self) -> None:
        other = self.learner.other_edition()
        if other is None:
            self.tell("This is a project of your own: it has one edition.")
        elif self.learner.is_busy:
            self.tell("A build is under way. x cancels it.")
        else:
            self.learner.set_edition(other)
            self._walk.refresh_project()
            self.tell("The Dockerfiles of 2019." if other == "2019" else "The Dockerfiles as one writes them today.")

    def _do_next_step(self) -> None:
        self._walk.next_step(1)

    def _do_previous_step(self) -> None:
        self._walk.next_step(-1)

    def _do_step_action(self) -> None:
        action = self.learner.step.action
        if action is None:
            self.tell("This step is for reading. j goes on.")
        else:
            self.action_act(action)

    def _do_zoom(self) -> None:
        self._walk.zoom()

    def _do_search(self) -> None:
        self._walk.open_search()

    def _do_search_next(self) -> None:
        self._next_match(1)

    def _do_search_previous(self) -> None:
        self._next_match(-1)

    def _next_match(self, step: int) -> None:
        if not self._walk.next_match(step):
            self.tell("No match. / searches.")

    def _do_wrap(self) -> None:
        self.wrap = not self.wrap
        self._walk.set_wrap(self.wrap)
        self.tell("Long lines go on in the next row." if self.wrap else "Long lines are cut at the edge.")

    def _do_log_end(self) -> None:
        if (view := self._walk.line_view()) is not None:
            view.to_end()

    def _do_log_start(self) -> None:
        if (view := self._walk.line_view()) is not None:
            view.to_start()

    def _do_theme(self) -> None:
        self.theme = themes.LIGHT if self.theme == themes.DARK else themes.DARK

    def _do_retry_engine(self) -> None:
        if self.learner.is_busy:
            self.tell("A build is under way. x cancels it.")
        else:
            self._was_asked_to_look = True
            self.look_for_engine()

    # Copying and saving.

    def _do_copy_command(self) -> None:
        self.copy("the docker command", self.learner.command())

    def _do_yank(self) -> None:
        selected = self.screen.get_selected_text()
        view = self._walk.line_view()
        if selected:
            self.copy("the selection", selected)
        elif view is not None:
            self.copy("the whole pane", view.all_text())

    def _do_save_log(self) -> None:
        variant = self._walk.front_variant()
        bench = self.learner.bench
        subject = f"{self.learner.project.name}/{variant}"
        log = bench.log_file(subject) if bench is not None else None
        if log is None:
            self.tell("There is no log yet: build first.")
            return
        from tui.screens.save import SaveScreen
        from tui.session.logs import save_plain

        def save(target: Path | None) -> None:
            if target is None:
                return
            try:
                save_plain(log, target)
            except OSError as error:
                self.warn(f"{target} could not be written: {error.strerror}.")
            else:
                self.tell(f"Saved to {target}.")

        self.push_screen(SaveScreen(Path(f"jettison-{subject.replace('/', '-')}.log")), save)

    # News.

    def _drain(self) -> None:
        events = self.learner.drain()
        self._walk.post_message(BuildNews(events))
        bench = self.learner.bench
        if bench is not None:
            while bench.queue.warnings:
                self.warn(bench.queue.warnings.popleft())
        if not events and not self.learner.is_busy:
            assert self._drain_timer is not None
            self._drain_timer.pause()
            self._all_built()

    def _all_built(self) -> None:
        from tui.engine.events import BuildSucceeded

        comparison = self.learner.comparison()
        if comparison is None or len(comparison.built) < 2 or comparison.ratio is None:
            return
        if all(isinstance(built.record.end, BuildSucceeded) for built in comparison.built):
            self.tell(f"Both are built: a ratio of {format.times(comparison.ratio)}. {SIZES.capitalize()}: 5")

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
