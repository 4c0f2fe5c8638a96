"""What an app of ours says and gives away: notices, and texts for the clipboard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from textual import on
from textual.app import App

from tui.screens.messages import Copied


class NoticingApp(App[None]):
    """An app whose notices are plain text, and which claims of a copy only what was seen."""

    def tell(self, text: str) -> None:
        """A short notice. Never parsed as markup."""
        self.notify(text, markup=False, timeout=4)

    def warn(self, text: str) -> None:
        """A notice that asks for attention. Never parsed as markup."""
        self.notify(text, severity="warning", markup=False, timeout=10)

    def copy(self, what: str, text: str) -> None:
        """Give a text to the terminal's clipboard and to the machine's own. `what` it is ends the notice."""
        self.copy_to_clipboard(text)

        def work() -> None:
            from tui.session.clipboard import copy_locally

            self.post_message(Copied(what, verified=copy_locally(text)))

        threading.Thread(target=work, name="clipboard", daemon=True).start()

    def ask_where_to_save(self, what: str, suggestion: Path, write: Callable[[Path], None]) -> None:
        """Ask for a file and write it; `write` may raise OSError. `what` it is stands in the question."""
        from tui.screens.save import SaveScreen

        def save(target: Path | None) -> None:
            if target is None:
                return
            try:
                write(target)
            except OSError as error:
                self.warn(f"{target} could not be written: {error.strerror}.")
            else:
                self.tell(f"Saved to {target}.")

        self.push_screen(SaveScreen(what, suggestion), save)

    @on(Copied)
    def _copied(self, message: Copied) -> None:
        if message.verified:
            self.tell(f"Copied {message.what}.")
        else:
            self.tell(f"Sent {message.what} to the terminal's clipboard; some terminals do not take it.")
