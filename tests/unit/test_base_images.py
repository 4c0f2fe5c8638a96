"""What is known of base images before a build starts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import SIMPLE_IMAGE, ScriptedEngine
from tui.commands.doctor_bases import bases_json, look_up_projects, print_bases, room_line
from tui.engine.cause import Cause
from tui.engine.images import read_cached_bases
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.offer import Offer
from tui.engine.registry.pull_words import Pull
from tui.engine.registry.reference import parse_reference
from tui.engine.request import Builder
from tui.session.base_images import BaseState, WantedImage, images_wanted, look_up_bases, room_for
from tui.session.variants import own_project

GOLANG = "golang:1.27-bookworm"
HUB = "registry-1.docker.io"


def offer(name: str, **known: object) -> Offer:
    given = Offer(parse_reference(name), "sha256:" + "0" * 64, HUB, layers=7, packed_bytes=312_000_000)
    return replace(given, **known)  # type: ignore[arg-type]


def words(engine: ScriptedEngine, name: str) -> str:
    [base] = look_up_bases(engine, [WantedImage(name)])
    return base.words


@pytest.fixture
def engine() -> Iterator[ScriptedEngine]:
    scripted = ScriptedEngine()
    yield scripted
    if scripted.registry_hold is not None:
        scripted.registry_hold.set()


def test_an_image_that_is_here_is_told_with_its_size(engine: ScriptedEngine) -> None:
    engine.images[GOLANG] = SIMPLE_IMAGE
    assert words(engine, GOLANG) == "here, 912 MB"


def test_an_image_that_was_pulled_for_an_earlier_build_is_in_the_build_cache(engine: ScriptedEngine) -> None:
    engine.cached = {"docker.io/library/golang:1.27-bookworm": 1_320_000_000}
    assert words(engine, GOLANG) == "in the build cache, 1.32 GB unpacked"


def test_the_build_caches_records_of_an_image_are_added_up() -> None:
    pulled = "pulled from docker.io/library/golang:1.27-bookworm@sha256:" + "0" * 64
    records = [
        {"Description": pulled, "Size": 300},
        {"Description": pulled, "Size": 20},
        {"Description": "frontend pulled from docker.io/docker/dockerfile:1@sha256:" + "1" * 64, "Size": 7},
        {"Description": "pulled from docker.io/library/alpine:3@sha256:" + "2" * 64, "Size": 0},
        {"Description": "mount / from exec /bin/sh -c true", "Size": 5},
    ]
    told = {"docker.io/library/golang:1.27-bookworm": 320, "docker.io/docker/dockerfile:1": 7}
    assert read_cached_bases({"BuildCache": records}) == told
    assert read_cached_bases({"BuildCacheUsage": {"Items": records}}) == told
    assert read_cached_bases({}) == {}


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({}, "to be pulled, 312 MB in 7 layers from Docker Hub (anonymous)"),
        ({"user": "gopher"}, "to be pulled, 312 MB in 7 layers from Docker Hub (as gopher)"),
        ({"user": ""}, "to be pulled, 312 MB in 7 layers from Docker Hub (with your login)"),
        ({"layers": 1}, "to be pulled, 312 MB in 1 layer from Docker Hub (anonymous)"),
        ({"packed_bytes": None}, "to be pulled from Docker Hub (anonymous)"),
        (
            {"answered_by": "mirror.example"},
            "to be pulled, 312 MB in 7 layers from Docker Hub by way of mirror.example (anonymous)",
        ),
        ({"answered_by": "", "packed_bytes": None}, "to be pulled from Docker Hub, asked by the engine"),
    ],
)
def test_an_image_that_is_missing_is_told_with_its_weight_and_who_answers_as_whom(
    known: dict[str, object], told: str, engine: ScriptedEngine
) -> None:
    engine.offers[GOLANG] = offer(GOLANG, **known)
    assert words(engine, GOLANG) == told


def test_an_image_that_is_here_for_another_platform_is_to_be_pulled(engine: ScriptedEngine) -> None:
    engine.images[GOLANG] = SIMPLE_IMAGE
    engine.offers[GOLANG] = offer(GOLANG)
    states = [look_up_bases(engine, [WantedImage(GOLANG)], platform=one)[0].state for one in ("", "linux/s390x")]
    assert states == [BaseState.HERE, BaseState.TO_PULL]


def test_variables_in_from_are_filled_in_with_the_builds_arguments(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("ARG GO=1.27\nFROM golang:${GO}-bookworm\n")
    names = [
        [image.name for image in images_wanted([tmp_path / "Dockerfile"], Builder.BUILDKIT, arguments)]
        for arguments in (None, {"GO": "1.26"})
    ]
    assert names == [["golang:1.27-bookworm"], ["golang:1.26-bookworm"]]


def test_an_image_that_cannot_be_had_is_told_with_the_reason_and_advice(engine: ScriptedEngine) -> None:
    engine.offers["golang:9"] = PullRefused(Cause.NO_SUCH_TAG, Pull(parse_reference("golang:9"), alike=("1.9",)))
    [base] = look_up_bases(engine, [WantedImage("golang:9")])
    assert base.words == "cannot be pulled. golang has no tag 9 on Docker Hub."
    assert (base.cause, "1.9" in base.advice) == (Cause.NO_SUCH_TAG, True)


def test_a_frontend_that_cannot_be_had_is_advised_about_its_own_line(engine: ScriptedEngine) -> None:
    name = "docker/dockerfile:9"
    engine.offers[name] = PullRefused(Cause.NO_SUCH_NAME, Pull(parse_reference(name)))
    [base] = look_up_bases(engine, [WantedImage(name, is_frontend=True)])
    assert base.advice == "Check the name after # syntax=."


def test_a_registry_that_does_not_answer_holds_up_nobody(engine: ScriptedEngine) -> None:
    engine.registry_hold = threading.Event()
    engine.images["alpine"] = SIMPLE_IMAGE
    asked = [WantedImage(GOLANG), WantedImage("alpine")]
    golang, alpine = look_up_bases(engine, asked, seconds=0.1)
    assert (golang.state, alpine.state) == (BaseState.UNKNOWN, BaseState.HERE)
    assert "did not answer in" in golang.words


def test_the_room_that_pulls_take_is_estimated_from_what_is_known(engine: ScriptedEngine) -> None:
    engine.offers |= {GOLANG: offer(GOLANG), "alpine": offer("alpine", packed_bytes=None)}
    engine.images["here"] = SIMPLE_IMAGE
    room = room_for(look_up_bases(engine, [WantedImage(name) for name in (GOLANG, "alpine", "here")]))
    assert (room.packed_bytes, room.unweighed, room.needed_bytes) == (312_000_000, 1, 1_248_000_000)
    assert room.is_enough(2_000_000_000)
    assert not room.is_enough(1_000_000_000)


def test_every_image_of_several_dockerfiles_is_wanted_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("# syntax=docker/dockerfile:1\nFROM golang:1.27 AS builder\nFROM alpine\nCOPY --from=builder /a /\n")
    two.write_text("FROM golang:1.27\nCOPY --from=busybox /bin/sh /bin/\n")
    wanted = images_wanted([one, two], Builder.BUILDKIT)
    assert [(w.name, w.is_frontend) for w in wanted] == [
        ("golang:1.27", False),
        ("alpine", False),
        ("docker/dockerfile:1", True),
        ("busybox", False),
    ]
    assert not any(w.is_frontend for w in images_wanted([one, two], Builder.CLASSIC))


def test_doctor_tells_of_the_images_of_a_project_and_whether_they_fit(
    tmp_path: Path, engine: ScriptedEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM golang:1.27-bookworm AS builder\nFROM alpine:9\n")
    engine.offers = {
        GOLANG: offer(GOLANG),
        "alpine:9": PullRefused(Cause.NO_SUCH_TAG, Pull(parse_reference("alpine:9"))),
    }
    found = look_up_projects(engine, [own_project(tmp_path, ())])
    print_bases(found, 10_000_000_000)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"·              {GOLANG}: to be pulled, 312 MB in 7 layers from Docker Hub (anonymous)"
    assert lines[2] == "✗              alpine:9: cannot be pulled. alpine has no tag 9 on Docker Hub."
    assert lines[3].strip().startswith("Check name and tag after FROM")
    assert lines[4].startswith("✓ room         312 MB to pull, which take about 1.25 GB of 10.0 GB (an estimate)")
    assert room_line(found, 1_000_000).startswith("✗ room")
    assert room_line(found, None) == ""


def test_doctor_tells_programs_the_same(tmp_path: Path, engine: ScriptedEngine) -> None:
    (tmp_path / "Dockerfile").write_text("FROM golang:1.27-bookworm\n")
    engine.offers[GOLANG] = offer(GOLANG, user="gopher", pulls_left=76)
    [told] = bases_json(look_up_projects(engine, [own_project(tmp_path, ())]))
    [image] = told["images"]
    assert (told["to_pull_bytes"], told["disk_bytes_estimated"]) == (312_000_000, 1_248_000_000)
    assert (image["state"], image["registry"], image["user"], image["pulls_left"]) == (
        "to be pulled",
        "docker.io",
        "gopher",
        76,
    )
