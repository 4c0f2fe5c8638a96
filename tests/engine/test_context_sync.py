"""What of a context reaches an image, file by file: as `docker buildx build` sends it, and no more than is needed."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.engine.conftest import run
from tests.lab.plugin import TINY, LabEngine
from tests.support.image_files import image_files
from tui.engine.docker_engine import DockerEngine
from tui.engine.events import BuildEvent, BuildFailed, BuildSucceeded, ContextSent, FailureKind, StepCached, StepPlanned
from tui.engine.request import BuildRequest

BuildxCli = Callable[[Sequence[str]], subprocess.CompletedProcess[str]]
Build = Callable[..., list[BuildEvent]]
TAG = "jettison-test/context:1"
THEIR_TAG = "jettison-test/context-by-buildx:1"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """An empty folder, at a path that no other test run has: the engine keeps a copy of each context."""
    folder = tmp_path / f"context-{secrets.token_hex(4)}"
    folder.mkdir()
    return folder


@pytest.fixture
def build(engine: DockerEngine, context: Path, lab_engine: LabEngine) -> Iterator[Build]:
    """Builds the context; all events."""

    def carry_out(dockerfile: Path = Path("Dockerfile"), **changes: object) -> list[BuildEvent]:
        request = BuildRequest(context, dockerfile, TAG, **changes)  # type: ignore[arg-type]
        return run(engine, request)

    yield carry_out
    for tag in (TAG, THEIR_TAG):
        lab_engine.forget(tag)


@pytest.fixture
def files(lab_engine: LabEngine) -> Callable[[str], set[str]]:
    """The paths in an image of ours, below the folder into which a test copied."""

    def read(below: str = "ctx/") -> set[str]:
        client = lab_engine.client()
        names = {name.removeprefix(below) for name in image_files(client, TAG) if name.startswith(below)}
        client.close()
        return names

    return read


def make_odd_files(root: Path) -> None:
    """One of everything that a folder can hold, as far as this user may make it."""
    for folder in ("sub/deep", "empty", "ü", "ignored", "sticky"):
        (root / folder).mkdir(parents=True)
    for name in ("a", "sub/b", "ü/ä", "ignored/kept", "ignored/lost", "x.log", "na\nme", "sp ace", "back\\slash"):
        (root / name).write_text(name)
    (root / ".dockerignore").write_text("*.log\nignored\n!ignored/kept\n")
    (root / "big").write_bytes(secrets.token_bytes(700_000))
    for name, target in {
        "out": "/etc/passwd",
        "up": "../..",
        "in": "sub/b",
        "spelled": "./sub//b",
        "gone": "x",
    }.items():
        (root / name).symlink_to(target)
    os.link(root / "a", root / "hard")
    os.link(root / "sub" / "b", root / "sub" / "hard")
    os.mkfifo(root / "pipe")
    for name, mode in {"setuid": 0o4755, "setgid": 0o2755, "private": 0o600}.items():
        (root / name).write_text(name)
        (root / name).chmod(mode)
    (root / "sticky").chmod(0o1777)
    os.setxattr(root / "a", "user.jettison", b"seen")
    os.utime(root / "sub" / "b", ns=(0, 1_577_934_245_123_456_789))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(root / "sock"))
    if os.geteuid() == 0:
        os.mknod(root / "null", 0o20666, os.makedev(1, 3))
        os.chown(root / "sub" / "b", 1234, 567)


def test_odd_files_arrive_as_docker_buildx_sends_them(
    build: Build, context: Path, buildx_cli: BuildxCli, lab_engine: LabEngine
) -> None:
    make_odd_files(context)
    (context / "Dockerfile").write_text("FROM scratch\nCOPY . /ctx/\n")
    ended = build(no_cache=True)[-1]
    assert isinstance(ended, BuildSucceeded), ended
    theirs = buildx_cli(["build", "--no-cache", "--provenance=false", "--load", "-t", THEIR_TAG, str(context)])
    assert theirs.returncode == 0, theirs.stderr
    client = lab_engine.client()
    ours_found, theirs_found = image_files(client, TAG), image_files(client, THEIR_TAG)
    client.close()
    # The folder that COPY makes has the time of the build.
    del ours_found["ctx"], theirs_found["ctx"]
    assert {"ctx/pipe", "ctx/sock", "ctx/hard", "ctx/ignored/kept"} <= set(ours_found)
    assert ours_found == theirs_found


def test_what_docker_buildx_has_built_is_in_the_cache(build: Build, context: Path, buildx_cli: BuildxCli) -> None:
    make_odd_files(context)
    (context / "Dockerfile").write_text(f"FROM scratch\nCOPY . /ctx-{secrets.token_hex(4)}/\n")
    theirs = buildx_cli(["build", "--load", "-t", THEIR_TAG, str(context)])
    assert theirs.returncode == 0, theirs.stderr
    assert is_cached(build(), "COPY")


def is_cached(events: list[BuildEvent], instruction: str) -> bool:
    [step] = [event.step for event in events if isinstance(event, StepPlanned) and event.title.startswith(instruction)]
    return any(isinstance(event, StepCached) and event.step == step for event in events)


def sent_bytes(events: list[BuildEvent]) -> int:
    return [event.sent_bytes for event in events if isinstance(event, ContextSent)][-1]


@pytest.mark.parametrize("ignored", ["Dockerfile\n.dockerignore\n", "*\n!main.go\n"])
def test_an_ignored_dockerfile_is_read_but_not_copied(
    build: Build, context: Path, files: Callable[[], set[str]], ignored: str
) -> None:
    (context / "main.go").write_text("package main")
    (context / ".dockerignore").write_text(ignored)
    (context / "Dockerfile").write_text("FROM scratch\nCOPY . /ctx/\n")
    assert isinstance(build()[-1], BuildSucceeded)
    assert files() == {"main.go"}


def test_a_dockerfile_from_outside_the_context_is_not_copied(
    build: Build, context: Path, files: Callable[[], set[str]], tmp_path: Path
) -> None:
    (context / "main.go").write_text("package main")
    outside = tmp_path / "Elsewhere"
    outside.write_text("FROM scratch\nCOPY . /ctx/\n")
    assert isinstance(build(outside)[-1], BuildSucceeded)
    assert files() == {"main.go"}


def test_a_dockerfiles_own_ignore_file_stands_in_for_the_contexts(
    build: Build, context: Path, files: Callable[[], set[str]], tmp_path: Path
) -> None:
    for name in ("main.go", "notes.md"):
        (context / name).write_text(name)
    (context / ".dockerignore").write_text("main.go\n")
    outside = tmp_path / "Elsewhere"
    outside.write_text("FROM scratch\nCOPY . /ctx/\n")
    (tmp_path / "Elsewhere.dockerignore").write_text("*.md\n.dockerignore\n")
    assert isinstance(build(outside)[-1], BuildSucceeded)
    assert files() == {"main.go"}


def test_a_comment_in_an_ignored_dockerfile_costs_no_step_its_cache(build: Build, context: Path) -> None:
    text = f"FROM {TINY}\nCOPY . /ctx/\nRUN : {secrets.token_hex(4)}\n"
    (context / "main.go").write_text("package main")
    (context / ".dockerignore").write_text("Dockerfile\n")
    (context / "Dockerfile").write_text(text)
    build()
    (context / "Dockerfile").write_text(f"# A comment.\n{text}")
    events = build()
    assert is_cached(events, "COPY")
    assert is_cached(events, "RUN")


def test_only_what_is_copied_and_has_changed_is_sent(build: Build, context: Path) -> None:
    for name in ("asked", "other"):
        (context / name).write_bytes(secrets.token_bytes(100_000))
    (context / "Dockerfile").write_text("FROM scratch\nCOPY asked /\n")
    assert sent_bytes(build()) == 100_000
    assert sent_bytes(build()) == 0
    (context / "asked").write_bytes(b"less")
    assert sent_bytes(build()) == 4


def test_a_copied_link_brings_what_it_leads_to(build: Build, context: Path, files: Callable[[str], set[str]]) -> None:
    (context / "real").mkdir()
    (context / "real" / "file").write_text("found")
    (context / "link").symlink_to("real")
    (context / "Dockerfile").write_text("FROM scratch\nCOPY link/file /copied\n")
    assert isinstance(build()[-1], BuildSucceeded)
    assert files("") == {"copied"}


def test_a_name_that_is_not_utf8_is_built_all_the_same(
    build: Build, context: Path, files: Callable[[], set[str]]
) -> None:
    name = os.fsdecode(b"odd-\xff")
    (context / name).write_text("odd")
    (context / "Dockerfile").write_text("FROM scratch\nCOPY . /ctx/\n")
    ended = build()[-1]
    assert isinstance(ended, BuildSucceeded), ended
    assert name in files()


def test_a_refused_pattern_ends_the_build_with_dockers_words(build: Build, context: Path) -> None:
    (context / ".dockerignore").write_text("*.md\n!\n")
    (context / "Dockerfile").write_text("FROM scratch\nCOPY . /ctx/\n")
    ended = build()[-1]
    assert isinstance(ended, BuildFailed)
    assert ended.kind is FailureKind.CONTEXT
    assert 'illegal exclusion pattern: "!"' in ended.message
