"""The learner's page in a real browser, against the container that it was opened for."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.browser import OpenPage
from tests.lab.plugin import LabEngine
from tests.shell import jettison
from tui.engine.docker_engine import DockerEngine
from tui.session.browser import leading_to, page_url
from tui.session.ledger import Ledger
from tui.session.run_bench import RunBench
from tui.session.run_events import Ready
from tui.session.variants import edition

MESSAGE = "<b>grün 🚀</b>"
ROUND = """
(async () => {
  const open = () => new Promise((done, fail) => {
    const socket = new WebSocket(URL_HERE);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => done(socket);
    socket.onerror = () => fail(new Error("no connection"));
  });
  const bytes = size => Uint8Array.from({length: size}, (_, at) => at % 256);
  const plain = data => typeof data === "string" ? data : new Uint8Array(data).join();
  const echoes = (socket, message) => new Promise(done => {
    socket.onmessage = event => done(plain(event.data) === plain(message));
    socket.send(message);
  });
  const goodbye = (socket, code) => new Promise(done => {
    socket.onclose = event => done([event.code, event.wasClean]);
    socket.close(code);
  });
  const first = await open();
  let texts = 0;
  for (let number = 1; number <= 100; number++) texts += await echoes(first, `message ${number} of 100`);
  const others = [];
  for (const message of ["Grüße, 世界! 🚀", bytes(256), bytes(1 << 20)]) others.push(await echoes(first, message));
  return {texts, others, goodbyes: [await goodbye(first, 1000), await goodbye(await open(), 4001)]};
})()
"""
"""What `jettison run --probe` asks, asked by a browser."""


@pytest.fixture
def environ(lab_engine: LabEngine) -> Iterator[dict[str, str]]:
    """Leads commands to the lab; what they and the test made goes afterwards."""
    known = {"DOCKER_HOST": lab_engine.docker_host}
    yield known
    assert jettison("clean", "--yes", **known).returncode == 0


@pytest.mark.parametrize("year", ["current", "2019"])
@pytest.mark.parametrize("name", ["simple", "multistage"])
def test_the_page_connects_by_itself_echoes_and_shows_the_end(
    name: str, year: str, engine: DockerEngine, environ: dict[str, str], open_page: OpenPage
) -> None:
    assert jettison("build", name, "--edition", year, **environ).returncode == 0
    project = edition(year)
    bench = RunBench(engine, Ledger())
    record = bench.start(project, project.variant(name))
    while not any(isinstance(event, Ready) for _, event in bench.wait(60)):
        assert record.end is None
    assert record.container is not None
    assert record.container.address is not None
    page = open_page(leading_to(page_url(record.container.address)).as_uri())
    while "index.html?ws=" not in page.call("Target.getTargetInfo")["targetInfo"]["url"]:
        assert record.end is None
    page.wait_for("document.getElementById('state').textContent === 'connected'")
    page.run(f"document.getElementById('message').value = '{MESSAGE}'")
    page.run("document.getElementById('submit').click()")
    page.wait_for("document.querySelectorAll('#log li').length === 2")
    assert page.run("document.getElementById('log').innerText").split("\n") == ["echo", MESSAGE, "you", MESSAGE]
    url = json.dumps(record.container.address.websocket_url)
    assert page.run(ROUND.replace("URL_HERE", url)) == {
        "texts": 100,
        "others": [True, True, True],
        "goodbyes": [[1000, True], [4001, True]],
    }
    bench.runner.stop(record.run)
    page.wait_for("document.getElementById('state').textContent === 'disconnected: the server stops'")
    while not record.is_removed:
        bench.wait(60)
    assert any("message" in line for line in record.log.lines(range(record.log.first, record.log.end)))
