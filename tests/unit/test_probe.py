"""The round of questions, and what it says of two programs beside each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.web import pages, socket_server
from tui.engine.containers import ContainerRequest
from tui.engine.death import death_of
from tui.session.live_run import Run
from tui.session.probe import HttpAnswer, ProbeResult, get, probe
from tui.session.run_comparison import RunComparison, comparison_json
from tui.session.run_events import Died, NotReady, Probed
from tui.session.run_record import RunRecord
from tui.session.websocket_probe import GOODBYES, WebSocketResult, probe_websocket

WHOLE = WebSocketResult(True, 100, 100, True, True, True, 0.001, 0.001, GOODBYES)
GOOD = ProbeResult((HttpAnswer("/", 200, "Home Page", 0.001), HttpAnswer("/healthz", 200, "ok", 0.001)), WHOLE)


def record(variant: str, result: ProbeResult | None = GOOD) -> RunRecord:
    made = RunRecord(Run(1, variant, ContainerRequest(f"me/{variant}:1", variant), "docker run"))
    made.apply(Died(1.0, death_of(1, ["boom"])) if result is None else Probed(1.0, result))
    return made


def comparison(*results: ProbeResult | None) -> RunComparison:
    return RunComparison(tuple(record(name, one) for name, one in zip("abcd", results, strict=False)))


def test_a_socket_that_echoes_passes_the_whole_round() -> None:
    with socket_server() as (url, _):
        result = probe_websocket(url)
    assert result.ok, result
    assert (result.text_echoes, result.close_codes) == (100, GOODBYES)
    assert result.latency_seconds is not None


@pytest.mark.parametrize(("spoils", "frames", "utf8"), [("message 7 ", 99, True), ("世界", 100, False)])
def test_what_does_not_come_back_as_it_was_is_counted(spoils: str, frames: int, utf8: bool) -> None:
    with socket_server(spoils) as (url, _):
        result = probe_websocket(url)
    assert not result.ok
    assert (result.text_echoes, result.utf8) == (frames, utf8)


def test_an_address_where_nobody_answers_is_told_as_such() -> None:
    result = probe_websocket("ws://127.0.0.1:9/ws")
    assert not result.opened
    assert result.error


def test_pages_are_read_with_their_status_and_body() -> None:
    with pages({"/": (200, "Home Page"), "/healthz": (500, "no")}) as address:
        assert replace(get(address, "/"), seconds=0.0) == HttpAnswer("/", 200, "Home Page", 0.0)
        result = probe(address)
    assert [answer.status for answer in result.http] == [200, 500]
    assert not result.ok


def test_a_program_of_one_s_own_needs_neither_health_page_nor_socket() -> None:
    with pages({"/": (200, "mine")}) as address:
        result = probe(address, of_the_course=False)
        assert result.ok
        assert result.websocket is None
        assert not probe(address).ok


def test_the_same_answers_are_equal_whatever_their_times() -> None:
    slower = replace(GOOD, http=tuple(replace(answer, seconds=9.0) for answer in GOOD.http))
    same = comparison(GOOD, slower, replace(GOOD, websocket=replace(WHOLE, latency_seconds=9.0)))
    assert same.equal is True
    assert same.ok
    assert same.differences == ()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(GOOD, http=(replace(GOOD.http[0], body="Home page"), GOOD.http[1])), "GET /"),
        (replace(GOOD, http=(replace(GOOD.http[0], status=None), GOOD.http[1])), "nothing"),
        (replace(GOOD, websocket=replace(WHOLE, utf8=False)), "echo"),
        (replace(GOOD, websocket=replace(WHOLE, close_codes=(1000, None))), "echo"),
        (None, "only one"),
    ],
)
def test_each_difference_is_told_and_fails_the_check(other: ProbeResult | None, words: str) -> None:
    unlike = comparison(GOOD, other)
    assert unlike.equal is False
    assert not unlike.ok
    (sentence,) = unlike.differences
    assert words in sentence


def test_while_one_is_still_being_asked_nothing_is_said_about_both() -> None:
    asked = RunRecord(record("b").run)
    both = RunComparison((record("a"), asked))
    assert both.equal is None
    asked.apply(NotReady(30.0, 30.0, "GET / got no answer"))
    assert both.equal is False


def test_one_run_alone_has_nothing_to_be_compared_with() -> None:
    assert comparison(GOOD).equal is None
    assert comparison(GOOD).ok
    assert comparison(None, None).equal is None


def test_a_run_that_died_or_kept_silent_fails_the_check() -> None:
    dead, silent = record("a"), record("b")
    dead.apply(Died(1.0, death_of(1, ["boom"])))
    silent.apply(NotReady(30.0, 30.0, "GET / got no answer"))
    assert not RunComparison((dead,)).ok
    assert not RunComparison((silent,)).ok
    (told,) = comparison_json(RunComparison((dead,)))["runs"]
    assert told["error"]["exit_code"] == 1
    assert told["error"]["last_lines"] == ["boom"]
