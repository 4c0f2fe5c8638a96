"""Questions to an engine that does not answer them as one would like."""

from __future__ import annotations

import pytest

from tests.support.http_engine import http_engine
from tui.engine.docker_engine import open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.errors import ImageNotFound

DISK_USAGE = "GET /system/df"
REMOVAL = "DELETE /images/ours:1"
SNAPSHOT_GONE = (404, {"message": "snapshot 25-view does not exist: not found"})


def removed(answers: dict[str, tuple[int, object]]) -> int:
    with http_engine(answers) as url:
        engine = open_engine(Endpoint(url, "this test"))
        try:
            return engine.remove_image("ours:1")
        finally:
            engine.close()


def test_an_image_is_removed_though_the_engine_cannot_say_what_was_freed() -> None:
    assert removed({DISK_USAGE: SNAPSHOT_GONE, REMOVAL: (200, [])}) == 0


def test_an_image_that_is_gone_is_told_as_such() -> None:
    with pytest.raises(ImageNotFound, match="ours:1"):
        removed({DISK_USAGE: (200, {"LayersSize": 5}), REMOVAL: (404, {"message": "No such image: ours:1"})})


def test_images_whose_weight_the_engine_cannot_say_are_left_out() -> None:
    with http_engine({DISK_USAGE: SNAPSHOT_GONE}) as url:
        engine = open_engine(Endpoint(url, "this test"))
        try:
            assert engine.shares() == {}
        finally:
            engine.close()
