"""A learner's first day: an engine without any image, and both editions built, compared and cleaned away."""

from __future__ import annotations

import json

import pytest

from tests.lab.plugin import LabEngine
from tests.lab.registry.client import LabRegistry
from tests.shell import jettison

BASES = {
    "current": ("golang:1.27-bookworm", "alpine:3.24"),
    "2019": ("golang:1.12.0-alpine3.9", "golang:1.11.13", "alpine:latest"),
}


def test_both_editions_are_pulled_built_compared_and_cleaned_away(
    empty_engine: LabEngine, lab_registry: LabRegistry
) -> None:
    environ = {"DOCKER_HOST": empty_engine.docker_host, "SSL_CERT_FILE": str(lab_registry.authority)}
    client = empty_engine.client()
    assert client.images.list(all=True) == []
    for edition, bases in BASES.items():
        done = jettison("compare", "--json", "--edition", edition, "--builder", "buildkit", **environ)
        assert done.returncode == 0, done.stderr
        data = json.loads(done.stdout)
        simple, multistage = data["variants"]
        for variant in (simple, multistage):
            assert variant["size_bytes"] == empty_engine.listed_size(variant["image_id"])
            assert any("go build" in step["title"] for step in variant["steps"])
        assert data["engine"]["recorded_on"] is None
        assert data["ratio"] == pytest.approx(simple["size_bytes"] / multistage["size_bytes"], abs=0.05)
        assert data["ratio"] > 20
        for base in bases:
            assert f"FROM {base}" in done.stderr, "the pull is told of while it goes on"
    cleaned = jettison("clean", "--json", "--yes", **environ)
    assert cleaned.returncode == 0
    assert len(json.loads(cleaned.stdout)["removed"]) == 4
    assert client.images.list(all=True) == [], "nothing of ours is left"
    client.close()
