"""Measures and checks of lessons, answered from builds and from the insides of images."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes import MULTISTAGE_IMAGE, SIMPLE_IMAGE, a_build
from tests.unit.layers import file, go_program, layer, settings, whiteout
from tui.course.facts import Ending, HttpAnswer, NoAnswer, ProgramFact, RebuiltStep, Unknown
from tui.course.measures import KINDS, parse_measure
from tui.engine.events import BuildFailed, BuildStarted, FailureKind, StageImage
from tui.engine.model import Image
from tui.engine.request import Builder
from tui.image.anatomy import Anatomy, dissect
from tui.image.model import Origin
from tui.session.build_record import BuildRecord
from tui.session.container_trial import Questions, Trial
from tui.session.image_facts import facts_of
from tui.session.measuring import (
    INSIDE,
    RUN,
    Known,
    Rebuild,
    Remedy,
    Unmeasured,
    measure_value,
)
from tui.session.measuring import (
    REBUILT as REBUILT_KINDS,
)


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


def with_stages() -> BuildRecord:
    """The record of a build that left an image beside its own."""
    record = BuildRecord()
    for image_id in ("sha256:left", MULTISTAGE_IMAGE.image_id):
        record.apply(StageImage(0.0, image_id, "builder"))
    for event in a_build(MULTISTAGE_IMAGE):
        record.apply(event)
    return record


def not_recorded() -> BuildRecord:
    """The record of a build that a recording was asked for in vain."""
    record = BuildRecord()
    record.apply(BuildStarted(0.0, Builder.BUILDKIT))
    record.apply(BuildFailed(0.0, FailureKind.NOT_RECORDED, "There is no recording of rm.", "Start an engine."))
    return record


REBUILT = Rebuild(12.0, (RebuiltStep("WORKDIR /app", True), RebuiltStep("COPY . .", False)))
DIED = Trial("b", "sha256:1", "exec /main: no such file\n", Ending(127, "No loader."), began=False, exit_code=127)
ANSWERED = Trial("a", "sha256:1", "Hello\n", None, exit_code=2, stop_seconds=0.4, http={"/": HttpAnswer(404)})
SILENT = Trial("c", "sha256:2", "", None, http={"/": NoAnswer("refused")})

KNOWN = {
    "simple": Known(built(SIMPLE_IMAGE), an_anatomy(), source="main.go"),
    "edited": Known(built(SIMPLE_IMAGE), rebuilds={"": REBUILT, "main.go": REBUILT}, source="main.go"),
    "quick": Known(built(SIMPLE_IMAGE), rebuilds={"main.go": replace(REBUILT, seconds=3.0)}, source="main.go"),
    "once": Known(built(SIMPLE_IMAGE), trials=(ANSWERED,)),
    "twice": Known(built(SIMPLE_IMAGE), trials=(ANSWERED, ANSWERED)),
    "died": Known(built(SIMPLE_IMAGE), trials=(ANSWERED, DIED)),
    "silent": Known(built(SIMPLE_IMAGE), trials=(ANSWERED, SILENT)),
    "staged": Known(with_stages()),
    "weighed": Known(with_stages(), left_bytes=529_000_000),
    "recorded": Known(built(SIMPLE_IMAGE), is_recorded=True),
    "unrecorded": Known(not_recorded(), is_recorded=True),
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
        ("cached-steps:edited", 1),
        ("cached-after-edit:edited:main.go", 1),
        ("speed-up:edited:quick", 4),
        ("starts:once", 1),
        ("starts:died", 0),
        ("exit-code:died", 127),
        ("exit-code:once", 2),
        ("http-status:once:/", 404),
        ("http-status:silent:/", 0),
        ("stop-seconds:once", 0.4),
        ("one-image:twice", 1),
        ("one-image:silent", 0),
        ("leftover:simple", 0),
        ("leftover:weighed", 529_000_000),
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
        ("starts:simple", Unmeasured("simple", Remedy.START)),
        ("http-status:simple:/ok", Unmeasured("simple", Remedy.START, questions=Questions(frozenset(("/ok",))))),
        ("stop-seconds:simple", Unmeasured("simple", Remedy.START, questions=Questions(times_stop=True))),
        ("one-image:once", Unmeasured("once", Remedy.START)),
        ("cached-steps:simple", Unmeasured("simple", Remedy.REBUILD)),
        ("cached-after-edit:simple:go.mod", Unmeasured("simple", Remedy.REBUILD, "go.mod")),
        ("speed-up:edited:simple", Unmeasured("simple", Remedy.REBUILD, "main.go")),
        ("leftover:staged", Unmeasured("staged", Remedy.WEIGH)),
        ("starts:recorded", Unmeasured("", Remedy.NOTHING)),
        ("size:unrecorded", Unmeasured("", Remedy.NOTHING)),
        ("ratio:simple:unrecorded", Unmeasured("", Remedy.NOTHING)),
        ("cached-steps:recorded", Unmeasured("", Remedy.NOTHING)),
    ],
)
def test_what_has_no_answer_yet_says_what_would_help(measure: str, missing: Unmeasured) -> None:
    assert measure_value(parse_measure(measure), KNOWN) == missing


def test_measures_of_the_inside_are_measures() -> None:
    assert {kind.name for kind in KINDS} >= INSIDE | REBUILT_KINDS | RUN


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
    layers = [layer(file("app/main", 9, program=go_program()), file("usr/bin/main", 8, program=go_program()))]
    config = replace(settings(layers, "COPY"), entrypoint=entrypoint, command=command, working_folder=working_folder)
    program = facts_of(SIMPLE_IMAGE, dissect(config, layers)).program
    assert (program.path if isinstance(program, ProgramFact) else program) == found
