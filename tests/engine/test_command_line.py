"""The tutorial's builds from a script, on a real engine: both editions, an interrupt, and the cleaning up."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_cancel import running_commands, wait_until_gone
from tests.lab.plugin import TINY, LabEngine
from tests.shell import jettison, started_jettison
from tui.session.paths import content_folder


def answer(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return data


@pytest.mark.parametrize("edition", ["current", "2019"])
def test_the_classic_builder_builds_both_variants_and_the_ratio_is_real(
    edition: str, classic_engine: LabEngine
) -> None:
    environ = {"DOCKER_HOST": classic_engine.docker_host}
    done = jettison("compare", "--json", "--edition", edition, "--builder", "classic", **environ)
    assert done.returncode == 0, done.stderr
    data = answer(done.stdout)
    simple, multistage = data["variants"]
    for variant in (simple, multistage):
        assert variant["size_bytes"] == classic_engine.listed_size(variant["image_id"])
        assert {"name", "dockerfile", "size_basis", "build_seconds", "cached_steps", "steps", "layers"} <= set(variant)
        assert any("go build" in step["title"] for step in variant["steps"])
    assert data["edition"] == edition
    assert data["engine"]["recorded_on"] is None
    assert data["ratio"] == pytest.approx(simple["size_bytes"] / multistage["size_bytes"], abs=0.05)
    assert data["ratio"] > 20
    assert jettison("clean", "--yes", **environ).returncode == 0


def test_cleaning_up_removes_what_is_ours_and_nothing_that_looks_like_it(lab_engine: LabEngine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        f"FROM {TINY} AS builder\nRUN echo {secrets.token_hex(8)} >/a\nFROM {TINY}\nCOPY --from=builder /a /a\n"
    )
    environ = {"DOCKER_HOST": lab_engine.docker_host}
    client = lab_engine.client()
    before = {image.id for image in client.images.list(all=True)}
    tags_before = {tag for image in client.images.list() for tag in image.tags}
    built = answer(jettison("build", "--context", str(tmp_path), "--json", "--builder", "classic", **environ).stdout)
    ours = client.images.get(built["variants"][0]["image_id"])
    name = ours.tags[0].rpartition(":")[0]
    look_alike = client.images.get(TINY)
    look_alike.tag(name, "theirs")
    look_alike.tag("jettison-somebody/go-multi-stage", "current-multistage")
    try:
        listed = answer(jettison("clean", "--json", **environ).stdout)
        assert len(listed["images"]) == 2, "the image and its builder stage's"
        assert listed["removed"] == []
        done = jettison("clean", "--json", "--yes", **environ)
        assert done.returncode == 0
        assert len(answer(done.stdout)["removed"]) == 2
        left = {tag for image in client.images.list() for tag in image.tags} - tags_before
        assert left == {f"{name}:theirs", "jettison-somebody/go-multi-stage:current-multistage"}
        assert before <= {image.id for image in client.images.list(all=True)}
    finally:
        client.images.remove(f"{name}:theirs")
        client.images.remove("jettison-somebody/go-multi-stage:current-multistage")
        client.close()
    assert answer(jettison("clean", "--json", **environ).stdout)["images"] == []


def test_an_image_that_a_container_uses_stays_and_stays_ours(lab_engine: LabEngine) -> None:
    environ = {"DOCKER_HOST": lab_engine.docker_host}
    built = answer(jettison("build", "multistage", "--json", "--builder", "buildkit", **environ).stdout)
    client = lab_engine.client()
    container = client.containers.create(built["variants"][0]["image_id"])
    try:
        kept = jettison("clean", "--yes", **environ)
        assert kept.returncode == 1
        assert "still in use" in kept.stdout
    finally:
        container.remove()
        client.close()
    assert jettison("clean", "--yes", **environ).returncode == 0


def test_an_interrupted_build_is_exit_130_and_nothing_goes_on(lab_engine: LabEngine, tmp_path: Path) -> None:
    mark = "sleep 601"
    (tmp_path / "Dockerfile").write_text(f"FROM {TINY}\nRUN echo begun; {mark}\n")
    process = started_jettison(
        "build", "--no-cache", "--context", str(tmp_path), "--builder", "classic", DOCKER_HOST=lab_engine.docker_host
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "begun" in line and "|" in line:
            break
    assert any(mark in command for command in running_commands(lab_engine))
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "cancelled" in rest
    wait_until_gone(lab_engine, mark)


def test_a_go_program_that_does_not_compile_is_exit_4_with_the_compiler_s_words(
    lab_engine: LabEngine, tmp_path: Path
) -> None:
    context = tmp_path / "broken"
    shutil.copytree(content_folder("goapp"), context)
    (context / "main.go").write_text("package main\n\nfunc main() { undefinedThing() }\n")
    done = jettison(
        "compare",
        "--context",
        str(context),
        "--file",
        str(context / "Dockerfile.multistage"),
        DOCKER_HOST=lab_engine.docker_host,
    )
    assert done.returncode == 4
    assert "undefined: undefinedThing" in done.stderr
    assert "go build" in done.stderr


def test_doctor_names_the_engine_and_its_builder(lab_engine: LabEngine) -> None:
    done = jettison("doctor", "--json", DOCKER_HOST=lab_engine.docker_host)
    assert done.returncode == 0
    report = answer(done.stdout)
    assert report["engine"]["endpoint"] == lab_engine.docker_host
    assert report["engine"]["builder"] == "buildkit"
