"""An app that looks for its engine in a thread, and again when asked, and takes a recording where there is none."""

from __future__ import annotations

import os
import threading

from textual import on

from tui.engine.errors import EngineError, NoEngine
from tui.screens.choices import NoEngineChoice
from tui.screens.messages import BasesFound, EngineFound, EngineMissing, ProjectShown
from tui.screens.pane_actions import PaneApp
from tui.session.connect import configuration_warning, connect, replay_engine
from tui.session.learner import Learner
from tui.session.options import REPLAY
from tui.widgets.header_bar import engine_words

REPLAY_SPEED = 4.0
"""A recorded build of half a minute is seen in some eight seconds; its figures stay those of the recording."""
NO_ENGINE_CODE = 3


class SeekingApp(PaneApp):
    """Gives the learner an engine, and shows who answers."""

    learner: Learner

    def __init__(self) -> None:
        super().__init__()
        self.is_seeking = False
        """Whether the answer is awaited."""
        self._was_asked_to_look = False

    def look_for_engine(self, *, asked: bool = False) -> None:
        """Look in a thread; the answer comes as a message. Who `asked` for it is told of an engine that was found."""
        self._was_asked_to_look = asked
        if self.is_seeking:
            return
        self.is_seeking = True
        self.walk.header.engine = "looking for an engine…"
        if self.learner.options.engine != REPLAY and (warning := configuration_warning(os.environ)):
            self.warn(warning)
        threading.Thread(target=self._look, name="discovery", daemon=True).start()

    def say_there_is_no_engine(self) -> None:
        """Why nothing can be built or run now."""
        if self.is_seeking:
            self.tell("Still looking for an engine: press it again in a moment.")
        else:
            self.warn("There is no engine yet. r looks for one again.")

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

    @property
    def is_tied_to_engine(self) -> bool:
        """Whether something is under way on the engine at hand; says so where it is."""
        words = self.learner.under_way or ("A container runs. K stops it." if self.learner.is_running else "")
        if words:
            self.tell(words)
        return bool(words)

    def look_for_leftovers(self) -> None:
        """Tell of what an earlier session left on the engine."""
        raise NotImplementedError

    @on(ProjectShown)
    def look_for_bases(self) -> None:
        """Find out which base images the project that is shown has to pull, once for each, on a thread of its own."""
        learner, bench = self.learner, self.learner.bench
        project = learner.project
        if bench is None or bench.engine.info.recorded_on is not None or project.name in learner.found.bases:
            return
        learner.found.bases[project.name] = ()
        engine, dockerfiles = bench.engine, [variant.dockerfile for variant in project.variants]
        request = bench.request(project, project.variants[0])

        def look() -> None:
            from tui.session.base_images import engine_free_bytes, images_wanted, look_up_bases

            try:
                wanted = images_wanted(dockerfiles, engine.info.builder, dict(request.build_args))
            except OSError:
                # The Dockerfiles tab says why a file cannot be read.
                return
            bases = look_up_bases(engine, wanted, platform=request.platform or "")
            self.post_message(BasesFound(project.name, bases, engine_free_bytes(engine)))

        threading.Thread(target=look, name="base images", daemon=True).start()

    @on(BasesFound)
    def _bases_found(self, message: BasesFound) -> None:
        self.learner.found.bases[message.project] = message.bases
        self.learner.found.engine_free_bytes = message.free_bytes
        self.walk.refresh_builds()

    @on(EngineFound)
    def _engine_found(self, message: EngineFound) -> None:
        self.is_seeking = False
        if self.is_tied_to_engine:
            # It was begun while the search went on: another bench would know nothing of it.
            assert self.learner.bench is not None
            self.walk.header.show_engine(self.learner.bench.engine.info)
            return
        self.learner.adopt(message.engine)
        assert self.learner.bench is not None
        info = message.engine.info
        self.walk.header.show_engine(info)
        for warning in (self.learner.bench.history.warning, self.learner.bench.refusal):
            if warning:
                self.warn(warning)
        self.walk.refresh_project()
        self.look_for_leftovers()
        self.learner.found.bases.clear()
        self.look_for_bases()
        if self._was_asked_to_look:
            self._was_asked_to_look = False
            self.tell(f"{engine_words(info)} answers.")

    @on(EngineMissing)
    def _engine_missing(self, message: EngineMissing) -> None:
        self.is_seeking = False
        error = message.error
        self.walk.header.engine = "no engine"
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
