"""What an app of ours says and gives away: notices, and texts for the clipboard."""

from __future__ import annotations

import threading

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

    @on(Copied)
    def _copied(self, message: Copied) -> None:
        if message.verified:
            self.tell(f"Copied {message.what}.")
        else:
            self.tell(f"Sent {message.what} to the terminal's clipboard; some terminals do not take it.")
