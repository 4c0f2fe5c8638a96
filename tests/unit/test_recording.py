from __future__ import annotations

import errno
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import INFO, MULTISTAGE_IMAGE, SIMPLE_IMAGE, ScriptedBuild, ScriptedEngine, ScriptedStream, a_build
from tui.commands import building, record
from tui.commands.exits import Exit
from tui.engine import events
from tui.engine.codec import EVENT_TYPES, decode_event, encode_event
from tui.engine.dockerfile import parse
from tui.engine.errors import EngineError, ImageNotFound, RecordingDamaged
from tui.engine.events import BuildCancelled, BuildFailed, BuildSucceeded, FailureKind, StepOutput, Stream
from tui.engine.recording import Base, RecordedBuild, Recording, read_recording, record_edition, write_recording
from tui.engine.replay import AT_ONCE, ReplayEngine
from tui.engine.request import BuildRequest
from tui.session.connect import COURSE_IMAGES
from tui.session.course_images import target_of
from tui.session.courses import open_course
from tui.session.inside_store import InsideStore
from tui.session.options import StartOptions
from tui.session.paths import recordings_folder
from tui.session.variants import EDITIONS, edition

DAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

any_event = st.one_of([st.from_type(kind) for kind in EVENT_TYPES.values() if kind is not BuildSucceeded])


def test_progress_recorded_before_it_told_what_it_is_about_can_be_read() -> None:
    old = {"event": "StepProgress", "at": 1.0, "step": "a", "part": "sha256:1", "current": 1, "total": 2, "done": True}
    assert decode_event(old) == events.StepProgress(1.0, "a", "sha256:1", 1, 2, done=True)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(any_event)
def test_every_event_comes_back_from_json_as_it_was(event: events.BuildEvent) -> None:
    if event.at == event.at and getattr(event, "seconds", 0) == getattr(event, "seconds", 0):
        assert decode_event(json.loads(json.dumps(encode_event(event)))) == event


def recording(*builds: RecordedBuild) -> Recording:
    return Recording("current", DAY, INFO, (Base("golang:1.27-bookworm", "sha256:1", "a stand-in"),), builds)


def simple_build(output: str = "x\n") -> RecordedBuild:
    return RecordedBuild("current/simple", None, tuple(a_build(SIMPLE_IMAGE, output=output)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(output=st.text())
def test_a_recording_is_lossless(tmp_path: Path, output: str) -> None:
    made = recording(simple_build(output))
    write_recording(made, tmp_path / "r.jsonl.gz")
    assert read_recording(tmp_path / "r.jsonl.gz") == made


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzip",
        gzip.compress(b"not json"),
        gzip.compress(b'{"format": 99}\n'),
        gzip.compress(b'{"format": 1}\n'),
        gzip.compress(b'{"format": 1}\n{"build": "a", "target": null, "event": "Unknown"}'),
        gzip.compress(
            b'{"format": 1}\n{"build": "a", "target": null, "event": "StepCached", "at": "soon", "step": "1"}'
        ),
        gzip.compress(b"[1, 2]"),
        gzip.compress(b'{"format": 1}')[:-6],
    ],
    ids=["empty", "no gzip", "no json", "format", "cut short", "event", "time", "list", "broken off"],
)
def test_a_damaged_recording_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.jsonl.gz").write_bytes(content)
    with pytest.raises(RecordingDamaged, match=r"r\.jsonl\.gz cannot be replayed"):
        read_recording(tmp_path / "r.jsonl.gz")


def request(subject: str, context: Path = Path(), target: str | None = None) -> BuildRequest:
    return BuildRequest(context, Path("Dockerfile"), tag="mine/it:current", subject=subject, target=target)


def test_recording_keeps_events_bases_and_who_made_it(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM golang:9 AS b\nFROM b\n")
    engine = ScriptedEngine()
    engine.images["golang:9"] = replace(SIMPLE_IMAGE, labels={"jettison.stand-in": "not the real one"})
    seen: list[events.BuildEvent] = []
    wanted = [request("current/simple", tmp_path), request("current/multistage", tmp_path)]
    made = record_edition(engine, "current", wanted, tmp_path / "r.jsonl.gz", lambda _, event: seen.append(event))
    assert [build.subject for build in made.builds] == ["current/simple", "current/multistage"]
    assert made.bases == (Base("golang:9", SIMPLE_IMAGE.image_id, "not the real one"),)
    assert made.engine.endpoint == ""
    assert len(seen) == sum(len(build.events) for build in made.builds)
    assert read_recording(tmp_path / "r.jsonl.gz") == made


def test_a_failed_build_is_not_recorded(tmp_path: Path) -> None:
    failed = [BuildFailed(1.0, FailureKind.DISK_FULL, "no space left on device", "make room")]
    engine = ScriptedEngine({"simple": failed})
    with pytest.raises(EngineError, match="did not succeed"):
        record_edition(engine, "current", [request("current/simple", tmp_path)], tmp_path / "r", lambda *_: None)
    assert not (tmp_path / "r").exists()


def test_a_replay_plays_what_was_recorded_under_the_tag_that_was_asked_for() -> None:
    engine = ReplayEngine([recording(simple_build())], AT_ONCE)
    played = list(engine.build(request("current/simple")).events())
    assert played[:-1] == list(simple_build().events[:-1])
    assert isinstance(played[-1], BuildSucceeded)
    assert played[-1].image == replace(SIMPLE_IMAGE, tags=("mine/it:current",))
    assert engine.inspect("mine/it:current") == played[-1].image
    assert engine.info.recorded_on == DAY


def test_a_replay_says_what_it_has_not() -> None:
    engine = ReplayEngine([recording(simple_build())], AT_ONCE)
    end = list(engine.build(request("current/simple", target="builder")).events())[-1]
    assert isinstance(end, BuildFailed)
    assert end.kind is FailureKind.NOT_RECORDED
    assert "--target builder" in end.message
    with pytest.raises(ImageNotFound):
        engine.inspect("mine/it:current")


def test_a_replay_can_be_cancelled_in_the_middle_of_a_silence() -> None:
    engine = ReplayEngine([recording(simple_build())], speed=0.001)
    build = engine.build(request("current/simple"))
    stream = build.events()
    next(stream)
    build.cancel()
    assert isinstance(list(stream)[-1], BuildCancelled)


def test_removing_a_replayed_image_frees_nothing_and_forgets_it() -> None:
    engine = ReplayEngine([recording(simple_build())], AT_ONCE)
    list(engine.build(request("current/simple")).events())
    assert engine.remove_image("mine/it:current") == 0
    with pytest.raises(ImageNotFound):
        engine.inspect(SIMPLE_IMAGE.image_id)


@pytest.mark.parametrize("name", EDITIONS)
def test_each_edition_ships_with_a_recording_of_all_that_can_be_built(name: str) -> None:
    shipped = read_recording(recordings_folder() / f"{name}.jsonl.gz")
    project = edition(name)
    wanted = {(project.subject(variant), variant.target) for variant in (*project.variants, *project.stages)}
    assert {(build.subject, build.target) for build in shipped.builds} == wanted
    assert all(isinstance(build.events[-1], BuildSucceeded) for build in shipped.builds)
    assert shipped.engine.endpoint == ""
    texts = [variant.dockerfile.read_text() for variant in project.variants]
    assert {base.name for base in shipped.bases} == {name for text in texts for name in parse(text).external_bases()}
    sizes = {
        b.subject.split("/")[1]: b.events[-1].image.size_bytes
        for b in shipped.builds
        if isinstance(b.events[-1], BuildSucceeded)
    }
    assert sizes["simple"] > 20 * sizes["multistage"]


def test_the_images_that_lessons_build_besides_are_recorded_too() -> None:
    shipped = read_recording(recordings_folder() / f"{COURSE_IMAGES}.jsonl.gz")
    opened = open_course()
    wanted = {(target_of(opened, image).subject, opened.course.images[image].target) for image in opened.course.images}
    assert {(build.subject, build.target) for build in shipped.builds} == wanted
    store = InsideStore(recordings_folder())
    for build in shipped.builds:
        assert isinstance(build.events[-1], BuildSucceeded)
        assert store.find(build.events[-1].image.image_id) is not None, "what is inside is there too"


def test_output_with_lone_surrogates_survives(tmp_path: Path) -> None:
    made = recording(
        RecordedBuild(
            "a/b", None, (StepOutput(0.0, "1", Stream.STDOUT, "\udcff"), BuildSucceeded(1.0, MULTISTAGE_IMAGE))
        )
    )
    write_recording(made, tmp_path / "r")
    assert read_recording(tmp_path / "r") == made


def test_a_build_is_cancelled_whose_recording_comes_to_nothing(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    built: list[ScriptedBuild] = []

    def build(request: BuildRequest) -> ScriptedBuild:
        built.append(ScriptedEngine.build(engine, request))
        return built[-1]

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    engine.build = build  # type: ignore[method-assign]
    with pytest.raises(OSError, match="disk full"):
        record_edition(engine, "current", [request("current/simple", tmp_path)], tmp_path / "r", full)
    assert [one.is_cancelled for one in built] == [True]


def test_an_image_that_cannot_be_read_out_is_let_go_of_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = ScriptedEngine()
    streams: list[ScriptedStream] = []

    def save(reference: str) -> ScriptedStream:
        streams.append(ScriptedStream(b"no archive", None))
        return streams[-1]

    engine.save = save  # type: ignore[method-assign]
    monkeypatch.setattr(building, "connect", lambda *_: engine)
    code = record.run(StartOptions(), "current", tmp_path / "r.jsonl.gz", tmp_path / "insides")
    assert code is Exit.CHECK_FAILED
    assert "current/simple: This is no archive of images" in capsys.readouterr().err
    assert [one.is_cancelled for one in streams] == [True]


def test_a_recording_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr("tui.whole_file.os.fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write_recording(recording(simple_build()), tmp_path / "r.jsonl.gz")
    assert list(tmp_path.iterdir()) == []
