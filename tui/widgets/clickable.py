"""Text that does what a key does, so that the mouse alone is enough."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.style import Style

ACTION = "act"
"""Where the action's id is kept in a text's meta data; Textual's `@click` would restyle the text as a link."""


def clickable(text: str, action_id: str, style: str = "") -> Content:
    """`text` in `style`; a click on it carries out the action of that id."""
    content = Content.styled(text, style) if style else Content(text)
    return content.stylize(Style.from_meta({ACTION: action_id}))


def clicked_action(event: events.Click) -> str | None:
    """The action under the mouse, if there is one."""
    action = event.style.meta.get(ACTION)
    return action if isinstance(action, str) else None
