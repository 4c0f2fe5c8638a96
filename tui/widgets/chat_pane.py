"""A chat with a running container over its WebSocket: what was said, what came back, and how soon."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.session.log_buffer import LogBuffer
from tui.session.run_events import ChatClosed, ChatEvent, ChatOpened, ChatReceived, ChatSent
from tui.widgets.log_view import LogView


class ChatPane(Vertical):
    """Shows what is told of a chat; tells what is to be sent. Escape leaves it."""

    DEFAULT_CSS = """
    ChatPane { height: 9; max-height: 35%; display: none; border-top: solid $accent 40%; padding: 0 1; }
    ChatPane.shown { display: block; }
    ChatPane > Static { height: 1; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    ChatPane > LogView { height: 1fr; }
    ChatPane > Input, ChatPane > Input:focus {
        height: 1; border: none; padding: 0; background: $accent 12%;
    }
    """

    class Said(Message):
        """This is to be sent."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The learner is done with it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head = Static()
        self._said = LogBuffer()
        self._view = LogView()
        self._input = Input(placeholder="say something; Enter sends it, Escape leaves the chat")

    def compose(self) -> ComposeResult:
        """With whom, what was said, the line to type in."""
        yield from (self._head, self._view, self._input)

    def open(self, title: str, url: str) -> None:
        """Begin a new chat."""
        self._said = LogBuffer()
        self._view.show(self._said)
        self._head.update(Content.assemble("Chat with ", (title, "bold"), (f"   {url}", "$foreground 60%")))
        self.add_class("shown")
        self._input.focus()

    def close(self) -> None:
        """Give the room back."""
        self.remove_class("shown")

    def take(self, event: ChatEvent) -> None:
        """Show what happened."""
        match event:
            case ChatOpened():
                self._add("● connected")
            case ChatSent(message=message):
                self._add(f"→ {message!r}")
            case ChatReceived(message=message, latency_seconds=latency):
                took = f"   after {latency * 1000:.1f} ms" if latency is not None else ""
                self._add(f"← {message!r}{took}")
            case ChatClosed(code=code, reason=reason):
                self._add(f"■ closed{f' with {code}' if code is not None else ''}: {reason or 'no reason given'}")

    def _add(self, line: str) -> None:
        self._said.add_lines([line])
        self._view.lines_changed()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self.post_message(self.Said(event.value))
            self._input.clear()

    def on_key(self, event: events.Key) -> None:
        """Escape leaves."""
        if event.key == "escape":
            event.stop()
            self.post_message(self.Left())
