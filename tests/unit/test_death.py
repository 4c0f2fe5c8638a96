"""Why containers die, in the words of Docker Engine 20.10 to 29."""

from __future__ import annotations

import pytest

from tui.engine.death import WORDS, Cause, death_of

RUNC = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "


@pytest.mark.parametrize(
    ("code", "words", "cause"),
    [
        (1, "exec /main: exec format error", Cause.WRONG_FORMAT),
        (1, "standard_init_linux.go:228: exec user process caused: exec format error", Cause.WRONG_FORMAT),
        (1, "exec /main: no such file or directory", Cause.NO_LOADER),
        (1, "standard_init_linux.go:228: exec user process caused: no such file or directory", Cause.NO_LOADER),
        (127, RUNC + 'exec: "/main": stat /main: no such file or directory: unknown', Cause.NO_COMMAND),
        (127, RUNC + 'exec: "main": executable file not found in $PATH: unknown', Cause.NO_COMMAND),
        (127, RUNC + 'exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown', Cause.NO_SHELL),
        (127, RUNC + 'exec: "bash": executable file not found in $PATH: unknown', Cause.NO_SHELL),
        (126, RUNC + 'exec: "/main": permission denied: unknown', Cause.NOT_ALLOWED),
        (1, "exec /main: permission denied", Cause.NOT_ALLOWED),
        (127, "sh: ./main: not found", Cause.NO_COMMAND),
        (127, "/bin/bash: line 1: main: command not found", Cause.NO_COMMAND),
        (126, "sh: /main: Permission denied", Cause.NOT_ALLOWED),
        (1, "open /var/log/app: read-only file system", Cause.READ_ONLY),
        (1, "2026/11/24 12:00:00 listen tcp :8080: bind: address already in use", Cause.PORT_IN_USE),
        (137, "", Cause.KILLED),
        (143, "", Cause.KILLED),
        (0, "sh: x: not found", Cause.DONE),
        (3, "something nobody has seen before", Cause.OTHER),
        (None, "", Cause.OTHER),
    ],
)
def test_the_last_words_are_understood(code: int | None, words: str, cause: Cause) -> None:
    assert death_of(code, ["Hello World", words]).cause is cause
    assert death_of(code, engine_words=words).cause is cause


def test_the_kernel_s_verdict_rules_over_all_words() -> None:
    death = death_of(137, ["exec /main: exec format error"], out_of_memory=True)
    assert death.cause is Cause.OUT_OF_MEMORY


def test_a_signal_and_an_exit_code_are_named() -> None:
    assert "SIGSEGV" in death_of(139).reason
    assert "exit code 42" in death_of(42).reason


def test_the_end_of_the_log_is_kept() -> None:
    assert death_of(1, ["one", "two"]).last_lines == ("one", "two")


def test_every_cause_has_one_sentence_and_advice() -> None:
    assert set(WORDS) == set(Cause)
    assert all(reason.count(". ") == 0 and reason.endswith(".") and advice for reason, advice in WORDS.values())
