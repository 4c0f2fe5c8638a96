"""Text that does what a key does, so that the mouse alone is enough."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style


def clickable(text: str, action_id: str, style: str = "") -> Content:
    """`text` in `style`; a click on it carries out the action of that id."""
    content = Content.styled(text, style) if style else Content(text)
    return content.stylize(Style.from_meta({"@click": f"app.act({action_id!r})"}))
