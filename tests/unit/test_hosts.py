"""Addresses of engines, read as docker's CLI reads DOCKER_HOST and -H."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.engine.hosts import HostUnreadable, read_host


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tcp://10.0.0.5:2375", "tcp://10.0.0.5:2375"),
        ("10.0.0.5:2375", "tcp://10.0.0.5:2375"),
        ("build.example.com:4000", "tcp://build.example.com:4000"),
        ("build.example.com", "tcp://build.example.com:2375"),
        ("tcp://build.example.com", "tcp://build.example.com:2375"),
        ("tcp://build.example.com/", "tcp://build.example.com:2375"),
        ("tcp://build.example.com:2375/", "tcp://build.example.com:2375"),
        ("tcp://build.example.com:", "tcp://build.example.com:2375"),
        ("tcp://build.example.com:2375/behind/a/proxy", "tcp://build.example.com:2375/behind/a/proxy"),
        (":2375", "tcp://localhost:2375"),
        ("tcp://:7777", "tcp://localhost:7777"),
        ("tcp://", "tcp://localhost:2375"),
        ("[::1]:2375", "tcp://[::1]:2375"),
        ("tcp://[::1]", "tcp://[::1]:2375"),
        ("tcp://[fe80::1%eth0]:", "tcp://[fe80::1%eth0]:2375"),
        ("unix:///run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock"),
        ("unix:///run/docker.sock/", "unix:///run/docker.sock"),
        ("unix://", "unix:///var/run/docker.sock"),
        ("/run/docker.sock", "unix:///run/docker.sock"),
        ("  tcp://host:1\n", "tcp://host:1"),
        ("npipe://", "npipe:////./pipe/docker_engine"),
        ("npipe:////./pipe/mine", "npipe:////./pipe/mine"),
        ("ssh://me@host", "ssh://me@host"),
        ("https://host:2376/", "https://host:2376"),
    ],
)
def test_an_address_means_one_url(written: str, meant: str) -> None:
    assert read_host(written) == meant


def test_reading_an_address_again_changes_nothing() -> None:
    for written in (":2375", "host", "[::1]", "/run/docker.sock", "unix://", "tcp://host/path/"):
        assert read_host(read_host(written)) == read_host(written)


def test_with_tls_the_usual_port_is_another() -> None:
    assert read_host("tcp://host", tls=True) == "tcp://host:2376"
    assert read_host("tcp://host:2375", tls=True) == "tcp://host:2375"


def test_a_socket_in_the_current_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_host("./docker.sock") == f"unix://{tmp_path}/docker.sock"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("tcp://host:port", "not an address"),
        ("host:1:2", "not an address"),
        ("tcp://host:99999", "99999 .* is not a port"),
        ("tcp://my host:2375", "not an address"),
        ("tcp://unix:///run/docker.sock", "two protocols"),
        ("ftp://host", "begins with unix://"),
    ],
)
def test_what_is_no_address_is_told(written: str, words: str) -> None:
    with pytest.raises(HostUnreadable, match=words):
        read_host(written)
