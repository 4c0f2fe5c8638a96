"""Containers on a real engine: made within limits, started on a port, listened to, measured, stopped, removed."""

from __future__ import annotations

import os
import re
import secrets
import socket
import threading

import pytest

from tests.engine.conftest import MakeContainer, MakeRequest, run, started
from tests.lab import dockerd
from tests.lab.plugin import LabEngine
from tui.engine.api import LogStream
from tui.engine.containers import ContainerState, Limits, LogPiece
from tui.engine.docker_engine import DockerEngine
from tui.engine.errors import ContainerNotFound, ContainerNotRunning, ImageNotFound, PortTaken
from tui.engine.events import BuildSucceeded, Stream
from tui.engine.request import Builder

FOREVER = "echo begun; while :; do sleep 600; done"
WATCHDOG_SECONDS = 60.0


def texts(log: LogStream) -> dict[Stream, str]:
    pieces = list(log.pieces())
    return {stream: "".join(piece.text for piece in pieces if piece.stream is stream) for stream in Stream}


def test_a_container_is_made_within_its_limits_and_on_a_port_of_this_machine_alone(
    engine: DockerEngine, lab_engine: LabEngine, make_container: MakeContainer
) -> None:
    container = started(engine, make_container(FOREVER, environment=(("A", "b"),), limits=Limits(read_only=True)))
    assert container.is_running
    assert container.started is not None
    assert container.address is not None
    assert container.address.host == "127.0.0.1"
    client = lab_engine.client()
    host = client.containers.get(container.container_id).attrs["HostConfig"]
    client.close()
    assert (host["Memory"], host["PidsLimit"]) == (134_217_728, 128)
    assert (host["CapDrop"], host["SecurityOpt"]) == (["ALL"], ["no-new-privileges"])
    assert (host["ReadonlyRootfs"], list(host["Tmpfs"])) == (True, ["/tmp"])
    assert host["PortBindings"] == {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}


def test_the_root_is_read_only_and_tmp_is_not(engine: DockerEngine, make_container: MakeContainer) -> None:
    request = make_container(
        "echo $A; echo x >/tmp/x && echo x >/x", environment=(("A", "b"),), limits=Limits(read_only=True)
    )
    container = started(engine, request)
    assert engine.containers.wait(container.container_id).exit_code() == 1
    said = texts(engine.containers.log(container.container_id, follow=False))
    assert said[Stream.STDOUT] == "b\n"
    assert "Read-only file system" in said[Stream.STDERR]


def test_a_port_that_is_asked_for_is_had(engine: DockerEngine, make_container: MakeContainer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    container = started(engine, make_container(FOREVER, host_port=port))
    assert container.address is not None
    assert container.address.port == port


def test_a_port_that_a_container_has_names_it_and_leaves_nothing(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    first = started(engine, make_container(FOREVER))
    assert first.address is not None
    request = make_container(FOREVER, host_port=first.address.port)
    with pytest.raises(PortTaken, match=f"the container {first.name}"):
        started(engine, request)
    with pytest.raises(ContainerNotFound):
        engine.containers.inspect(request.name)


def test_a_port_that_a_process_has_names_it_and_leaves_nothing(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        request = make_container(FOREVER, host_port=taken.getsockname()[1])
        with pytest.raises(PortTaken, match=rf"the process \S+ \({os.getpid()}\)"):
            started(engine, request)
    with pytest.raises(ContainerNotFound):
        engine.containers.inspect(request.name)


def test_both_outputs_arrive_apart_and_with_their_times_where_wanted(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    container = started(engine, make_container("echo 'gr\u00fcn \U0001f680'; echo bad >&2; printf end"))
    containers = engine.containers
    assert containers.wait(container.container_id).exit_code() == 0
    said = texts(containers.log(container.container_id, follow=True))
    assert said == {Stream.STDOUT: "grün 🚀\nend", Stream.STDERR: "bad\n"}
    timed = texts(containers.log(container.container_id, follow=True, timestamps=True))
    assert re.fullmatch(r"\d{4}-\S+Z grün 🚀\n\d{4}-\S+Z end", timed[Stream.STDOUT])
    assert texts(containers.log(container.container_id, follow=False, last=1))[Stream.STDOUT] == "end"


def test_a_line_longer_than_the_engine_s_pieces_has_one_time(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    container = started(engine, make_container("head -c 100000 /dev/zero | tr '\\0' x; echo; echo next"))
    engine.containers.wait(container.container_id).exit_code()
    said = texts(engine.containers.log(container.container_id, follow=True, timestamps=True))[Stream.STDOUT]
    first, second = said.splitlines()
    assert first.partition(" ")[2] == "x" * 100_000
    assert second.endswith("Z next")


def test_escapes_come_as_they_were_printed(engine: DockerEngine, make_container: MakeContainer) -> None:
    container = started(engine, make_container(r"printf '\033[31m[red]\033[0m\007\r\n\377\000'"))
    engine.containers.wait(container.container_id).exit_code()
    assert texts(engine.containers.log(container.container_id, follow=True))[Stream.STDOUT] == (
        "\x1b[31m[red]\x1b[0m\x07\r\n\ufffd\x00"
    )


@pytest.mark.parametrize("script", ["while :; do sleep 600; done", "yes"], ids=["silent", "noisy"])
def test_a_log_and_a_wait_that_are_cancelled_end(
    script: str, engine: DockerEngine, make_container: MakeContainer
) -> None:
    container = started(engine, make_container(script))
    log = engine.containers.log(container.container_id, follow=True)
    waiting = engine.containers.wait(container.container_id)
    pieces: list[LogPiece] = []
    codes: list[int | None] = []
    threads = [
        threading.Thread(target=lambda: pieces.extend(log.pieces())),
        threading.Thread(target=lambda: codes.append(waiting.exit_code())),
    ]
    for thread in threads:
        thread.start()
    for stream in (log, waiting, log, waiting):
        stream.cancel()
    for thread in threads:
        thread.join(WATCHDOG_SECONDS)
        assert not thread.is_alive()
    assert codes == [None]
    assert engine.containers.inspect(container.container_id).is_running


def test_what_it_uses_and_runs_is_told_while_it_runs(engine: DockerEngine, make_container: MakeContainer) -> None:
    container = started(engine, make_container(FOREVER))
    usage = engine.containers.usage(container.container_id)
    assert 0 < usage.memory_bytes < 134_217_728
    assert usage.tasks >= 1
    processes = engine.containers.processes(container.container_id)
    assert processes[0].user == "root"
    assert "sh -c" in processes[0].command
    engine.containers.stop(container.container_id, 0)
    with pytest.raises(ContainerNotRunning):
        engine.containers.processes(container.container_id)


def test_one_that_ignores_sigterm_is_killed_when_its_patience_is_over(
    engine: DockerEngine, make_container: MakeContainer
) -> None:
    container = started(engine, make_container(f"trap '' TERM; {FOREVER}"))
    assert engine.containers.stop(container.container_id, 1) >= 1
    stopped = engine.containers.inspect(container.container_id)
    assert (stopped.state, stopped.exit_code) == (ContainerState.EXITED, 137)
    assert stopped.address is None


def test_what_it_had_written_is_freed_with_it(engine: DockerEngine, make_container: MakeContainer) -> None:
    container = started(engine, make_container("head -c 1000000 /dev/zero >/file"))
    assert engine.containers.wait(container.container_id).exit_code() == 0
    assert engine.containers.remove(container.container_id) >= 1_000_000
    with pytest.raises(ContainerNotFound):
        engine.containers.remove(container.container_id)


@pytest.mark.parametrize("builder", [Builder.CLASSIC])
def test_whether_it_has_a_shell_is_known(
    engine: DockerEngine, make_container: MakeContainer, make_request: MakeRequest
) -> None:
    (*_, end) = run(engine, make_request("FROM BASE AS b\nFROM scratch\nCOPY --from=b /bin/sh /program\n"))
    assert isinstance(end, BuildSucceeded)
    bare = engine.containers.create(make_container(image=end.image.image_id, command=("/program",)))
    assert engine.containers.shell(bare) is None
    assert engine.containers.shell(engine.containers.create(make_container(FOREVER))) == "/bin/sh"
    engine.containers.remove(bare)


def test_those_of_a_label_are_listed_running_or_not(engine: DockerEngine, make_container: MakeContainer) -> None:
    label = ("jettison-test.one", secrets.token_hex(8))
    both = [make_container(FOREVER, labels=(*make_container().labels, label)) for _ in range(2)]
    first = engine.containers.create(both[0])
    second = started(engine, both[1]).container_id
    listed = engine.containers.labelled(*label)
    assert [one.container_id for one in listed] == [second, first]
    assert [one.state for one in listed] == [ContainerState.RUNNING, ContainerState.CREATED]
    assert engine.containers.labelled(label[0], "another") == ()


def test_questions_about_what_is_absent_get_our_own_errors(engine: DockerEngine, make_container: MakeContainer) -> None:
    absent = "a" * 64
    containers = engine.containers
    for ask in (
        lambda: containers.inspect(absent),
        lambda: containers.start(absent),
        lambda: containers.stop(absent, 0),
        lambda: containers.remove(absent),
        lambda: containers.shell(absent),
        lambda: containers.usage(absent),
        lambda: list(containers.log(absent, follow=True).pieces()),
        lambda: containers.wait(absent).exit_code(),
    ):
        with pytest.raises(ContainerNotFound, match="not there"):
            ask()
    with pytest.raises(ImageNotFound):
        containers.create(make_container(image="jettison-test/absent:1"))


def test_an_engine_tells_what_its_images_share(engine: DockerEngine, lab_engine: LabEngine) -> None:
    dockerd.pull(lab_engine.docker_host, "alpine:3.24")
    share = engine.shares()[engine.inspect("alpine:3.24").image_id]
    size = lab_engine.listed_size("alpine:3.24")
    assert share.unique_bytes + share.shared_bytes == pytest.approx(size, rel=0.01)
