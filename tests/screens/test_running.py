"""Running variants in the app, on scripted containers in front of a small real server; cleaning up; leaving."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest
from textual.widgets import Input
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.fake_containers import Script, ScriptedContainers
from tests.fakes import ScriptedEngine
from tests.screens.conftest import Driven, Start
from tui.engine.container_command import docker_run_command
from tui.engine.containers import Address, LogPiece
from tui.engine.death import Cause, Death
from tui.engine.errors import StartFailed
from tui.engine.events import Stream
from tui.session.run_record import RunState

PAGES = {"/": "Home Page", "/healthz": "ok"}


@pytest.fixture
def program() -> Iterator[Address]:
    """A server of this machine that answers as the tutorial's program does."""

    def answer(chat: ServerConnection, request: Request) -> Response | None:
        return chat.respond(HTTPStatus.OK, PAGES[request.path]) if request.path in PAGES else None

    def echo(chat: ServerConnection) -> None:
        try:
            for message in chat:
                chat.send(message)
        except ConnectionClosed:
            return

    with serve(echo, "127.0.0.1", 0, process_request=answer, max_size=4 << 20) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Address("127.0.0.1", server.socket.getsockname()[1])
        server.shutdown()
        thread.join()


def an_engine(script: Script) -> ScriptedEngine:
    engine = ScriptedEngine()
    engine.containers = ScriptedContainers({"simple": script, "multistage": script})
    return engine


async def run_both(it: Driven) -> None:
    await it.build("b")
    await it.press("R")
    await it.until(lambda: it.text.count("100/100 echoes") == 2, "the answers of both")


async def test_one_key_runs_both_and_proves_that_they_behave_the_same(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await run_both(it)
        for words in ("Both behave the same", "“Home Page”", "✓ /healthz", "1.90 MB in 1 process", "Hello World"):
            await it.until(partial(it.shows, words), words)
        assert [request.host_port for request in engine.containers.requests] == [None, None]
        await it.press("K")
        await it.until(lambda: it.text.count("■ stopped") == 2, "the end of both")
        assert engine.containers.there == {}


async def test_the_command_shown_is_the_one_that_equals_what_was_done_last_with_the_container(
    start: Start, program: Address
) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await it.build("b")
        await it.press("7")
        command = it.app.walk
        assert "--cap-drop ALL" in command.command, "what R would do, in full"
        await run_both(it)
        second, first = sorted(engine.containers.requests, key=lambda request: request.subject)
        name, other = first.name, second.name
        assert command.command == docker_run_command(first)
        await it.press("A")
        stats = f"docker stats --no-stream {name}; docker top {name}; curl {program.url}"
        await it.until(lambda: command.command == stats, "asking")
        await it.press("T")
        await it.until(lambda: command.command == f"docker logs -f -t {name}", "reading")
        await it.press("K")
        stop = f"docker stop {name} && docker rm -f -v {name}"
        await it.until(lambda: command.command == stop, "stopping")
        await it.press("7", "tab")
        await it.until(lambda: f"docker stop {other}" in command.command, "the other one is looked at")


async def test_one_runs_alone_and_proves_nothing_about_the_other(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await it.build("b")
        await it.press("F")
        await it.until(lambda: "100/100 echoes" in it.text, "its answers")
        await it.until(lambda: "One of them alone proves nothing" in it.text, "the verdict")
        (request,) = engine.containers.requests
        assert "multistage" in request.image
        assert request.host_port is None


async def test_what_steers_a_terminal_is_not_obeyed(start: Start, program: Address) -> None:
    hostile = "\x1b[2J\x1b]0;gone\x07\x1b[31mred\x1b[0m \x1b[1Aup \x9b3Jand [bold]brackets[/]\n"
    script = Script(address=program, prints=(LogPiece(Stream.STDOUT, hostile),))
    async with start(an_engine(script), size=(160, 40)) as it:
        await run_both(it)
        await it.until(lambda: it.text.count("brackets") == 2, "the line of both")
        assert it.text.count("red up \N{REPLACEMENT CHARACTER}3Jand [bold]brackets[/]") == 2
        assert not {"\x1b", "\x9b", "\x07"} & set(it.text)


async def test_one_on_another_machine_says_where_and_how_it_comes_here(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = Address("127.0.0.1", free.getsockname()[1])
    engine = an_engine(Script(address=address))
    engine.info = replace(engine.info, endpoint="ssh://me@build.invalid")
    async with start(engine, size=(160, 40)) as it:
        await it.build("b")
        await it.press("F")
        await it.until(lambda: "It runs on build.invalid" in it.text, "where it runs")
        assert "ssh -N -L" in it.text
        for key in ("C", "B"):
            await it.press(key)
            assert "is an address of that machine" in it.toasts[-1]


async def test_nothing_runs_before_it_is_built(start: Start) -> None:
    async with start() as it:
        await it.press("R")
        assert "is not built yet" in it.toasts[-1]
        for key in ("C", "B", "D", "T"):
            await it.press(key)
            assert "does not run" in it.toasts[-1]
        await it.press("K")
        assert "Nothing runs." in it.toasts[-1]


async def test_a_container_that_dies_at_once_says_why_and_what_to_do(start: Start) -> None:
    last = LogPiece(Stream.STDERR, "exec /main: no such file or directory\n")
    async with start(an_engine(Script(exits=1, prints=(last,))), size=(160, 40)) as it:
        await it.build("b")
        await it.press("R")
        await it.until(lambda: it.text.count("ended by itself") == 2, "both ends")
        assert "exit code 1" in it.text


async def test_of_two_that_died_nothing_is_awaited_and_another_try_is_offered(start: Start) -> None:
    engine = an_engine(Script(exits=1))
    async with start(engine, size=(80, 24)) as it:
        await it.build("b")
        await it.press("R")
        await it.until(lambda: it.shows("there is nothing to compare"), "the verdict")
        await it.click("R runs both once more")
        await it.until(lambda: len(engine.containers.requests) == 4, "another try")


async def test_of_one_that_died_beside_one_still_asked_it_is_said_that_they_cannot_be_alike(start: Start) -> None:
    engine = ScriptedEngine()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = Address("127.0.0.1", mute.getsockname()[1])
        scripts = {"simple": Script(address=address), "multistage": Script(exits=1)}
        engine.containers = ScriptedContainers(scripts)
        async with start(engine, size=(160, 40)) as it:
            await it.build("b")
            await it.press("R")
            await it.until(lambda: it.shows("multistage ended without an answer, so nothing can show"), "the verdict")


async def test_a_container_that_cannot_start_says_why(start: Start) -> None:
    death = Death(Cause.PORT_IN_USE, "Port 8080 is held by [somebody].", "Free it.", exit_code=None)
    refused = StartFailed(death)
    async with start(an_engine(Script(refuses_start=refused)), size=(160, 40)) as it:
        await it.build("b")
        await it.press("8")
        await it.until(lambda: "[somebody]" in it.text, "the reason, brackets and all")


async def test_what_is_typed_in_the_chat_comes_back_with_its_latency(start: Start, program: Address) -> None:
    async with start(an_engine(Script(address=program)), size=(160, 44)) as it:
        await run_both(it)
        await it.press("C")
        await it.until(lambda: "● connected" in it.text, "the connection")
        await it.press(*"hello", "enter")
        await it.until(lambda: "← 'hello'   after" in it.text, "the echo")
        await it.press("escape")
        assert "say something" not in it.text


async def test_times_are_put_before_the_lines_of_a_log(start: Start, program: Address) -> None:
    async with start(an_engine(Script(address=program)), size=(160, 40)) as it:
        await run_both(it)
        await it.press("T")
        await it.until(lambda: "2026-11-24T12:00:00Z Hello World" in it.text, "the time of the line")


async def test_each_output_of_a_container_can_be_seen_alone(start: Start, program: Address) -> None:
    pieces = (LogPiece(Stream.STDOUT, "to stdout\n"), LogPiece(Stream.STDERR, "to stderr\n"))
    async with start(an_engine(Script(prints=pieces, address=program)), size=(160, 40)) as it:
        await run_both(it)
        await it.until(lambda: "▪ stdout 1 ┃ stderr 1" in it.text, "how much there is of each")
        assert it.text.count(" to stdout") == it.text.count("┃to stderr") == 2
        await it.press("V")
        assert "▪ stdout 1 ▫ stderr 1" in it.text
        assert it.app.walk.runs.front.log_view.all_text() == "to stdout\n"
        await it.press("V")
        assert it.app.walk.runs.front.log_view.all_text() == "to stderr\n"
        await it.press("V")
        assert it.app.walk.runs.front.log_view.all_text() == "to stdout\nto stderr\n"


async def test_a_container_s_log_is_saved_when_the_container_is_gone(
    start: Start, program: Address, tmp_path: Path
) -> None:
    async with start(an_engine(Script(address=program)), size=(160, 40)) as it:
        await run_both(it)
        await it.press("K")
        await it.until(lambda: it.text.count("■ stopped") == 2, "the end of both")
        await it.press("f")
        await it.until(lambda: "Save the whole log to" in it.text, "the question where to")
        it.app.screen.query_one(Input).value = str(tmp_path / "run.log")
        await it.press("enter")
        await it.until((tmp_path / "run.log").exists, "the file")
    assert (tmp_path / "run.log").read_text() == "Hello World\n"


async def test_the_pane_that_keys_mean_is_marked_and_stays_so_in_a_chat(start: Start, program: Address) -> None:
    async with start(an_engine(Script(address=program)), size=(160, 40)) as it:
        await run_both(it)
        assert "▸ Multi-stage" in it.text
        await it.press("7")
        assert "▸ Single stage" in it.text
        await it.press("C")
        await it.until(lambda: "Chat with Single stage" in it.text, "the chat")
        assert "▸ Single stage" in it.text


async def test_on_a_small_screen_a_chat_leaves_room_for_the_log(start: Start, program: Address) -> None:
    async with start(an_engine(Script(address=program)), size=(80, 24)) as it:
        await run_both(it)
        await it.press("C")
        await it.until(lambda: "● connected" in it.text, "the connection")
        assert it.app.walk.runs.front.log_view.region.bottom <= it.app.walk.runs.chat.region.y
        assert it.text.count("Hello World") == 2


async def test_a_container_prints_text_and_nothing_else(start: Start, program: Address) -> None:
    hostile = "\x1b[2J\x1b]0;title\x07\x1b[31m[red]bare[/]\x1b[0m\x00\n"
    async with start(an_engine(Script(address=program, prints=(LogPiece(Stream.STDOUT, hostile),)))) as it:
        await run_both(it)
        await it.until(lambda: it.text.count(" [red]bare[/]\ufffd") == 2, "its text in both logs")
        assert "\x1b" not in it.text


async def test_leaving_asks_what_becomes_of_what_runs(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await run_both(it)
        await it.press("q")
        await it.until(lambda: "2 of your containers are still there" in it.text, "the question")
        await it.press("escape")
        assert len(engine.containers.there) == 2
        await it.press("q")
        await it.until(lambda: "Stop and remove" in it.text, "the question")
        await it.press("s")
        await it.until(lambda: not engine.containers.there, "the end of both")


async def test_the_way_out_offers_to_clean_up_the_images_too(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(80, 24)) as it:
        await it.build()
        await it.press("R")
        await it.until(lambda: len(engine.containers.there) == 2, "both containers")
        await it.press("q")
        await it.until(lambda: "clean up images and cached files too (X)" in it.text, "the question")
        await it.press("X")
        await it.until(lambda: "image      " in it.text, "the list of what is ours")
        assert not engine.containers.there


async def test_containers_of_an_earlier_session_are_told_of_and_cleaned_up(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await run_both(it)
        await it.press("q")
        await it.until(lambda: "Leave as they are" in it.text, "the question")
        await it.press("l")
    async with start(engine, size=(160, 40)) as it:
        await it.until(lambda: any("2 containers of earlier sessions" in said for said in it.toasts), "the notice")
        await it.press("X")
        await it.until(lambda: "container  " in it.text, "the list")
        await it.press("enter")
        assert "Remove 2 containers and 2 images? Enter again" in it.text
        assert len(engine.containers.there) == 2
        await it.press("enter")
        await it.until(lambda: "2 of 2 containers removed" in it.text, "the end")
        assert engine.containers.there == {}
        assert len(engine.removed) == 2


async def test_what_is_not_chosen_stays(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await run_both(it)
        await it.press("X")
        await it.until(lambda: "container  " in it.text, "the list")
        await it.press("space", "enter", "enter")
        await it.until(lambda: "1 of 1 container" in it.text, "the end")
        assert len(engine.containers.there) == 1


async def test_a_container_that_somebody_removes_is_told_as_such(start: Start, program: Address) -> None:
    engine = an_engine(Script(address=program))
    async with start(engine, size=(160, 40)) as it:
        await run_both(it)
        container_id = next(iter(engine.containers.there))
        engine.containers.remove(container_id)
        record = it.app.learner.run_bench
        assert record is not None
        await it.until(lambda: any(one.state is RunState.DIED for one in record.records.values()), "its end")
        await it.until(lambda: "was removed" in it.text, "the reason")


async def test_a_replay_says_that_it_cannot_run_anything(start: Start) -> None:
    from tui.session.connect import replay_engine

    async with start(replay_engine(), size=(160, 40)) as it:
        await it.build("b")
        await it.press("R")
        await it.until(lambda: it.text.count("never ran") == 2, "the refusal")
