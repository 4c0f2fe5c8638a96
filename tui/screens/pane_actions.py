"""An app with keys for the pane in front: widen it, search it, go to its ends, copy and save what is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tui.screens.noticing import NoticingApp
from tui.screens.walk import WalkScreen


class PaneApp(NoticingApp):
    """Works on whichever log, file or list the walk-through has in front."""

    walk: WalkScreen
    wrap: bool
    """Whether long lines of logs go on in the next row."""

    @property
    def pane_doings(self) -> Mapping[str, Callable[[], None]]:
        """What each of these actions does, by its id."""
        return {
            "copy-command": self._do_copy_command,
            "log-end": self._do_log_end,
            "log-start": self._do_log_start,
            "save-log": self._do_save_log,
            "search": self._do_search,
            "search-next": self._do_search_next,
            "search-previous": self._do_search_previous,
            "wrap": self._do_wrap,
            "yank": self._do_yank,
            "zoom": self._do_zoom,
        }

    def _do_zoom(self) -> None:
        self.walk.zoom()

    def _do_search(self) -> None:
        self.walk.open_search()

    def _do_search_next(self) -> None:
        self._next_match(1)

    def _do_search_previous(self) -> None:
        self._next_match(-1)

    def _next_match(self, step: int) -> None:
        if not self.walk.next_match(step):
            self.tell("No match. / searches.")

    def _do_wrap(self) -> None:
        self.wrap = not self.wrap
        self.walk.set_wrap(self.wrap)
        self.tell("Long lines go on in the next row." if self.wrap else "Long lines are cut at the edge.")

    def _do_log_end(self) -> None:
        if (view := self.walk.line_view()) is not None:
            view.to_end()

    def _do_log_start(self) -> None:
        if (view := self.walk.line_view()) is not None:
            view.to_start()

    def _do_copy_command(self) -> None:
        self.copy("the docker command", self.walk.command)

    def _do_yank(self) -> None:
        selected = self.screen.get_selected_text()
        view = self.walk.line_view()
        if selected:
            self.copy("the selection", selected)
        elif view is not None:
            self.copy("the whole pane", view.all_text())

    def _do_save_log(self) -> None:
        name, log = self.walk.front_log()
        if log is None:
            self.tell("There is no log yet: build or run first.")
            return
        from tui.session.logs import save_plain

        self.ask_where_to_save(
            "the whole log", Path(f"jettison-{name.replace('/', '-')}.log"), lambda target: save_plain(log, target)
        )
