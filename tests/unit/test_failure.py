"""Why builds fail: told from the words of real engines, which tests/unit/data/engine_words.json holds.

They are what Docker 20.10.24 (overlay2) and 28.5.2 (overlay2, containerd store) said with both builders to these
Dockerfiles; the registry behind them was tests/support/registry.py. Kept are host names, and no more than one of
several engines that say the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tui.engine.cause import Cause
from tui.engine.codec import decode_event, encode_event
from tui.engine.dockerfile import parse
from tui.engine.events import BuildFailed, FailureKind
from tui.engine.failure import ADVICE, exit_code_in
from tui.engine.failure.diagnosis import diagnose_context, diagnose_failure
from tui.engine.failure.model import Diagnosis, FailedBuild
from tui.engine.registry.pull_words import Pull, waiting_words, what_happened, what_to_do
from tui.engine.registry.reference import parse_reference
from tui.engine.request import Builder

WORDS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "engine_words.json").read_text("utf-8"))


@dataclass(frozen=True)
class Expected:
    """What is to be said of a case, whichever engine and builder reported it."""

    kind: FailureKind
    cause: Cause
    names: tuple[str, ...]
    """Words that the sentence has."""
    or_cause: Cause | None = None
    """Where some engines tell more, or less."""


def base(cause: Cause, *names: str, or_cause: Cause | None = None) -> Expected:
    return Expected(FailureKind.BASE_IMAGE, cause, names, or_cause)


def context(cause: Cause, *names: str) -> Expected:
    return Expected(FailureKind.CONTEXT, cause, names)


def dockerfile(cause: Cause, *names: str) -> Expected:
    return Expected(FailureKind.DOCKERFILE, cause, names)


HOST = "registry.example:5000"
EXPECTED = {
    "no-dns": base(Cause.UNREACHABLE, "cannot reach nowhere.invalid", "the name nowhere.invalid is not known"),
    "hub": base(Cause.UNREACHABLE, "cannot reach Docker Hub", "golang:1.27-bookworm"),
    "refused": base(Cause.UNREACHABLE, "nobody listens at 127.0.0.1:1"),
    "no-name": base(Cause.NOT_FOUND, f"no image {HOST}/library/nothing", or_cause=Cause.NO_SUCH_NAME),
    "no-tag": base(Cause.NOT_FOUND, f"{HOST}/library/base", or_cause=Cause.NO_SUCH_TAG),
    "no-digest": base(Cause.NOT_FOUND, f"{HOST}/library/base", or_cause=Cause.NO_SUCH_TAG),
    "private-none": base(Cause.NOT_LOGGED_IN, f"{HOST}/private/base:1"),
    "private-wrong": base(Cause.LOGIN_REFUSED, HOST, "learner"),
    "basic-none": base(Cause.NOT_LOGGED_IN, f"{HOST}/basic/base:1"),
    "basic-wrong": base(Cause.LOGIN_REFUSED, HOST, "learner"),
    "limited": base(Cause.RATE_LIMITED, HOST, f"{HOST}/limited/base:1 has to wait"),
    "broken": base(Cause.REGISTRY_FAILED, f"{HOST}/broken/base:1"),
    "elsewhere": base(Cause.PLATFORM, f"{HOST}/elsewhere/base:1 is not made for"),
    "platform": base(Cause.PLATFORM, "linux/riscv64"),
    "cut": base(Cause.CUT_OFF, f"{HOST}/cut/base:1"),
    "certificate": base(Cause.CERTIFICATE, "secure.example:5000"),
    "http-for-https": base(Cause.PLAIN_HTTP, "plain.example:5000"),
    "proxy-refused-hub": base(Cause.PROXY, "golang:1.27-bookworm", "nobody listens at 127.0.0.1:1"),
    "proxy-407-hub": base(Cause.PROXY, "golang:1.27-bookworm"),
    "proxy-403-hub": base(Cause.PROXY, "golang:1.27-bookworm"),
    "disk-full": Expected(FailureKind.DISK_FULL, Cause.DISK_FULL, ("library/big:1 was being pulled",)),
    "copy-from-stage": context(Cause.NOT_IN_STAGE, "Stage builder has no /wrong/path"),
    "copy-from-stage-glob": context(Cause.NOT_IN_STAGE, "Stage builder has no /wrong/*.txt"),
    "copy-from-number": context(Cause.NOT_IN_STAGE, "Stage 0 has no /wrong/path"),
    "copy-from-two": context(Cause.NOT_IN_STAGE, "Stage builder has no /wrong/path"),
    "copy-from-image": context(Cause.NOT_IN_IMAGE, f"The image {HOST}/library/base:1 has no /nope"),
    "copy-from-unknown": dockerfile(Cause.NO_SUCH_STAGE, "no stage called bilder"),
    "mount-from": dockerfile(Cause.NO_SUCH_STAGE, "no stage called bb"),
    "self-from": dockerfile(Cause.NO_SUCH_STAGE, "me is no stage yet"),
    "copy-missing": context(Cause.NOT_IN_CONTEXT, "no absent.txt in the context"),
    "copy-missing-two": context(Cause.NOT_IN_CONTEXT, "no sub/absent.txt in the context"),
    "copy-ignored": context(Cause.IGNORED, "a.txt is there", "line 1 of .dockerignore (*.txt)"),
    "copy-glob": context(Cause.NOT_IN_CONTEXT, "Nothing in the context is called *.xyz"),
    "copy-json": context(Cause.NOT_IN_CONTEXT, 'no "no such file" in the context'),
    "copy-parent": context(Cause.OUTSIDE_CONTEXT, "../a"),
    "add-missing": context(Cause.NOT_IN_CONTEXT, "no absent.txt in the context, which ADD wants"),
    "add-url": Expected(
        FailureKind.DOWNLOAD, Cause.DOWNLOAD, ("https://nowhere.invalid/file", "nowhere.invalid is not")
    ),
    "add-url-404": Expected(FailureKind.DOWNLOAD, Cause.DOWNLOAD, (f"http://{HOST}/v3/file", "answered 401")),
    "add-url-refused": Expected(FailureKind.DOWNLOAD, Cause.DOWNLOAD, ("http://127.0.0.1:1/file", "nobody listens")),
    "proxy-refused-add-url": Expected(FailureKind.DOWNLOAD, Cause.PROXY, ("https://nowhere.invalid/file",)),
    "proxy-407-add-url": Expected(FailureKind.DOWNLOAD, Cause.PROXY, ("https://nowhere.invalid/file",)),
    "proxy-403-add-url": Expected(FailureKind.DOWNLOAD, Cause.PROXY, ("https://nowhere.invalid/file",)),
    "syntax-dns": Expected(FailureKind.FRONTEND, Cause.UNREACHABLE, ("# syntax=", "nowhere.invalid/frontend:1")),
    "syntax-hub": Expected(FailureKind.FRONTEND, Cause.UNREACHABLE, ("# syntax=", "docker/dockerfile:1", "Docker Hub")),
    "syntax-tag": Expected(FailureKind.FRONTEND, Cause.NOT_FOUND, ("# syntax=", f"{HOST}/library/base:9")),
    "duplicate": dockerfile(Cause.DUPLICATE_STAGE, "called builder", "lines 1 and 3"),
    "mount-bk": dockerfile(Cause.NEEDS_BUILDKIT, "RUN with --mount"),
    "chmod-bk": dockerfile(Cause.NEEDS_BUILDKIT, "COPY with --chmod"),
    "heredoc-bk": dockerfile(Cause.NEEDS_BUILDKIT, "Here-documents"),
}
BUILDKIT_ONLY = {"mount-from"}
"""The classic builder stumbles over the mount before it looks for the stage."""
KINDS_ALONE = {"copy-not-a-dir": FailureKind.DOCKERFILE, "link-bk": FailureKind.DOCKERFILE}
"""The engine's own words say it best."""


def reported(words: dict[str, Any], folder: Path) -> FailedBuild:
    """The failed build of one record, with its files in a folder."""
    for name, content in words.get("files", {}).items():
        (folder / name).write_text(content)
    return FailedBuild(
        words["message"],
        Builder(words["builder"]),
        parse(words["dockerfile"]),
        words["step"],
        exit_code_in(words["message"]),
        context=folder,
        dockerfile_path=Path("Dockerfile"),
        user_at=lambda host: words.get("user"),
    )


def told(
    message: str, text: str, step: str, folder: Path | None = None, builder: Builder = Builder.BUILDKIT
) -> Diagnosis:
    """The diagnosis of a message on a Dockerfile."""
    return diagnose_failure(FailedBuild(message, builder, parse(text), step, exit_code_in(message), context=folder))


def name(words: dict[str, Any]) -> str:
    return f"{words['case']}-{words['engine']}-{words['builder']}"


@pytest.mark.parametrize("words", [w for w in WORDS if w["case"] in EXPECTED], ids=name)
def test_every_engine_and_builder_is_understood(words: dict[str, Any], tmp_path: Path) -> None:
    case = words["case"]
    expected = EXPECTED[case]
    found = diagnose_failure(reported(words, tmp_path))
    if case in BUILDKIT_ONLY and words["builder"] == "classic":
        assert found.cause is Cause.NEEDS_BUILDKIT
        return
    assert found.kind is expected.kind
    assert found.cause in (expected.cause, expected.or_cause)
    if found.cause is expected.cause and expected.cause is not Cause.NOT_FOUND:
        assert all(part in found.what for part in expected.names), found.what
    assert found.advice
    assert found.what.endswith(".")


@pytest.mark.parametrize("words", [w for w in WORDS if w["case"] in KINDS_ALONE], ids=name)
def test_where_the_engine_says_it_best_only_the_kind_is_told(words: dict[str, Any], tmp_path: Path) -> None:
    found = diagnose_failure(reported(words, tmp_path))
    assert (found.kind, found.what) == (KINDS_ALONE[words["case"]], "")


def test_every_record_has_its_expectation() -> None:
    assert {words["case"] for words in WORDS} == EXPECTED.keys() | KINDS_ALONE.keys()


@pytest.mark.parametrize(
    ("message", "step", "kind"),
    [
        ("executor failed running [/bin/sh -c go build]: exit code: 2", "RUN", FailureKind.INSTRUCTION),
        ("The command '/bin/sh -c false' returned a non-zero code: 1", "RUN", FailureKind.INSTRUCTION),
        ('process "/bin/sh -c x" did not complete successfully: exit code: 127', "RUN", FailureKind.INSTRUCTION),
        ("write /x: no space left on device", "RUN", FailureKind.DISK_FULL),
        ("failed to copy: write: no space left on device, exit code: 1", "RUN", FailureKind.DISK_FULL),
        ("dockerfile parse error line 3: unknown instruction: RUNN", "", FailureKind.DOCKERFILE),
        ("failed to reach build target absent in Dockerfile", "", FailureKind.DOCKERFILE),
        ("something nobody has seen before", "", FailureKind.OTHER),
    ],
)
def test_what_no_registry_has_part_in(message: str, step: str, kind: FailureKind) -> None:
    assert told(message, "FROM scratch\nRUN x\n", step).kind is kind


def test_a_disk_that_a_command_found_full_is_told_from_its_output() -> None:
    failed = FailedBuild("exit code: 1", Builder.BUILDKIT, parse(""), "RUN x", 1, "write: no space left on device\n")
    assert diagnose_failure(failed).kind is FailureKind.DISK_FULL


def test_every_kind_has_advice() -> None:
    assert set(ADVICE) == set(FailureKind)


MISSING = 'failed to compute cache key: failed to calculate checksum of ref a::b: "{}": not found'


@pytest.mark.parametrize(
    ("stage", "made"),
    [
        ("WORKDIR /app\nRUN go build -o main .", "/app/main"),
        ("WORKDIR /src\nRUN go build -o /out/main ./cmd", "/out/main"),
        ('RUN cd /src && go build -o="/bin/main" .', "/bin/main"),
        ("WORKDIR /app\nCOPY bin/main ./", "/app/main"),
        ("WORKDIR /app\nRUN go build .", "/app/hello"),
        ("RUN go install example.com/tools/main@latest", "/go/bin/main"),
    ],
)
def test_a_path_that_a_stage_seems_to_make_is_offered_as_a_guess(stage: str, made: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/hello/v2\n")
    step = "COPY --from=builder /wrong/main /main"
    text = f"FROM golang AS builder\n{stage}\nFROM scratch\n{step}\n"
    found = told(MISSING.format("/wrong/main"), text, step, tmp_path)
    assert f"Judging by the Dockerfile, that stage makes {made}" in found.advice


def test_a_relative_path_from_a_stage_is_told_to_count_from_the_root() -> None:
    step = "COPY --from=builder main /main"
    text = f"FROM golang AS builder\nWORKDIR /app\nRUN go build -o main .\nFROM scratch\n{step}\n"
    found = told(MISSING.format("/main"), text, step)
    assert "Stage builder has no /main" in found.what
    assert "/app/main" in found.advice
    assert "counts from the root" in found.advice


@pytest.mark.parametrize(
    ("wanted", "present", "offered"),
    [("Main.go", "main.go", "main.go"), ("main.go", "cmd/main.go", "cmd/main.go"), ("go.mood", "go.mod", "go.mod")],
)
def test_a_file_of_nearly_that_name_is_offered(wanted: str, present: str, offered: str, tmp_path: Path) -> None:
    (tmp_path / present).parent.mkdir(exist_ok=True)
    (tmp_path / present).write_text("")
    found = told(MISSING.format(f"/{wanted}"), f"FROM scratch\nCOPY {wanted} /\n", f"COPY {wanted} /", tmp_path)
    assert found.cause is Cause.NOT_IN_CONTEXT
    assert f"Much like it: {offered}" in found.advice


def test_the_line_of_the_ignore_file_is_the_one_that_decides(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / ".dockerignore").write_text("# what nobody needs\n*.txt\n!a.txt\n\na*\nb*\n")
    found = told(MISSING.format("/a.txt"), "FROM scratch\nCOPY a.txt /\n", "COPY a.txt /", tmp_path)
    assert "line 5 of .dockerignore (a*)" in found.what


def test_the_dockerfiles_own_ignore_file_is_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / ".dockerignore").write_text("b.txt\n")
    (tmp_path / "my.Dockerfile.dockerignore").write_text("a.txt\n")
    failed = FailedBuild(
        MISSING.format("/a.txt"),
        Builder.BUILDKIT,
        parse("FROM scratch\nCOPY a.txt /\n"),
        "COPY a.txt /",
        context=tmp_path,
        dockerfile_path=Path("my.Dockerfile"),
    )
    assert "line 1 of my.Dockerfile.dockerignore" in diagnose_failure(failed).what


@pytest.mark.parametrize(
    "message",
    [
        "/home/me/app/secret.key cannot be read: Permission denied.",
        "failed to solve: error from sender: open /home/me/app/secret.key: permission denied",
        "failed to receive status: rpc error: desc = /home/me/app/secret.key cannot be read: Permission denied.",
    ],
)
def test_a_file_that_may_not_be_read_is_named(message: str) -> None:
    for found in (diagnose_context(message), told(message, "FROM scratch\nCOPY . .\n", "COPY . .")):
        assert found.cause is Cause.UNREADABLE
        assert found.what == "/home/me/app/secret.key cannot be read: permission denied."


def test_two_bases_are_told_apart_by_what_the_engine_names() -> None:
    text = "FROM golang:1.27 AS builder\nFROM alpine:9.99\nCOPY --from=builder /a /a\n"
    message = (
        "alpine:9.99: failed to resolve source metadata for docker.io/library/alpine:9.99: "
        "docker.io/library/alpine:9.99: not found"
    )
    found = told(message, text, "[internal] load metadata for docker.io/library/alpine:9.99")
    assert found.pull is not None
    assert found.pull.image.name == "alpine:9.99"


def test_the_line_that_names_a_missing_image_is_told() -> None:
    text = "# syntax=docker/dockerfile:9\n\nFROM golang:1.27 AS builder\nFROM scratch\nCOPY --from=a.example/x /a /a\n"
    for image, line in (("docker/dockerfile:9", 1), ("golang:1.27", 3), ("a.example/x", 5)):
        full = parse_reference(image).full_name
        found = told(
            f"failed to resolve source metadata for {full}: {full}: not found", text, "[internal] load metadata"
        )
        assert found.pull is not None
        assert (found.pull.image.name, found.line) == (image, line)


def test_a_failure_of_an_old_recording_has_the_engines_words_only() -> None:
    event = decode_event(
        {"event": "BuildFailed", "at": 1.0, "kind": "base image", "message": "m: not found", "advice": "Check it."}
    )
    assert isinstance(event, BuildFailed)
    assert (event.reason, event.what, event.cause, event.line) == ("m: not found", "", None, None)


@pytest.mark.parametrize("cause", [None, Cause.RATE_LIMITED])
def test_a_failure_is_recorded_with_what_was_said_of_it(cause: Cause | None) -> None:
    event = BuildFailed(1.0, FailureKind.BASE_IMAGE, "429", "Wait.", None, None, "Too many.", cause, 3)
    assert decode_event(encode_event(event)) == event


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "20 s"), (60, "1 min"), (61, "2 min"), (3600, "1 h"), (19_920, "5 h 32 min")]
)
def test_a_waiting_time_is_rounded_up(seconds: int, words: str) -> None:
    assert waiting_words(seconds) == words


def test_after_too_many_pulls_the_time_to_wait_is_told_where_the_registry_told_it() -> None:
    pull = Pull(parse_reference("golang:1.27"), retry_seconds=19_920)
    noon = datetime(2026, 11, 28, 12, 0).astimezone()
    assert "Try again in 5 h 32 min (at 17:32)." in what_to_do(Cause.RATE_LIMITED, pull, now=noon)
    unknown = Pull(parse_reference("golang:1.27"))
    assert "it did not say when" in what_to_do(Cause.RATE_LIMITED, unknown)


def test_every_cause_of_a_failed_pull_has_a_sentence_of_its_own() -> None:
    pull = Pull(parse_reference("golang:1.27"))
    pulls = list(Cause)[: list(Cause).index(Cause.NOT_IN_STAGE)]
    sentences = {what_happened(cause, pull) for cause in pulls}
    assert len(sentences) == len(pulls)
    assert all("golang" in sentence or "Docker Hub" in sentence for sentence in sentences)
    assert all(what_to_do(cause, pull).endswith(".") for cause in pulls)


@pytest.mark.parametrize(
    ("message", "what", "advice"),
    [
        ('no SSH key "" forwarded from the client', "uses the ssh agent default", "--ssh default"),
        ('no SSH key "deploy" forwarded from the client', "uses the ssh agent deploy", "--ssh deploy"),
        (
            "failed to solve: secret npm: not found",
            "needs the secret npm: it was not given",
            "--secret id=npm,src=FILE",
        ),
        (
            "rpc error: code = NotFound desc = secret npm: the variable NPM_TOKEN is not set",
            "needs the secret npm: the variable NPM_TOKEN is not set",
            "--secret id=npm,src=FILE",
        ),
        (
            "secret npm: /home/me/.npmrc cannot be read: Permission denied",
            "needs the secret npm: /home/me/.npmrc cannot be read: Permission denied",
            "--secret id=npm,src=FILE",
        ),
    ],
)
def test_a_step_that_lacks_a_secret_or_an_agent_says_which_and_how_it_is_given(
    message: str, what: str, advice: str
) -> None:
    step = "RUN --mount=type=secret,id=npm npm install"
    diagnosis = diagnose_failure(FailedBuild(message, Builder.BUILDKIT, parse(f"FROM node\n{step}\n"), step))
    assert what in diagnosis.what
    assert advice in diagnosis.advice
