"""A Dockerfile that is edited: line numbers, undo, and the colours in which the app shows Dockerfiles."""

from __future__ import annotations

from rich.style import Style
from textual.style import Style as ThemedStyle
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from tui.widgets.code_view import LOOKS, look_of, tokens_by_line
from tui.widgets.dockerfile_lexer import DockerfileLexer

THEME = "dockerfile"


class DockerfileEditor(TextArea):
    """TextArea whose highlighting comes from Pygments: `_build_highlight_map` and `_highlights` are inner names of
    Textual, held by a test."""

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(text, id=id, show_line_numbers=True, soft_wrap=True, tab_behavior="focus")

    def on_mount(self) -> None:
        """The colours of the theme that the app has."""
        variables = self.app.theme_variables
        styles = {look: _style(ThemedStyle.parse(look, variables)) for look in LOOKS.values()}
        self.register_theme(TextAreaTheme(THEME, syntax_styles=styles))
        self.theme = THEME

    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        self._highlights.clear()
        lines = self.document.lines
        rows = tokens_by_line("\n".join(lines), DockerfileLexer(stripnl=False), len(lines))
        for row, tokens in enumerate(rows):
            line = lines[row]
            for start, end, token in tokens:
                look = look_of(token)
                if look is not None:
                    # Places are counted in bytes.
                    place = (len(line[:start].encode()), len(line[:end].encode()), look)
                    self._highlights[row].append(place)


def _style(themed: ThemedStyle) -> Style:
    colour = themed.foreground
    return Style(color=colour.rich_color if colour is not None else None, bold=themed.bold, italic=themed.italic)
