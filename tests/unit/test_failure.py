from __future__ import annotations

import pytest

from tui.engine.events import FailureKind
from tui.engine.failure import ADVICE, exit_code_in, kind_of


@pytest.mark.parametrize(
    ("message", "step", "kind"),
    [
        ("executor failed running [/bin/sh -c go build]: exit code: 2", "RUN", FailureKind.INSTRUCTION),
        ("The command '/bin/sh -c false' returned a non-zero code: 1", "RUN", FailureKind.INSTRUCTION),
        ('process "/bin/sh -c x" did not complete successfully: exit code: 127', "RUN", FailureKind.INSTRUCTION),
        ("write /x: no space left on device", "RUN", FailureKind.DISK_FULL),
        ("failed to copy: write: no space left on device, exit code: 1", "RUN", FailureKind.DISK_FULL),
        (
            "pull access denied for golang, repository does not exist or may require 'docker login'",
            "",
            FailureKind.BASE_IMAGE,
        ),
        ("manifest for alpine:9.99 not found: manifest unknown", "FROM", FailureKind.BASE_IMAGE),
        (
            "alpine:3.24: failed to resolve source metadata for docker.io/library/alpine:3.24",
            "",
            FailureKind.BASE_IMAGE,
        ),
        ("toomanyrequests: You have reached your pull rate limit", "FROM", FailureKind.BASE_IMAGE),
        ("COPY failed: file not found in build context", "COPY", FailureKind.CONTEXT),
        ('failed to compute cache key: "/nope" not found', "COPY", FailureKind.CONTEXT),
        ("dockerfile parse error line 3: unknown instruction: RUNN", "", FailureKind.DOCKERFILE),
        ("failed to reach build target absent in Dockerfile", "", FailureKind.DOCKERFILE),
        ("something nobody has seen before", "", FailureKind.OTHER),
    ],
)
def test_the_engines_words_are_understood(message: str, step: str, kind: FailureKind) -> None:
    assert kind_of(message, step_keyword=step, exit_code=exit_code_in(message)) is kind


def test_every_kind_has_advice() -> None:
    assert set(ADVICE) == set(FailureKind)
    assert all(text.endswith(".") for text in ADVICE.values())
