"""Checks judged by facts: passed, failed with a hint computed from the difference, or not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.course.checks import (
    Absent,
    AnswersHttp,
    AtLeastAsLarge,
    CachedAfterEdit,
    Check,
    EchoesWebSocket,
    ExitsWith,
    HasStage,
    LayersAtMost,
    Logs,
    NoRepeatedBytes,
    NotRoot,
    Present,
    RatioAtLeast,
    SizeAtMost,
    SizeOverBase,
    Starts,
    StaticProgram,
    needs,
)
from tui.course.facts import Ending, Facts, HttpAnswer, NoAnswer, ProgramFact, RebuiltStep, Unknown
from tui.course.grading import grade, grade_all
from tui.course.path_patterns import heaviest_folder, matching
from tui.course.verdicts import Failed, Passed, Undecided

MB = 10**6

GOOD = Facts(
    size_bytes=11_400_000,
    unpacked_bytes=11_400_000,
    base_bytes=2_400_000,
    program=ProgramFact("/main", 9_000_000, True),
    files={"main": 9_000_000, "bin/busybox": 2_400_000},
    buried={},
    repeated={},
    user="nobody",
    layers=2,
    command=("/main",),
    stages=("builder", "production"),
    other_sizes={"simple": 456 * MB},
    rebuilds={"main.go": (RebuiltStep("RUN  go mod download", True), RebuiltStep("COPY . .", False))},
    http={"/": HttpAnswer(200, "Home Page")},
    echoes={("/ws", "ahoy"): "ahoy"},
    log="Hello World\nlistening",
    ending=Ending(0, "Its program came to its end."),
)

BAD = Facts(
    size_bytes=456 * MB,
    unpacked_bytes=456 * MB,
    base_bytes=350 * MB,
    program=ProgramFact("/app/main", 9_000_000, False, "/lib64/ld-linux-x86-64.so.2", ("libc.so.6",)),
    files={
        "usr/local/go/bin/go": 240 * MB,
        "root/.cache/go-build/x": 94 * MB,
        "app/main.go": 1_882,
        "app/main": 9 * MB,
    },
    buried={"app/.env": 40},
    repeated={"app/main": 9_000_000},
    user="",
    layers=9,
    command=("/bin/sh", "-c", "/main"),
    stages=(),
    other_sizes={"simple": 456 * MB},
    rebuilds={"main.go": (RebuiltStep("COPY . .", False), RebuiltStep("RUN go mod download", False))},
    http={"/": HttpAnswer(404, "404 page not found")},
    echoes={("/ws", "ahoy"): ""},
    log="exec /main: no such file or directory",
    ending=Ending(127, "The loader that it asks for is not in the image."),
)

HINTS: list[tuple[Check, str]] = [
    (SizeAtMost(20 * MB), "It is 436 MB too large. 240 MB of it lie in /usr/local/go"),
    (SizeOverBase(1.2), "It is 95.2 MB too large."),
    (RatioAtLeast("simple", 20), "For 20 times it may weigh 22.8 MB."),
    (Absent("**/*.go"), "It weighs 1.88 kB. Which COPY brings it in"),
    (Present("/main"), "There is a /app/main: compare the end of the COPY with it."),
    (StaticProgram(), "This image has none: the container ends before it begins. CGO_ENABLED=0 go build"),
    (NotRoot(), "Add a USER to the last stage"),
    (LayersAtMost(2), "7 too many."),
    (Starts(("/main",)), "It goes through a shell"),
    (NoRepeatedBytes(0), "/app/main is in two layers. A RUN chown"),
    (CachedAfterEdit("main.go", "go mod download"), "The first step that ran again is “COPY . .”"),
    (HasStage("builder"), "FROM … AS builder gives a stage its name."),
    (AnswersHttp("/", 200, "Home"), "It runs, and answers 404"),
    (EchoesWebSocket("/ws", "ahoy"), "The socket opens, and sends something else"),
    (Logs("Hello World"), "The last line is “exec /main: no such file or directory”"),
    (ExitsWith(0), "127 means that it could not be started"),
]
CHECKS = [check for check, _ in HINTS]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: type(check).__name__)
def test_a_good_image_passes(check: Check) -> None:
    verdict = grade(check, GOOD)
    assert isinstance(verdict, Passed), verdict
    assert verdict.found


@pytest.mark.parametrize(("check", "hint"), HINTS, ids=lambda it: type(it).__name__)
def test_a_bad_image_fails_with_what_was_found_what_was_wanted_and_a_hint(check: Check, hint: str) -> None:
    verdict = grade(check, BAD)
    assert isinstance(verdict, Failed)
    assert verdict.found
    assert verdict.wanted == check.wanted
    assert hint in verdict.hint


@pytest.mark.parametrize("check", [*CHECKS, AtLeastAsLarge("simple")], ids=lambda check: type(check).__name__)
def test_what_was_not_looked_at_is_not_judged(check: Check) -> None:
    verdict = grade(check, Facts())
    assert isinstance(verdict, Undecided)
    assert verdict.why


def test_what_could_not_be_known_says_why() -> None:
    why = Unknown("no container was started")
    facts = replace(GOOD, http={"/": why}, log=why, ending=why, echoes={("/ws", "ahoy"): why})
    for check in (AnswersHttp("/", 200, ""), Logs("x"), ExitsWith(0), EchoesWebSocket("/ws", "ahoy")):
        assert grade(check, facts) == Undecided("no container was started")


def test_a_container_that_does_not_answer_fails_and_says_why_where_it_ended() -> None:
    refused = NoAnswer("connection refused")
    silent = replace(GOOD, http={"/": refused}, echoes={("/ws", "ahoy"): refused}, ending=None)
    for check in (AnswersHttp("/", 200, ""), EchoesWebSocket("/ws", "ahoy")):
        verdict = grade(check, silent)
        assert isinstance(verdict, Failed)
        assert verdict.found == "no answer: connection refused"
        assert "does the program listen" in verdict.hint
        ended = grade(check, replace(silent, ending=BAD.ending))
        assert isinstance(ended, Failed)
        assert "The loader that it asks for is not in the image" in ended.hint


def test_a_container_that_runs_on_has_no_exit_code() -> None:
    verdict = grade(ExitsWith(0), replace(GOOD, ending=None))
    assert isinstance(verdict, Failed)
    assert verdict.found == "it did not end by itself"


def test_an_image_that_was_meant_to_shrink_and_did_not() -> None:
    check = AtLeastAsLarge("simple")
    for size in (456 * MB, 455_999_500, 500 * MB):
        assert isinstance(grade(check, replace(GOOD, size_bytes=size)), Passed)
    failed = grade(check, GOOD)
    assert isinstance(failed, Failed)
    assert "It lost 445 MB" in failed.hint


def test_what_an_engine_counts_besides_the_unpacked_bytes_is_not_held_against_the_base() -> None:
    check = SizeOverBase(1.2)
    on_containerd = replace(GOOD, size_bytes=18_000_000, unpacked_bytes=11_400_000)
    assert isinstance(grade(check, on_containerd), Passed)
    assert isinstance(grade(check, replace(on_containerd, unpacked_bytes=18_000_000)), Failed)


def test_a_deleted_secret_is_still_in_the_layer_below() -> None:
    assert isinstance(grade(Absent("/app/.env"), BAD), Passed)
    verdict = grade(Absent("/app/.env", in_layers=True), BAD)
    assert isinstance(verdict, Failed)
    assert verdict.found == "/app/.env, in a layer below"
    assert "whoever has the image can take it out" in verdict.hint


def test_deleted_bytes_are_named_where_they_are_the_most() -> None:
    facts = replace(GOOD, size_bytes=300 * MB, buried={"usr/local/go/bin/go": 240 * MB})
    verdict = grade(SizeAtMost(20 * MB), facts)
    assert isinstance(verdict, Failed)
    assert "240 MB lie in layers below others, deleted but still carried" in verdict.hint


def test_an_image_without_the_program_that_it_starts_is_told_so() -> None:
    for check in (StaticProgram(), SizeOverBase(1.2)):
        verdict = grade(check, replace(GOOD, program=None))
        assert isinstance(verdict, Failed)
        assert "CMD or ENTRYPOINT" in verdict.hint


@pytest.mark.parametrize(
    ("user", "is_root"), [("", True), ("0", True), ("root:wheel", True), ("65534", False), ("app:0", False)]
)
def test_who_is_root(user: str, is_root: bool) -> None:
    assert isinstance(grade(NotRoot(), replace(GOOD, user=user)), Failed if is_root else Passed)


def test_a_grade_passes_when_every_check_does() -> None:
    assert grade_all(CHECKS, GOOD).passed
    mixed = grade_all(CHECKS, replace(GOOD, user=""))
    assert not mixed.passed
    assert mixed.passed_count == len(CHECKS) - 1


def test_what_checks_need_is_known_before_anything_is_run() -> None:
    wanted = needs([*CHECKS, AtLeastAsLarge("rm")])
    assert wanted.inside and wanted.run
    assert wanted.images == {"simple", "rm"}
    assert wanted.edits == {"main.go"}
    assert wanted.http_paths == {"/"}
    assert wanted.echoes == {("/ws", "ahoy")}
    nothing = needs([NotRoot(), SizeAtMost(1)])
    assert not (nothing.inside or nothing.run or nothing.images or nothing.edits)


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("/app", {"app/a.go", "app/b/c.go", "app"}),
        ("/app/*.go", {"app/a.go"}),
        ("**/*.go", {"app/a.go", "app/b/c.go", "d.go"}),
        ("/app/**", {"app/a.go", "app/b/c.go"}),
        ("/ap?", {"app/a.go", "app/b/c.go", "app"}),
        ("/a.p", set()),
    ],
)
def test_patterns_of_paths(pattern: str, paths: set[str]) -> None:
    files = dict.fromkeys(("app/a.go", "app/b/c.go", "d.go", "app", "apple/x"), 1)
    assert set(matching(pattern, files)) == paths


@given(st.dictionaries(st.from_regex(r"[ab]{1,2}(/[ab]{1,2}){0,4}", fullmatch=True), st.integers(0, 10**9), min_size=1))
def test_the_heaviest_folder_holds_what_it_says(files: dict[str, int]) -> None:
    folder, size = heaviest_folder(files)
    inside = [bytes_ for path, bytes_ in files.items() if folder == "/" or f"/{path}".startswith(f"{folder}/")]
    assert size == sum(inside)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_size_passes_up_to_the_very_byte(size: int, most: int) -> None:
    assert isinstance(grade(SizeAtMost(most), replace(GOOD, size_bytes=size)), Passed) == (size <= most)
