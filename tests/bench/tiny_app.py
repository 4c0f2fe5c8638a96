"""The app of ten lines that the start is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static


class Tiny(App[None]):
    BINDINGS = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("Hello")
        yield Footer()


Tiny().run()
