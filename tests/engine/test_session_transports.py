"""Sessions and contexts over tcp:// and TLS, with an authority of the engine's own and a client certificate."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.engine.conftest import run
from tests.lab import dockerd
from tests.lab.bases import TINY
from tests.needs import need
from tui.engine.docker_engine import DockerEngine, open_engine
from tui.engine.endpoint import Endpoint, TlsFiles
from tui.engine.events import BuildCancelled, BuildSucceeded, ContextSent, StepOutput
from tui.engine.request import BuildRequest, SecretFile

BIG_BYTES = 30_000_000


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of an engine and of its client."""

    authority: Path
    server_key: Path
    server: Path
    client_key: Path
    client: Path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    files = Certificates(*(folder / f"{name}.pem" for name in ("ca", "server-key", "server", "client-key", "client")))
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(files.authority))
    for name, key, certificate in (
        ("127.0.0.1", files.server_key, files.server),
        ("client.invalid", files.client_key, files.client),
    ):
        issued = authority.issue_cert(name)
        issued.private_key_pem.write_to_path(str(key))
        issued.cert_chain_pems[0].write_to_path(str(certificate))
    return files


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module", params=["tcp", "TLS"])
def far_engine(
    request: pytest.FixtureRequest, certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DockerEngine]:
    """An engine that is asked over the network."""
    reason = dockerd.why_not()
    need(reason is None, "a private dockerd", reason or "")
    url, tls, options = f"tcp://127.0.0.1:{free_port()}", None, ["--tls=false"]
    if request.param == "TLS":
        tls = TlsFiles(certificates.authority, certificates.client, certificates.client_key)
        options = [
            "--tlsverify",
            f"--tlscacert={certificates.authority}",
            f"--tlscert={certificates.server}",
            f"--tlskey={certificates.server_key}",
        ]
    parts = dockerd.EngineParts(tmp_path_factory.mktemp("far"), "jettest2", "10.213.11.1/24")
    dockerd.start(parts, f"--host={url}", *options)
    dockerd.pull(parts.docker_host, TINY)
    engine = open_engine(Endpoint(url, "this test", tls=tls))
    yield engine
    engine.close()
    dockerd.discard(parts)


def request_for(folder: Path, text: str) -> BuildRequest:
    (folder / "Dockerfile").write_text(text)
    (folder / "big").write_bytes(bytes(range(250)) * (BIG_BYTES // 250))
    secret = SecretFile("s", folder / "big.key")
    return BuildRequest(folder, Path("Dockerfile"), "jettison-test/far:1", secrets=(secret,))


def test_files_and_secrets_travel_over_the_network(far_engine: DockerEngine, tmp_path: Path) -> None:
    (tmp_path / "big.key").write_bytes(b"k" * 300_000)
    text = f"FROM {TINY}\nCOPY big /big\nRUN --mount=type=secret,id=s cat /big /run/secrets/s > /both && ls -l /both\n"
    events = run(far_engine, request_for(tmp_path, text))
    assert isinstance(events[-1], BuildSucceeded), events[-1]
    output = "".join(event.text for event in events if isinstance(event, StepOutput))
    assert str(BIG_BYTES + 300_000) in output


def test_a_cancel_ends_a_transfer_at_once(far_engine: DockerEngine, tmp_path: Path) -> None:
    build = far_engine.build(request_for(tmp_path, f"FROM {TINY}\nCOPY big /another\nRUN sleep 600\n"))
    watchdog = threading.Timer(60, build.cancel)
    watchdog.start()
    events = []
    for event in build.events():
        events.append(event)
        if isinstance(event, ContextSent) and event.sent_bytes:
            build.cancel()
    watchdog.cancel()
    assert isinstance(events[-1], BuildCancelled), events[-1]
