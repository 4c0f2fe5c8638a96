from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.engine.contexts import ContextUnknown, context_endpoint, current_context
from tui.engine.discovery import find_engine, places, survey
from tui.engine.docker_config import DockerConfig
from tui.engine.errors import NoEngine
from tui.engine.model import Problem


@contextmanager
def listening(path: Path, answer: bytes) -> Iterator[str]:
    """Something on a socket that answers every request in the same way."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"unix://{path}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def add_context(home: Path, name: str, endpoint: dict[str, object], *, current: bool = False) -> None:
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker/contexts/meta" / digest
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": endpoint}}))
    if current:
        (home / ".docker/config.json").write_text(json.dumps({"currentContext": name}))


def test_without_a_word_all_usual_sockets_are_tried_in_order(environ: dict[str, str]) -> None:
    where = places(None, environ)
    assert not where.named
    assert [endpoint.source for endpoint in where.endpoints] == [
        "the default socket",
        "rootless Docker",
        "Docker Desktop",
        "Docker Desktop for Linux",
        "Colima",
        "OrbStack",
        "Rancher Desktop",
        "rootless Podman",
        "Podman",
    ]
    assert where.endpoints[1].url == f"unix://{environ['XDG_RUNTIME_DIR']}/docker.sock"


def test_a_named_url_or_docker_host_is_the_only_place(environ: dict[str, str]) -> None:
    assert [e.url for e in places("tcp://host:2375", environ).endpoints] == ["tcp://host:2375"]
    host = places(None, {**environ, "DOCKER_HOST": "unix:///x.sock"})
    assert host.named
    assert [(e.url, e.source) for e in host.endpoints] == [("unix:///x.sock", "DOCKER_HOST")]


def test_tls_comes_from_the_environment_as_for_dockers_own_cli(environ: dict[str, str], tmp_path: Path) -> None:
    certificates = tmp_path / "certs"
    certificates.mkdir()
    for name in ("ca", "cert", "key"):
        (certificates / f"{name}.pem").write_text("")
    set_up = {**environ, "DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(certificates)}
    tls = places(None, set_up).endpoints[0].tls
    assert tls is not None
    assert (tls.ca, tls.cert, tls.key, tls.verify) == (
        certificates / "ca.pem",
        certificates / "cert.pem",
        certificates / "key.pem",
        True,
    )


def test_the_current_docker_context_is_tried_first(environ: dict[str, str], tmp_path: Path) -> None:
    add_context(tmp_path, "far", {"Host": "tcp://far:2376", "SkipTLSVerify": True}, current=True)
    first = places(None, environ).endpoints[0]
    assert (first.url, first.context, first.source) == ("tcp://far:2376", "far", 'docker context "far"')


def test_an_unknown_context_is_refused_rather_than_replaced(environ: dict[str, str]) -> None:
    with pytest.raises(NoEngine) as caught:
        find_engine(None, environ={**environ, "DOCKER_CONTEXT": "nowhere"})
    assert caught.value.named
    assert caught.value.attempts[0].problem is Problem.UNKNOWN_CONTEXT
    assert "nowhere" in caught.value.what
    assert "--engine replay" in caught.value.advice


def test_a_damaged_docker_configuration_does_not_stop_the_search(environ: dict[str, str], tmp_path: Path) -> None:
    undamaged = places(None, environ)
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text('{"currentContext": "far"')
    assert places(None, environ) == undamaged


def test_the_default_context_means_none() -> None:
    assert current_context({"DOCKER_CONTEXT": "default"}, DockerConfig(current_context="far")) is None
    assert current_context({}, DockerConfig(current_context="default")) is None
    assert current_context({}, DockerConfig()) is None
    assert current_context({"DOCKER_CONTEXT": "near"}, DockerConfig(current_context="far")) == "near"


def test_a_context_without_a_host_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    add_context(tmp_path, "kube", {})
    with pytest.raises(ContextUnknown, match="names no host"):
        context_endpoint("kube", environ)


@pytest.mark.parametrize("written", ["{}/docker.sock", "unix://{}/docker.sock/", " unix://{}/docker.sock"])
def test_an_address_is_read_alike_wherever_it_stands(environ: dict[str, str], tmp_path: Path, written: str) -> None:
    host, meant = written.format(tmp_path), f"unix://{tmp_path}/docker.sock"
    add_context(tmp_path, "mine", {"Host": host})
    found = survey(host, environ), *(survey(None, {**environ, **more}) for more in named_by(host, "mine"))
    assert [(one.attempts[0].endpoint, one.attempts[0].problem) for one in found] == [(meant, Problem.NOT_THERE)] * 3


def named_by(host: str, context: str) -> tuple[dict[str, str], dict[str, str]]:
    """The two ways of the environment to name an engine."""
    return {"DOCKER_HOST": host}, {"DOCKER_CONTEXT": context}


def test_a_host_and_port_are_enough(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    attempt = survey(None, {**environ, "DOCKER_HOST": f"127.0.0.1:{port}"}).attempts[0]
    assert (attempt.endpoint, attempt.problem) == (f"tcp://127.0.0.1:{port}", Problem.NOBODY_LISTENS)


def test_an_address_that_is_none_is_told_with_what_was_written(environ: dict[str, str]) -> None:
    attempt = survey("tcp://host:port", environ).attempts[0]
    assert (attempt.endpoint, attempt.problem) == ("tcp://host:port", Problem.UNSUPPORTED)
    assert "tcp://host:port is not an address" in attempt.detail


def problem_of(url: str, environ: dict[str, str]) -> tuple[Problem, str]:
    with pytest.raises(NoEngine) as caught:
        find_engine(url, environ=environ)
    attempt = caught.value.attempts[0]
    return attempt.problem, attempt.detail


def test_each_way_to_fail_is_told_apart(environ: dict[str, str], tmp_path: Path) -> None:
    assert problem_of(f"unix://{tmp_path}/absent.sock", environ)[0] is Problem.NOT_THERE
    dead = tmp_path / "dead.sock"
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(dead))
    assert problem_of(f"unix://{dead}", environ)[0] is Problem.NOBODY_LISTENS
    (tmp_path / "file").write_text("")
    assert problem_of(f"unix://{tmp_path}/file", environ)[0] is Problem.NOBODY_LISTENS
    with listening(tmp_path / "web.sock", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") as url:
        assert problem_of(url, environ)[0] is Problem.NOT_DOCKER
    with listening(tmp_path / "ssh.sock", b"SSH-2.0-OpenSSH\r\n") as url:
        assert problem_of(url, environ)[0] is Problem.NOT_DOCKER
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert problem_of(f"tcp://127.0.0.1:{port}", environ)[0] is Problem.NOBODY_LISTENS


def test_a_plain_server_where_tls_was_asked_for_is_a_tls_problem(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        url = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert problem_of(url, {**environ, "DOCKER_TLS_VERIFY": "1"})[0] is Problem.TLS


def test_ssh_is_refused_with_the_way_around_it(environ: dict[str, str]) -> None:
    problem, detail = problem_of("ssh://me@host", environ)
    assert problem is Problem.UNSUPPORTED
    assert "ssh -nNT -L" in detail


def test_a_survey_keeps_all_attempts_and_never_raises(environ: dict[str, str]) -> None:
    found = survey("unix:///absent.sock", environ)
    assert found.engine is None
    assert [attempt.problem for attempt in found.attempts] == [Problem.NOT_THERE]
    assert survey(None, {**environ, "DOCKER_CONTEXT": "gone"}).attempts[0].problem is Problem.UNKNOWN_CONTEXT
