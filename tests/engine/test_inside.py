"""Inside images of a real engine: sums held against the engine's own, and what other tools get wrong."""

from __future__ import annotations

import json

import pytest

from tests.engine.conftest import MakeRequest, run
from tests.lab.plugin import LabEngine
from tests.shell import jettison
from tui.engine.docker_engine import DockerEngine
from tui.engine.dockerfile import parse
from tui.engine.events import BuildSucceeded
from tui.engine.model import SizeBasis
from tui.engine.request import BuildRequest
from tui.image.anatomy import Anatomy, dissect
from tui.image.archive import read_archive
from tui.image.waste import largest_waste
from tui.session.lineage import chain_of

TEN_MB = 10_000_000


def built(engine: DockerEngine, request: BuildRequest) -> Anatomy:
    """Build it, read it out, and hold its layers against the engine's history.

    Containerd's store tells what a layer takes on its disk, in whole blocks.
    """
    end = run(engine, request)[-1]
    assert isinstance(end, BuildSucceeded), end
    image = read_archive(engine.save(end.image.image_id).pieces(), is_verified=True).images[0]
    chain = chain_of(parse((request.context / request.dockerfile).read_text()))
    anatomy = dissect(image.config, image.layers, chain)
    if end.image.size_basis is SizeBasis.UNPACKED:
        sizes = [layer.size_bytes for layer in image.layers]
        assert list(filter(None, sizes)) == [layer.size_bytes for layer in end.image.layers if layer.size_bytes]
        assert anatomy.unpacked_bytes == end.image.size_bytes
    else:
        assert anatomy.unpacked_bytes == pytest.approx(end.image.unpacked_bytes, rel=0.05)
    assert sum(total.size_bytes for total in anatomy.by_purpose.values()) == anatomy.unpacked_bytes
    return anatomy


@pytest.mark.parametrize(
    ("command", "waste"),
    [
        ("chmod 600 /data/big", TEN_MB),
        ("rm /data/big", TEN_MB),
        ("rm -rf /data", TEN_MB + 6),
        ("mv /data/big /elsewhere", TEN_MB),
    ],
    ids=["chmod", "rm", "rm -rf of a folder", "mv"],
)
def test_a_file_that_a_later_layer_touches_is_wasted_once(
    engine: DockerEngine, make_request: MakeRequest, command: str, waste: int
) -> None:
    text = f"FROM BASE\nRUN mkdir /data; head -c {TEN_MB} /dev/zero > /data/big; echo small > /data/s\nRUN {command}\n"
    anatomy = built(engine, make_request(text))
    assert anatomy.waste_bytes == waste
    assert largest_waste(anatomy, 1)[0].path == "data/big"


def test_each_layer_is_tied_to_the_line_that_made_it(engine: DockerEngine, make_request: MakeRequest) -> None:
    text = "FROM BASE\nENV A=b\nCOPY x /x\n\nRUN echo 1 > /one\nWORKDIR /w\nRUN echo 2 > /two\n"
    anatomy = built(engine, make_request(text, {"x": b"x"}))
    pairs = zip(anatomy.layers, anatomy.origins, strict=True)
    lines = {path: origin.line for layer, origin in pairs if origin is not None for path in layer.paths}
    assert (lines["x"], lines["one"], lines["two"]) == (3, 5, 7)


def test_of_the_tutorials_pair_every_byte_has_a_purpose_and_the_program_is_found(lab_engine: LabEngine) -> None:
    environ = {"DOCKER_HOST": lab_engine.docker_host}
    assert jettison("build", **environ).returncode == 0
    done = jettison("inspect", "simple", "multistage", "--json", **environ)
    assert done.returncode == 0, done.stderr
    simple, multistage = json.loads(done.stdout)["images"]
    for image, path in ((simple, "/app/main"), (multistage, "/main")):
        assert sum(image["purposes"].values()) == image["unpacked_bytes"] < image["size_bytes"]
        (program,) = image["facts"]["programs"]
        assert (program["path"], program["program"]["go_module"]) == (path, "jettison.example/echo")
        assert program["size_bytes"] == image["purposes"]["your_program"]
    assert simple["purposes"]["toolchain"] > 100_000_000
    assert multistage["purposes"]["toolchain"] == multistage["purposes"]["build_cache"] == 0
    assert simple["facts"]["runs_as_root"]
    assert not multistage["facts"]["runs_as_root"]
    limits = ("--max-size", "20MB", "--require-static", "--require-nonroot", "--forbid-path", "/usr/local/go")
    assert jettison("inspect", "multistage", *limits, **environ).returncode == 0
    assert jettison("inspect", "simple", *limits, **environ).returncode == 1
    assert jettison("clean", "--yes", **environ).returncode == 0


def test_an_image_that_is_not_there_is_told_as_such(lab_engine: LabEngine) -> None:
    done = jettison("inspect", "jettison-test/nowhere:1", DOCKER_HOST=lab_engine.docker_host)
    assert done.returncode == 2
    assert "There is no image jettison-test/nowhere:1 on this engine." in done.stderr
