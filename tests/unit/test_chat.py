"""The chat: what is sent, what comes back, and how it ends."""

from __future__ import annotations

from queue import SimpleQueue

from tests.unit.web import socket_server
from tui.session.chat import Chat
from tui.session.run_events import ChatClosed, ChatEvent, ChatOpened, ChatReceived, ChatSent


def chat_with(url: str) -> tuple[Chat, SimpleQueue[ChatEvent]]:
    told: SimpleQueue[ChatEvent] = SimpleQueue()
    return Chat(url, told.put), told


def until_closed(told: SimpleQueue[ChatEvent]) -> list[ChatEvent]:
    events: list[ChatEvent] = []
    while not (events and isinstance(events[-1], ChatClosed)):
        events.append(told.get(timeout=20))
    return events


def test_messages_come_back_with_the_time_that_they_took_and_the_goodbye_is_told() -> None:
    with socket_server() as (url, _):
        chat, told = chat_with(url)
        for message in ("grün \N{ROCKET}", b"\x00\xff"):
            chat.send(message)
            while not isinstance(event := told.get(timeout=20), ChatReceived):
                assert isinstance(event, ChatOpened | ChatSent)
            assert event.message == message
            assert event.latency_seconds is not None
        chat.close()
        (closed,) = until_closed(told)
    assert isinstance(closed, ChatClosed)
    assert closed.code == 1000


def test_an_answer_that_is_no_echo_has_no_latency() -> None:
    with socket_server("loud") as (url, _):
        chat, told = chat_with(url)
        chat.send("loud")
        while not isinstance(event := told.get(timeout=20), ChatReceived):
            pass
        chat.close()
        until_closed(told)
    assert (event.message, event.latency_seconds) == ("LOUD", None)


def test_a_server_that_goes_is_told_with_its_code() -> None:
    with socket_server() as (url, server):
        chat, told = chat_with(url)
        assert isinstance(told.get(timeout=20), ChatOpened)
        server.shutdown()
        closed = until_closed(told)[-1]
        chat.join(20)
    assert isinstance(closed, ChatClosed)
    assert closed.code == 1001


def test_an_address_where_nobody_answers_ends_the_chat_before_it_began() -> None:
    chat, told = chat_with("ws://127.0.0.1:9/ws")
    chat.send("is anybody there?")
    (closed,) = until_closed(told)
    assert isinstance(closed, ChatClosed)
    assert closed.code is None
    assert "nobody answers" in closed.reason
