"""Measures and checks of lessons, answered from builds and from the insides of images."""

from __future__ import annotations

import pytest

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, a_build
from tests.unit.layers import file, go_program, layer, settings, whiteout
from tui.course.facts import ProgramFact, Unknown
from tui.course.measures import KINDS, parse_measure
from tui.engine.model import Image
from tui.image.anatomy import Anatomy, dissect
from tui.image.model import Origin
from tui.session.build_record import BuildRecord
from tui.session.image_facts import facts_of
from tui.session.measuring import INSIDE, Known, Remedy, Unmeasured, measure_value


def built(image: Image) -> BuildRecord:
    """The record of a build that made it."""
    record = BuildRecord()
    for event in a_build(image):
        record.apply(event)
    return record


def an_anatomy() -> Anatomy:
    """A base of 20 bytes, a source that a later layer deletes, a program of 9 that is there twice, a build cache."""
    base = layer(file("usr/local/go/bin/go", 17), file("etc/passwd", 3))
    context = layer(file("app/main.go", 2))
    made = layer(file("app/main", 9, program=go_program()), file("root/.cache/go-build/a/b-d", 90))
    owned = layer(file("app/main", 9, program=go_program()), whiteout("app/main.go"))
    layers = [base, context, made, owned]
    told = ("COPY . .", "RUN go build -o main .", "RUN chown nobody main")
    chain = tuple(Origin(text, line, "0") for line, text in enumerate(told, start=3))
    return dissect(settings(layers, "", *told), layers, chain)


KNOWN = {
    "simple": Known(built(SIMPLE_IMAGE), an_anatomy()),
    "multistage": Known(built(MULTISTAGE_IMAGE)),
    "rm": Known(BuildRecord()),
}


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("size:simple", 912_000_000),
        ("ratio:simple:multistage", 912_000_000 / 18_300_000),
        ("difference:simple:multistage", 893_700_000),
        ("seconds:simple", 30),
        ("steps:simple", 2),
        ("root:simple", 1),
        ("stage-ran:simple:builder", 1),
        ("stage-ran:simple:tests", 0),
        ("base-size:simple", 20),
        ("base-share:simple", 100 * 20 / 130),
        ("program-size:simple", 9),
        ("largest-layer:simple", 99),
        ("bytes-for:simple:build-cache", 90),
        ("layers:simple", 4),
        ("files:simple:/usr", 1),
        ("contains:simple:/app/main", 1),
        ("contains:simple:**/*.go", 0),
        ("buried:simple:**/*.go", 1),
        ("buried:simple:/etc", 0),
    ],
)
def test_a_measure_is_answered_from_what_the_session_has(measure: str, value: float) -> None:
    assert measure_value(parse_measure(measure), KNOWN) == pytest.approx(value)


def test_one_of_several_is_answered_by_its_number() -> None:
    assert measure_value(parse_measure("smaller:simple:multistage"), KNOWN, ("multistage", "simple")) == 1
    assert measure_value(parse_measure("smaller:simple:simple"), KNOWN, ("simple", "rm")) == 1
    assert measure_value(parse_measure("largest-purpose:simple"), KNOWN, ("base", "build-cache")) == 2


@pytest.mark.parametrize(
    ("measure", "missing"),
    [
        ("size:rm", Unmeasured("rm", Remedy.BUILD)),
        ("ratio:simple:unheard-of", Unmeasured("unheard-of", Remedy.BUILD)),
        ("contains:multistage:/main", Unmeasured("multistage", Remedy.LOOK)),
        ("starts:simple", Unmeasured("", Remedy.BY_HAND)),
    ],
)
def test_what_has_no_answer_yet_says_what_would_help(measure: str, missing: Unmeasured) -> None:
    assert measure_value(parse_measure(measure), KNOWN) == missing


def test_measures_of_the_inside_are_measures() -> None:
    assert {kind.name for kind in KINDS} >= INSIDE


def test_the_facts_of_an_image_come_from_its_layers() -> None:
    facts = facts_of(SIMPLE_IMAGE, an_anatomy(), ("builder",))
    assert facts.size_bytes == SIMPLE_IMAGE.size_bytes
    assert facts.base_bytes == 20
    assert facts.files == {
        "usr/local/go/bin/go": 17, "etc/passwd": 3, "app/main": 9, "root/.cache/go-build/a/b-d": 90,
    }  # fmt: skip
    assert facts.buried == {"app/main": 9, "app/main.go": 2}
    assert facts.repeated == {"app/main": 9}
    assert facts.stages == ("builder",)


def test_what_nobody_looked_into_or_ran_is_not_known() -> None:
    facts = facts_of(SIMPLE_IMAGE, None)
    assert isinstance(facts.files, Unknown)
    assert isinstance(facts.log, Unknown)
    assert facts.size_bytes == SIMPLE_IMAGE.size_bytes


@pytest.mark.parametrize(
    ("entrypoint", "command", "working_folder", "found"),
    [
        (("/app/main",), (), "", "/app/main"),
        ((), ("./main",), "/app", "/app/main"),
        ((), ("main",), "", "/usr/bin/main"),
        ((), ("/missing",), "", None),
        ((), (), "", None),
    ],
)
def test_the_program_is_what_a_container_starts(
    entrypoint: tuple[str, ...], command: tuple[str, ...], working_folder: str, found: str | None
) -> None:
    from dataclasses import replace

    layers = [layer(file("app/main", 9, program=go_program()), file("usr/bin/main", 8, program=go_program()))]
    config = replace(settings(layers, "COPY"), entrypoint=entrypoint, command=command, working_folder=working_folder)
    program = facts_of(SIMPLE_IMAGE, dissect(config, layers)).program
    assert (program.path if isinstance(program, ProgramFact) else program) == found
