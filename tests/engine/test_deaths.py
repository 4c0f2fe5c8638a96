"""Containers that die at once, each of one cause, on a real engine: the cause is known and said in one sentence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import MakeContainer, run
from tests.lab.plugin import TINY, LabEngine
from tests.needs import need
from tui.engine.containers import Limits
from tui.engine.death import Cause
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint
from tui.engine.events import BuildSucceeded
from tui.engine.request import Builder, BuildRequest
from tui.session.ledger import Ledger
from tui.session.run_events import Died
from tui.session.runner import Runner

MACHINE_OFFSET = 18
"""Where an ELF file names its processor."""
ANOTHER_PROCESSOR = b"\xff\x00"
DOCKERFILES = {
    "full": f"FROM {TINY}\nCOPY . /\n",
    # The shell form of CMD, and no shell.
    "bare": 'FROM scratch\nCOPY plain /\nCMD /plain "$HOME"\n',
}
CASES: dict[str, tuple[str, tuple[str, ...], Limits, Cause]] = {
    "another processor": ("full", ("/foreign",), Limits(), Cause.WRONG_FORMAT),
    "no first line": ("full", ("/headless",), Limits(), Cause.WRONG_FORMAT),
    "no loader": ("full", ("/dynamic",), Limits(), Cause.NO_LOADER),
    "no interpreter": ("full", ("/script",), Limits(), Cause.NO_LOADER),
    "no program": ("full", ("/absent",), Limits(), Cause.NO_COMMAND),
    "no command": ("full", ("absent",), Limits(), Cause.NO_COMMAND),
    "not found by the shell": ("full", ("sh", "-c", "absent"), Limits(), Cause.NO_COMMAND),
    "no shell": ("bare", (), Limits(), Cause.NO_SHELL),
    "not executable": ("full", ("/plain",), Limits(), Cause.NOT_ALLOWED),
    "read-only root": ("full", ("sh", "-c", "echo x >/x"), Limits(read_only=True), Cause.READ_ONLY),
    "port in use": (
        "full",
        # Not the port that is probed: a probe would be taken by the first one, which then frees its port.
        ("sh", "-c", "nc -l -p 8081 & until grep -qs :1F91 /proc/net/tcp*; do :; done; exec nc -l -p 8081"),
        Limits(),
        Cause.PORT_IN_USE,
    ),
    "out of memory": (
        "full",
        ("sh", "-c", "x=$(tr '\\0' x </dev/zero)"),
        Limits(memory_bytes=16 << 20),
        Cause.OUT_OF_MEMORY,
    ),
    "done": ("full", ("sh", "-c", "echo done"), Limits(), Cause.DONE),
    "an exit code of its own": ("full", ("sh", "-c", "echo sorry >&2; exit 42"), Limits(), Cause.OTHER),
    "a signal": ("full", ("sh", "-c", "exit 139"), Limits(), Cause.KILLED),
}


@pytest.fixture(scope="module")
def images(lab_engine: LabEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The tags of two images with programs that cannot run."""
    engine = open_engine(Endpoint(lab_engine.docker_host, "the lab"))
    context = tmp_path_factory.mktemp("dead")
    fill(context)
    tags: dict[str, str] = {}
    for name, text in DOCKERFILES.items():
        (context / "Dockerfile").write_text(text)
        request = BuildRequest(
            context, Path("Dockerfile"), f"jettison-test-dead/{context.name}:{name}", builder=Builder.CLASSIC
        )
        last = run(engine, request)[-1]
        assert isinstance(last, BuildSucceeded), last
        tags[name] = request.tag
    yield tags
    for tag in tags.values():
        engine.remove_image(tag)
    engine.close()


def fill(context: Path) -> None:
    """Programs that cannot run, each for one reason."""
    program = shutil.which("true")
    need(program is not None, "a dynamic program", "run on Linux")
    assert program is not None
    dynamic = Path(program).read_bytes()
    files = {
        "dynamic": dynamic,
        "foreign": dynamic[:MACHINE_OFFSET] + ANOTHER_PROCESSOR + dynamic[MACHINE_OFFSET + 2 :],
        "script": b"#!/bin/absent\n",
        "headless": b"echo hi\n",
        "plain": b"no program\n",
    }
    for name, content in files.items():
        (context / name).write_bytes(content)
        (context / name).chmod(0o644 if name == "plain" else 0o755)


@pytest.mark.parametrize("case", CASES)
def test_why_a_container_died_is_known(
    case: str, engine: DockerEngine, images: dict[str, str], make_container: MakeContainer
) -> None:
    image, command, limits, cause = CASES[case]
    runner = Runner(engine, Ledger())
    started = runner.start("it", make_container(image=images[image], command=command, limits=limits))
    events: list[object] = []
    while not any(isinstance(event, Died) for event in events):
        arrived = [news.event for news in runner.outbox.wait(60)]
        assert arrived, events
        events += arrived
    died = events[-1]
    assert isinstance(died, Died)
    assert died.death.cause is cause, died
    runner.stop(started)
    while runner.leftovers:
        runner.outbox.wait(60)
    assert engine.containers.labelled(*started.request.labels[0]) == ()
