"""The round of questions, and what it says of two programs beside each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.web import pages, socket_server
from tui.engine.containers import ContainerRequest
from tui.engine.death import death_of
from tui.session.live_run import Run
from tui.session.probe import HttpAnswer, ProbeResult, get, probe
from tui.session.run_comparison import RunComparison, Standing, comparison_json
from tui.session.run_events import Died, NotReady, Probed, Stopped, Stopping
from tui.session.run_record import Deed, RunRecord
from tui.session.websocket_probe import GOODBYES, WebSocketResult, probe_websocket

WHOLE = WebSocketResult(True, 100, 100, True, True, True, 0.001, 0.001, GOODBYES)
GOOD = ProbeResult((HttpAnswer("/", 200, "Home Page", 0.001), HttpAnswer("/healthz", 200, "ok", 0.001)), WHOLE)


def record(variant: str, result: ProbeResult | None = GOOD) -> RunRecord:
    made = RunRecord(Run(1, variant, ContainerRequest(f"me/{variant}:1", variant), "docker run"))
    made.apply(Died(1.0, death_of(1, ["boom"])) if result is None else Probed(1.0, result))
    return made


def asked(variant: str) -> RunRecord:
    """A run that has not answered yet."""
    return RunRecord(record(variant).run)


def silent(variant: str) -> RunRecord:
    """A run that goes on, and does not answer."""
    made = asked(variant)
    made.apply(NotReady(30.0, 30.0, "GET / got no answer"))
    return made


def ended(variant: str) -> RunRecord:
    """A run that is over and never answered."""
    return record(variant, None)


def stopped(variant: str) -> RunRecord:
    """A run that somebody stopped before it answered."""
    made = asked(variant)
    made.apply(Stopped(1.0, 0.1, 0))
    return made


def comparison(*results: ProbeResult | None) -> RunComparison:
    return RunComparison(tuple(record(name, one) for name, one in zip("abcd", results, strict=False)))


def test_an_answer_that_a_stop_cut_off_says_nothing_of_how_it_behaves() -> None:
    both = RunComparison((record("a"), record("b")))
    cut_off = replace(GOOD, http=(HttpAnswer("/", None, "", 0.0, "Remote end closed connection"),))
    both.records[1].apply(Stopping(2.0, 10.0))
    both.records[1].apply(Probed(2.1, cut_off))
    both.records[1].apply(Stopped(2.2, 0.2, 0))
    assert both.records[1].probe == GOOD
    assert both.records[1].last_deed is Deed.STOPPED
    assert both.standing is Standing.ALIKE


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
    other = asked("b")
    both = RunComparison((record("a"), other))
    assert both.equal is None
    other.apply(NotReady(30.0, 30.0, "GET / got no answer"))
    assert both.equal is False


@pytest.mark.parametrize(
    ("first", "other", "standing"),
    [
        (asked, asked, Standing.AWAITED),
        (record, asked, Standing.AWAITED),
        (silent, asked, Standing.AWAITED),
        (silent, silent, Standing.AWAITED),
        (ended, asked, Standing.ONE_ENDED),
        (silent, ended, Standing.ONE_ENDED),
        (stopped, asked, Standing.ONE_ENDED),
        (ended, ended, Standing.ALL_ENDED),
        (stopped, ended, Standing.ALL_ENDED),
        (record, record, Standing.ALIKE),
        (record, ended, Standing.UNLIKE),
        (silent, record, Standing.UNLIKE),
    ],
)
def test_what_is_known_of_two_is_told_by_how_far_each_came(
    first: Callable[[str], RunRecord], other: Callable[[str], RunRecord], standing: Standing
) -> None:
    both = RunComparison((first("a"), other("b")))
    assert both.standing is standing
    assert (both.equal is None) is (standing not in (Standing.ALIKE, Standing.UNLIKE))
    assert RunComparison((first("a"),)).standing is Standing.ALONE


def test_who_ended_without_an_answer_is_named() -> None:
    left = ended("b")
    assert RunComparison((record("a"), left, asked("c"), silent("d"))).ended_unanswered == (left,)


def test_one_run_alone_has_nothing_to_be_compared_with() -> None:
    assert comparison(GOOD).equal is None
    assert comparison(GOOD).ok
    assert comparison(None, None).equal is None


def test_a_run_that_died_or_kept_silent_fails_the_check() -> None:
    dead = record("a")
    dead.apply(Died(1.0, death_of(1, ["boom"])))
    assert not RunComparison((dead,)).ok
    assert not RunComparison((silent("b"),)).ok
    (told,) = comparison_json(RunComparison((dead,)))["runs"]
    assert told["error"]["exit_code"] == 1
    assert told["error"]["last_lines"] == ["boom"]
