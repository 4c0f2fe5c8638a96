"""What a step fetches: layers, bytes, how fast it goes, and the words for it."""

from __future__ import annotations

import pytest

from tests.fakes import MULTISTAGE_IMAGE
from tests.support.pulls import LAYERS, downloading, downloads, extracting, transferring
from tui.engine.events import Activity, BuildEvent, StepPaused, StepPlanned, StepProgress, StepStarted
from tui.session.build_record import BuildRecord, StepState
from tui.session.load_words import load_words, share
from tui.session.step_load import Load, LoadMeter


def load_of(events: list[BuildEvent], step: str = "base") -> Load:
    record = BuildRecord()
    for event in events:
        record.apply(event)
    found = record.step(step)
    assert found is not None and found.load is not None
    return found.load


def progress(at: float, current: int, total: int = 100, *, part: str = "sha256:a", done: bool = False) -> StepProgress:
    return StepProgress(at, "base", part, current, total, done, Activity.DOWNLOADING)


def test_a_pull_has_bytes_layers_and_a_rate() -> None:
    load = load_of(downloading(MULTISTAGE_IMAGE))
    assert load.activity is Activity.DOWNLOADING
    assert (load.layers_done, len(load.layers)) == (4, 7)
    assert (load.current_bytes, load.total_bytes) == (143_000_158, 311_800_158)
    assert load_words(load)[0] == "↓ 143 / 312 MB  4 of 7 layers  11.0 MB/s"
    assert share(load) == pytest.approx(0.459, abs=0.001)


def test_words_get_fewer_where_there_is_little_room() -> None:
    assert load_words(load_of(downloading(MULTISTAGE_IMAGE))) == (
        "↓ 143 / 312 MB  4 of 7 layers  11.0 MB/s",
        "↓ 143 / 312 MB  11.0 MB/s",
        "↓ 143 / 312 MB",
    )


def test_once_all_is_here_layers_that_are_extracted_count() -> None:
    load = load_of(extracting(MULTISTAGE_IMAGE))
    assert load.activity is Activity.EXTRACTING
    assert load_words(load) == ("extracting 2 of 7 layers", "extracting")
    assert share(load) == pytest.approx((49.3 + 24.0) / 311.8, abs=0.001)


def test_a_layer_that_is_extracted_while_others_come_does_not_end_the_download() -> None:
    first = next(iter(LAYERS))
    events = [*downloading(MULTISTAGE_IMAGE)[:-1], StepProgress(14.5, "base", first, 0, 0, True, Activity.EXTRACTING)]
    assert load_of(events).activity is Activity.DOWNLOADING


def test_an_extraction_that_tells_its_bytes_moves_in_between() -> None:
    meter = LoadMeter()
    meter.feed(progress(1.0, 100, done=True))
    load = meter.feed(StepProgress(2.0, "base", "sha256:a", 40, 100, activity=Activity.EXTRACTING))
    assert share(load) == 0.4


def test_the_end_of_a_download_need_not_tell_how_much_it_was() -> None:
    meter = LoadMeter()
    meter.feed(progress(1.0, 60))
    load = meter.feed(progress(2.0, 0, 0, done=True))
    assert (load.pulled_bytes, load.total_bytes) == (100, 100)


def test_the_rate_is_that_of_late_and_falls_when_nothing_comes() -> None:
    meter = LoadMeter()
    assert meter.feed(progress(0.0, 0, 10_000)).rate is None
    assert meter.feed(progress(0.5, 500, 10_000)).rate is None
    assert meter.feed(progress(10.0, 1_000, 10_000)).rate == pytest.approx(1_000 / 10, rel=0.6)
    meter.feed(progress(12.0, 5_000, 10_000))
    assert meter.feed(progress(15.0, 5_000, 10_000)).rate == pytest.approx(800)
    assert meter.feed(progress(21.0, 5_000, 10_000)).rate == 0.0


def test_a_context_has_no_total_and_an_export_no_bytes() -> None:
    events = transferring(MULTISTAGE_IMAGE)
    assert load_words(load_of(events, "context"))[0] == "↑ 62.9 MB  31.5 MB/s"
    assert share(load_of(events, "context")) is None
    assert load_words(load_of(events, "export")) == ("exporting layers",)


def test_what_is_only_resolved_is_nothing_to_tell_of() -> None:
    load = load_of([StepPlanned(0.0, "base", "FROM a"), StepProgress(0.1, "base", "resolve a", 0, 0)])
    assert load_words(load) == ()
    assert not load.is_pull


def test_time_in_which_a_step_paused_is_not_its_own() -> None:
    record = BuildRecord()
    record.apply(StepPlanned(0.0, "base", "FROM a"))
    record.apply(StepStarted(1.0, "base"))
    record.apply(StepPaused(3.0, "base"))
    record.apply(StepStarted(60.0, "base"))
    step = record.step("base")
    assert step is not None
    assert (step.state, step.began_at) == (StepState.RUNNING, 58.0)


def test_layers_of_two_reports_are_told_apart_by_their_digests() -> None:
    meter = LoadMeter()
    for event in downloads(1.0):
        assert isinstance(event, StepProgress)
        load = meter.feed(event)
    assert [layer.name for layer in load.layers] == list(LAYERS)
